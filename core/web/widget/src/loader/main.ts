/** The script that a page embeds. It leaves one global, `passerelle`, and changes nothing else of the page. */
import { oneOf } from "../port/check";
import { STORAGES, THEMES } from "../port/words";
import { Emitter, type Hear } from "./events";
import { placeOf, warn } from "./place";
import { type Markup, VERBS, Widget } from "./widget";

type Command = unknown[];
type Global = ((...command: Command) => unknown) & { q?: ArrayLike<unknown>[]; isLoaded?: true };

const holder = window as unknown as { passerelle?: Global };
const script = document.currentScript ?? document.querySelector("script[src*='/widget.js']");

if (holder.passerelle?.isLoaded) warn("loaded twice");
else if (script instanceof HTMLScriptElement) install(script);

function install(script: HTMLScriptElement): void {
  const events = new Emitter();
  const waiting: Command[] = [];
  let widget: Widget | undefined;

  const start = (source: Element, container?: Element | null) => {
    const markup = readMarkup(source, new URL(script.src).origin, container);
    if (!markup) return;
    if (widget) return warn("one page shows one integration");
    widget = new Widget(markup, events);
    for (const command of waiting) run(...command);
    // A page with a dark switch turns it here.
    new MutationObserver(() => widget?.setTheme(readMarkup(source, "")?.theme)).observe(source, {
      attributes: true,
    });
  };

  const run = (...[verb, ...given]: Command): unknown => {
    if (verb === "on" || verb === "off") return events[verb](...(given as [string, Hear]));
    if (!VERBS.includes(verb as string)) return warn(`there is no \`${verb}\``);
    if (!widget) return void waiting.push([verb, ...given]);
    return (widget as unknown as Record<string, (...given: unknown[]) => unknown>)[verb as string]?.(
      ...given,
    );
  };

  const before = holder.passerelle?.q ?? [];
  const verbs = [...VERBS, "on", "off"].map((verb) => [verb, (...given: unknown[]) => run(verb, ...given)]);
  holder.passerelle = Object.assign(run, { isLoaded: true as const }, Object.fromEntries(verbs));
  for (const command of before) run(...Array.from(command));

  whenParsed(() => {
    start(script, placeOf(script.dataset.container, document));
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
  else document.addEventListener("DOMContentLoaded", act);
}

/** `data-…` on the script, plain or `data-…` on the element. */
function readMarkup(source: Element, origin: string, container?: Element | null): Markup | null {
  const read = (name: string) =>
    source.getAttribute(`data-${name}`) ?? source.getAttribute(name) ?? undefined;
  const integration = read("integration");
  if (!integration) return null;
  return {
    origin,
    integration,
    locale: read("locale"),
    theme: oneOf(read("theme"), THEMES),
    storage: oneOf(read("storage"), STORAGES),
    container,
  };
}
