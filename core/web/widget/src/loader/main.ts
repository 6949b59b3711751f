/** The script that a page embeds. It leaves one global, `passerelle`, and changes nothing else of the page. */
import { oneOf } from "../port/check";
import { STORAGES, THEMES } from "../port/words";
import { Emitter, type Hear } from "./events";
import { type Markup, Widget, warn } from "./widget";

type Verb = (...given: never[]) => unknown;
type Command = [verb: string, ...given: unknown[]];
type Global = ((...command: Command) => unknown) & { q?: ArrayLike<unknown>[]; isLoaded?: true };

const holder = window as unknown as { passerelle?: Global };
const script = document.currentScript ?? document.querySelector("script[data-integration][src*='/widget.js']");

if (holder.passerelle?.isLoaded) warn("the script is in this page twice; the second one does nothing");
else if (script instanceof HTMLScriptElement) install(script);

function install(script: HTMLScriptElement): void {
  const origin = new URL(script.src, location.href).origin;
  const events = new Emitter();
  const waiting: Command[] = [];
  let widget: Widget | null = null;

  const start = (source: Element, container?: Element) => {
    const markup = readMarkup(source, origin, container);
    if (!markup) return;
    if (widget) return warn("one page shows one integration; the second one was not started");
    widget = new Widget(markup, events);
    for (const command of waiting.splice(0)) run(...command);
  };

  const verbs: Record<string, Verb> = {
    open: () => widget?.open(),
    close: () => widget?.close(),
    show: () => widget?.show(),
    hide: () => widget?.hide(),
    identify: (ask: () => string) => widget?.identify(ask),
    logout: () => widget?.logout(),
    setLocale: (locale: string) => widget?.setLocale(locale),
    setFields: (fields: Record<string, string>) => widget?.say({ type: "fields", fields }),
    setTags: (tags: string[]) => widget?.say({ type: "tags", tags }),
    newConversation: () => widget?.newConversation(),
    send: (text: string) => widget?.send(text),
    shutdown: () => widget?.shutdown(),
  };
  const listening: Record<string, Verb> = {
    on: (type: string, hear: Hear) => events.on(type, hear),
    off: (type: string, hear: Hear) => events.off(type, hear),
  };

  function run(verb: string, ...given: unknown[]): unknown {
    const now = listening[verb] as ((...given: unknown[]) => unknown) | undefined;
    if (now) return now(...given);
    const act = verbs[verb] as ((...given: unknown[]) => unknown) | undefined;
    if (!act) return warn(`there is no \`${verb}\``);
    if (widget) return act(...given);
    waiting.push([verb, ...given]);
  }

  const before = holder.passerelle?.q ?? [];
  const global: Global = Object.assign(run, { isLoaded: true as const });
  for (const verb of [...Object.keys(verbs), ...Object.keys(listening)]) {
    Object.assign(global, { [verb]: (...given: unknown[]) => run(verb, ...given) });
  }
  holder.passerelle = global;
  for (const command of before) run(...(Array.from(command) as Command));

  whenParsed(() => {
    if (script.dataset.integration) start(script, containerOf(script));
    customElements.define(
      "passerelle-widget",
      class extends HTMLElement {
        connectedCallback() {
          start(this, this);
        }
      },
    );
  });
}

function whenParsed(act: () => void): void {
  if (document.body) act();
  else document.addEventListener("DOMContentLoaded", act, { once: true });
}

function containerOf(script: HTMLScriptElement): Element | undefined {
  const selector = script.dataset.container;
  if (!selector) return undefined;
  try {
    const found = document.querySelector(selector);
    if (found) return found;
  } catch {
    // No selector at all.
  }
  warn(`there is no \`${selector}\` in the page; the launcher is shown instead`);
}

/** `data-…` on the script, plain or `data-…` on the element. */
function readMarkup(source: Element, origin: string, container?: Element): Markup | null {
  const read = (name: string) => source.getAttribute(`data-${name}`) ?? source.getAttribute(name) ?? undefined;
  const integration = read("integration");
  if (!integration) return null;
  return {
    origin,
    integration,
    locale: read("locale")?.slice(0, 35),
    theme: oneOf(read("theme"), THEMES),
    storage: oneOf(read("storage"), STORAGES),
    container,
  };
}
