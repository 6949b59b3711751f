/** The frame: greets the page that holds it, starts the engine, draws the screens. */
import { effect, signal } from "@preact/signals";
import { startEngine } from "../engine/core";
import { browser } from "../engine/world";
import type { Hello } from "../port/words";
import { mount } from "../ui/main";
import { makeBell } from "./bell";
import { awaitHello } from "./handshake";
import { Pager } from "./pager";

/** `/widget/<integration>/frame` */
const integration = decodeURIComponent(location.pathname.split("/")[2] ?? "");

const bell = makeBell(window);
const { hello, origin, port } = await awaitHello(window);
const pager = new Pager(port);
const { visible, mode } = signalsOf(hello);
const prefersDark = watchMedia("(prefers-color-scheme: dark)");
const close = () => pager.say({ type: "close" });

const core = startEngine(
  browser(),
  { ...hello, integration, pageOrigin: origin },
  { host: { visible, mode, close }, say: (word) => pager.say(word), prefersDark, ring: bell },
);

effect(() => {
  const root = document.documentElement;
  root.lang = core.locale.value;
  root.dir = core.direction.value;
  root.dataset.theme = core.theme.value;
  root.dataset.mode = mode.value;
});
// In the page's own layout there is nothing to close. An Escape that a part has used closes only that part.
window.addEventListener("keydown", (event) => {
  const isTaken = event.defaultPrevented || event.isComposing;
  if (event.key === "Escape" && !isTaken && mode.value !== "page") close();
});

const root = document.getElementById("root");
if (root) mount(root, core);
pager.serve(core, {
  show: (nowVisible, nowMode) => {
    mode.value = nowMode;
    visible.value = nowVisible;
  },
});

function signalsOf(hello: Hello) {
  return { visible: signal(hello.visible), mode: signal(hello.mode) };
}

function watchMedia(query: string) {
  const media = matchMedia(query);
  const matches = signal(media.matches);
  media.addEventListener("change", () => {
    matches.value = media.matches;
  });
  return matches;
}
