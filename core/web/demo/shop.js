// The demo shop: what a page does with the widget. It is meant to be read by whoever embeds it.
//
// The page keeps its own memory (language, colours, who is signed in) as long as the visitor allowed, and talks to the
// widget through one global, `passerelle`. It never sees the widget's session token.
import { memory } from "/demo/memory.js";
import { pieces } from "/demo/pieces.js";
import { speak, word } from "/demo/words.js";

const find = (id) => document.getElementById(id);
const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

// Calls made before the widget has loaded wait in a queue.
window.passerelle ??= function queue(...call) {
  queue.q ??= [];
  queue.q.push(call);
};
const widget = (...call) => window.passerelle(...call);

const shop = await (await fetch("/demo/shop.json")).json();
let customer = shop.customers.find((known) => known.name === memory.get("customer"));
let hasWritten = false;

// Language and colours.

function draw() {
  const language = find("language").value;
  speak(language);
  find("storage").textContent = word(`storage.${memory.mode ?? "none"}`);
  find("pieces").replaceChildren(...pieces.map(card));
  find("customer-list").replaceChildren(...shop.customers.map(choice));
  const isIn = customer !== undefined;
  find("sign-in").hidden = isIn;
  find("customer").hidden = !isIn;
  find("customer-name").textContent = customer?.label ?? "";
}

function card(piece) {
  const item = make("li", "piece");
  const image = make("img");
  Object.assign(image, { src: `/demo/art/${piece.id}.svg`, alt: "", width: 320, height: 240 });
  const text = make("div", "piece-text");
  const foot = make("div", "piece-foot");
  const ask = make("button", "button quiet", word("ask"));
  ask.type = "button";
  ask.setAttribute("aria-label", `${word("ask")}: ${piece.name}`);
  ask.addEventListener("click", () => askAbout(piece));
  const price = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR" });
  foot.append(make("span", "price", price.format(piece.price)), ask);
  text.append(
    make("h3", "", `${word(`${piece.id}.kind`)} ${piece.name}`),
    make("p", "", word(`${piece.id}.text`)),
    foot,
  );
  item.append(image, text);
  return item;
}

function setDark(isDark) {
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  find("dark").setAttribute("aria-pressed", String(isDark));
  // The widget watches the attribute of its script.
  const script = find("widget");
  if (script) script.dataset.theme = document.documentElement.dataset.theme;
}

// The widget.

function embed() {
  const script = make("script");
  script.id = "widget";
  script.async = true;
  script.src = "/widget.js";
  Object.assign(script.dataset, {
    integration: shop.integration,
    locale: find("language").value,
    theme: document.documentElement.dataset.theme,
    storage: memory.mode ?? "none",
  });
  find("snippet").textContent = script.outerHTML.replace(' id="widget"', "").replace('async=""', "async");
  document.head.append(script);
}

function askAbout(piece) {
  const name = `${word(`${piece.id}.kind`)} ${piece.name}`;
  widget("setFields", { piece: piece.id, price: piece.price });
  widget("setTags", ["shop", `piece-${piece.id}`]);
  widget("open");
  widget("send", word("question", name));
}

for (const event of ["ready", "open", "close", "unread", "message", "identified", "error"]) {
  widget("on", event, (heard) => {
    if (event === "message") hasWritten = true;
    note(event, heard);
  });
}

// Signing in: the shop's server signs a token for its customer, and the widget asks for a new one whenever it needs it.

async function token() {
  const answer = await fetch("/demo/sign-in", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: customer.name }),
  });
  if (!answer.ok) throw new Error(`the shop answered ${answer.status}`);
  return (await answer.json()).jwt;
}

function choice(known) {
  const button = make("button");
  button.type = "button";
  const text = make("span");
  text.append(make("b", "", known.label), make("small", "", known.email));
  button.append(make("span", "initials", known.label[0]), text);
  button.addEventListener("click", () => signIn(known));
  const item = make("li");
  item.append(button);
  return item;
}

async function signIn(known) {
  customer = known;
  try {
    await token();
  } catch (problem) {
    customer = undefined;
    find("sign-in-problem").textContent = word("sign-in.problem", problem.message);
    find("sign-in-problem").hidden = false;
    return;
  }
  memory.set("customer", known.name);
  widget("identify", token);
  find("customers").close();
  draw();
  say(word("hello", known.label));
}

function signOut() {
  customer = undefined;
  memory.remove("customer");
  widget("logout");
  draw();
  say(word("goodbye"));
  find("sign-in").focus();
}

// Consent: the answer becomes the widget's storage mode, which it reads once, when it starts.

function choose(mode) {
  const isSame = (memory.mode ?? "none") === mode;
  memory.allow(mode);
  find("consent").hidden = true;
  draw();
  if (isSame) return;
  // A conversation under way is not cut off: its answer holds from the next page on.
  if (hasWritten) say(word("consent.next"));
  else location.reload();
}

// What developers see.

function note(name, heard) {
  const item = make("li");
  const text = JSON.stringify(heard, (key, value) =>
    ["id", "type", "createdAt"].includes(key) ? undefined : value,
  );
  item.append(
    make("time", "", new Date().toISOString().slice(11, 23)),
    make("b", "", name),
    make("span", "", text ?? ""),
  );
  find("log").prepend(item);
  while (find("log").childElementCount > 200) find("log").lastElementChild.remove();
}

function say(text) {
  find("said").textContent = text;
}

// Start.

const known = [...find("language").options].map((option) => option.value);
const wanted = [memory.get("language"), ...navigator.languages.map((language) => language.slice(0, 2))];
find("language").value = wanted.find((language) => known.includes(language)) ?? "en";
setDark(
  (memory.get("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark",
);
draw();
find("consent").hidden = memory.mode !== undefined;
embed();
if (customer) widget("identify", token);

find("language").addEventListener("change", () => {
  memory.set("language", find("language").value);
  draw();
  widget("setLocale", find("language").value);
});
find("dark").addEventListener("click", () => {
  setDark(document.documentElement.dataset.theme !== "dark");
  memory.set("theme", document.documentElement.dataset.theme);
});
find("sign-in").addEventListener("click", () => {
  find("sign-in-problem").hidden = true;
  find("customers").showModal();
});
find("sign-out").addEventListener("click", signOut);
for (const id of ["write", "talk"]) find(id).addEventListener("click", () => widget("open"));
find("consent").addEventListener("click", (click) => {
  const mode = click.target.closest("[data-storage]")?.dataset.storage;
  if (mode) choose(mode);
});
find("consent-again").addEventListener("click", () => {
  find("consent").hidden = false;
  find("consent").querySelector("button").focus();
});
find("clear").addEventListener("click", () => find("log").replaceChildren());
for (const button of document.querySelectorAll("[data-call]")) {
  button.addEventListener("click", () => {
    note(`${button.dataset.call}()`);
    widget(button.dataset.call);
  });
}
document.documentElement.dataset.shop = "ready";
