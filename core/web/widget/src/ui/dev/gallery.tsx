/** Shows one state, chosen by the address: `?state=talk&theme=dark&dir=rtl`; without one, links to all. */
import { mount } from "../main";
import { fakeEngine } from "./fake";
import { states } from "./states";

const asked = new URLSearchParams(location.search);
const name = asked.get("state");
const state = states[name ?? ""];
const theme = asked.get("theme") === "dark" ? "dark" : "light";
const direction = asked.get("dir") === "rtl" ? "rtl" : "ltr";
const root = document.getElementById("root") as HTMLElement;
document.documentElement.lang = "en";

if (state) {
  document.title = name as string;
  const engine = fakeEngine(state(), theme, direction);
  mount(root, engine);
  Object.assign(window, { engine });
} else {
  const list = document.createElement("ul");
  for (const each of Object.keys(states)) {
    const link = document.createElement("a");
    link.href = `?state=${each}`;
    link.textContent = each;
    list.append(Object.assign(document.createElement("li")));
    list.lastElementChild?.append(link);
  }
  root.append(list);
}
