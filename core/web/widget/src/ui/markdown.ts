/**
 * The small Markdown of the widget, parsed to nodes and never to HTML: paragraphs, line breaks, bold, italic, code, code
 * blocks, links, bare addresses and lists. Made by hand because foreign text must cost linear time however it is built: every
 * look ahead is prepared in one pass or stops after a bounded number of characters.
 */
import { clean, hiddenHost, MAX_LINK, safeLink, shownAddress } from "./links";

export type Inline =
  | string
  | { type: "bold"; children: Inline[] }
  | { type: "italic"; children: Inline[] }
  | { type: "code"; text: string }
  | { type: "link"; href: string; children: Inline[]; leadsTo?: string }
  | { type: "break" };
export type Block =
  | { type: "paragraph"; children: Inline[] }
  | { type: "code"; text: string }
  | { type: "list"; ordered: boolean; start: number; items: Block[][] };

/** Lists inside lists, at most. Bold, italic and links cannot stand in their own kind, which adds three. */
const MAX_LISTS = 5;

/** The blocks of a text in Markdown. */
export function parseMarkdown(source: string): Block[] {
  const lines = clean(source).replace(/\r\n?/g, "\n").split("\n");
  const fences = closingFences(lines);
  const root: Block[] = [];
  const lists: { indent: number; content: number; list: Block & { type: "list" } }[] = [];
  let paragraph: string[] = [];
  let sink = root;

  const flush = () => {
    if (paragraph.length) sink.push({ type: "paragraph", children: parseInline(paragraph.join("\n"), true) });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    const fence = fences.get(at);
    if (fence !== undefined) {
      flush();
      root.push({ type: "code", text: lines.slice(at + 1, fence).join("\n") });
      at = fence;
      lists.length = 0;
      sink = root;
      continue;
    }
    const item = /^( {0,40})(?:[-*+]|(\d{1,9})[.)])[ \t]+(?=\S)/.exec(line);
    if (item) {
      flush();
      const indent = (item[1] as string).length;
      while (lists.length && indent < (lists.at(-1)?.indent ?? 0)) lists.pop();
      sink = openItem(root, lists, indent, item[0].length, item[2]);
      paragraph.push(line.slice(item[0].length));
    } else if (/^\s*$/.test(line)) {
      flush();
    } else {
      const indented = /^\s{2,}/.test(line);
      // A line that is not indented ends the lists once a blank line stood before it.
      if (lists.length && !paragraph.length && !indented) {
        lists.length = 0;
        sink = root;
      }
      paragraph.push(line.trim());
    }
  }
  flush();
  return root;
}

/** Adds an item to the list that `indent` belongs to, and opens that list if need be. Gives the place for its blocks. */
function openItem(
  root: Block[],
  lists: { indent: number; content: number; list: Block & { type: "list" } }[],
  indent: number,
  content: number,
  number: string | undefined,
): Block[] {
  const top = lists.at(-1);
  const nested = top !== undefined && indent >= top.content && lists.length < MAX_LISTS;
  if (!top || nested || top.list.ordered !== (number !== undefined)) {
    if (top && !nested) lists.pop();
    const list = {
      type: "list" as const,
      ordered: number !== undefined,
      start: Number(number ?? 1),
      items: [],
    };
    const parent = lists.at(-1)?.list.items.at(-1) ?? root;
    parent.push(list);
    lists.push({ indent, content, list });
  }
  const item: Block[] = [];
  lists.at(-1)?.list.items.push(item);
  return item;
}

/** For each line that opens a code block, the line that closes it. A block that nobody closes is no block. */
function closingFences(lines: string[]): Map<number, number> {
  const pairs = new Map<number, number>();
  let open = -1;
  lines.forEach((line, at) => {
    if (!line.includes("```")) return;
    // A word may name the language of the code; more than a word is a sentence that must not vanish.
    if (open < 0 && /^ {0,3}```[\w+#.-]{0,32}\s*$/.test(line)) open = at;
    else if (open >= 0 && /^ {0,3}```\s*$/.test(line)) {
      pairs.set(open, at);
      open = -1;
    }
  });
  return pairs;
}

/** A plain text: nothing but its lines and its addresses. */
export function parsePlain(source: string): Block[] {
  return [{ type: "paragraph", children: parseInline(clean(source).replace(/\r\n?/g, "\n"), false) }];
}

interface Frame {
  kind: "root" | "bold" | "italic" | "link";
  marker: string;
  children: Inline[];
}

/** Where something may begin, by character code; everything else is passed over. */
const MARKED = codes("\n\\`*[]hH");
const PLAIN = codes("\nhH");

function codes(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** One pass over the text with a stack of what is open: at most one of each kind, so it is never deeper than four. */
export function parseInline(text: string, markdown: boolean): Inline[] {
  const begins = markdown ? MARKED : PLAIN;
  let first = 0;
  while (first < text.length && begins[text.charCodeAt(first)] !== 1) first++;
  if (first === text.length) return text === "" ? [] : [text];
  const ticks = markdown ? closingTicks(text) : NOTHING;
  const links = markdown ? linksIn(text, ticks) : NO_LINKS;
  const stack: Frame[] = [{ kind: "root", marker: "", children: [] }];
  const top = () => stack[stack.length - 1] as Frame;
  const open = { root: true, bold: false, italic: false, link: false };
  let plain = 0;
  let at = first;
  let target: Target | undefined;

  const flush = (until: number) => {
    if (until > plain) append(top().children, text.slice(plain, until));
  };
  /** What was opened and cannot be closed any more becomes text again, with all that was opened in it. */
  const giveUp = (kind: Frame["kind"]) => {
    while (open[kind]) {
      const frame = stack.pop() as Frame;
      open[frame.kind] = false;
      append(top().children, frame.marker);
      for (const child of frame.children) append(top().children, child);
    }
  };
  /** Closes `kind`; what was opened later and is still open becomes text. */
  const close = (kind: Frame["kind"], node: (children: Inline[]) => Inline) => {
    while (top().kind !== kind) giveUp(top().kind);
    const frame = stack.pop() as Frame;
    open[kind] = false;
    top().children.push(node(frame.children));
  };
  const skip = (length: number) => {
    at += length;
    plain = at;
  };

  while (at < text.length) {
    if (begins[text.charCodeAt(at)] !== 1) {
      at++;
      continue;
    }
    const char = text[at] as string;
    if (char === "\n") {
      flush(at);
      top().children.push({ type: "break" });
      skip(1);
    } else if ((char === "h" || char === "H") && !open.link) {
      const length = addressLength(text, at);
      const address = text.slice(at, at + length);
      const href = length > 0 && length <= MAX_LINK ? safeLink(address) : null;
      if (href) {
        flush(at);
        top().children.push({ type: "link", href, children: [shownAddress(address)] });
        skip(length);
      } else {
        at += Math.max(1, length);
      }
    } else if (!markdown) {
      at++;
    } else if (char === "\\" && /[\\`*[\]()_#+.!~>-]/.test(text[at + 1] ?? "")) {
      flush(at);
      plain = at + 1;
      at += 2;
    } else if (char === "`") {
      const length = runLength(text, at);
      const end = ticks.get(at);
      if (end === undefined) at += length;
      else {
        flush(at);
        top().children.push({ type: "code", text: text.slice(at + length, end).replace(/\n/g, " ") });
        skip(end + length - at);
      }
    } else if (char === "*") {
      const run = starRun(text, at);
      // Three stars open or close the two kinds one after the other; more are decoration.
      const size = run === 3 ? (open.italic && (!open.bold || top().kind === "italic") ? 1 : 2) : run;
      if (run > 3) at += run;
      else {
        const kind = size === 2 ? "bold" : "italic";
        const closes = open[kind] && !isSpace(text[at - 1]) && text[at - 1] !== undefined;
        const opens = !open[kind] && !isSpace(text[at + size]) && text[at + size] !== undefined;
        if (closes || opens) flush(at);
        if (closes) close(kind, (children) => ({ type: kind, children }));
        else if (opens) {
          stack.push({ kind, marker: "*".repeat(size), children: [] });
          open[kind] = true;
        }
        if (closes || opens) skip(size);
        else at += size;
      }
    } else if (char === "[") {
      const found = open.link ? undefined : links.get(at);
      if (found) {
        flush(at);
        stack.push({ kind: "link", marker: "[", children: [] });
        open.link = true;
        target = found;
        skip(1);
      } else at++;
    } else if (char === "]" && open.link && at === target?.at) {
      const { href, end } = target;
      flush(at);
      close("link", (children) => link(href, children));
      skip(end - at);
    } else {
      at++;
    }
  }
  flush(text.length);
  while (stack.length > 1) giveUp(top().kind);
  return top().children;
}

function link(href: string, children: Inline[]): Inline {
  const leadsTo = hiddenHost(textOf(children), href);
  if (children.length === 0) return { type: "link", href, children: [href] };
  return leadsTo ? { type: "link", href, children, leadsTo } : { type: "link", href, children };
}

function append(children: Inline[], child: Inline) {
  if (typeof child === "string") {
    if (child === "") return;
    const last = children.length - 1;
    const before = children[last];
    if (typeof before === "string") {
      children[last] = before + child;
      return;
    }
  }
  children.push(child);
}

/** The text of nodes, without what makes it bold. */
export function textOf(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (typeof node === "string") return node;
      if (node.type === "break") return "\n";
      return node.type === "code" ? node.text : textOf(node.children);
    })
    .join("");
}

/** For each run of back-ticks, where the next run of the same length begins. Made from the end, in one pass. */
function closingTicks(text: string): Map<number, number> {
  const pairs = new Map<number, number>();
  const next = new Map<number, number>();
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] !== "`") continue;
    const end = at + 1;
    while (at > 0 && text[at - 1] === "`") at--;
    const found = next.get(end - at);
    if (found !== undefined) pairs.set(at, found);
    next.set(end - at, at);
  }
  return pairs;
}

function runLength(text: string, at: number): number {
  let end = at;
  while (text[end] === "`") end++;
  return end - at;
}

function starRun(text: string, at: number): number {
  let end = at;
  while (text[end] === "*") end++;
  return end - at;
}

/** Where the text of a link ends, where the whole of it ends, and where it leads. */
interface Target {
  at: number;
  end: number;
  href: string;
}
const NOTHING: ReadonlyMap<number, number> = new Map();
const NO_LINKS: ReadonlyMap<number, Target> = new Map();

/** The links by the place of their first bracket: the last one before the `](` of an address that we follow. */
function linksIn(text: string, ticks: ReadonlyMap<number, number>): Map<number, Target> {
  const links = new Map<number, Target>();
  let opened = -1;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x5c) at++;
    else if (char === 0x60) {
      const length = runLength(text, at);
      at = (ticks.get(at) ?? at) + length - 1;
    } else if (char === 0x5b) opened = at;
    else if (char === 0x5d && opened >= 0 && text.charCodeAt(at + 1) === 0x28) {
      const address = targetAt(text, at + 2);
      const href = address === null ? null : safeLink(address);
      if (address !== null && href !== null) links.set(opened, { at, end: at + address.length + 3, href });
      opened = -1;
    }
  }
  return links;
}

/** What stands in the round brackets of a link. One pair of brackets may stand in it; a second one ends the search. */
function targetAt(text: string, from: number): string | null {
  let depth = 0;
  for (let at = from; at < text.length && at - from <= MAX_LINK; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x28 && ++depth > 1) return null;
    if (char === 0x29 && depth-- === 0) return text.slice(from, at);
    if (char <= 0x20) return null;
  }
  return null;
}

const ADDRESS = /https?:\/\/[^\s<>"`[\]{}|\\^]*/iy;

/** The length of the bare address that begins here, 0 when there is none. Full stops and closing brackets after it stay outside. */
function addressLength(text: string, at: number): number {
  ADDRESS.lastIndex = at;
  if (!ADDRESS.test(text) || /[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return 0;
  let end = ADDRESS.lastIndex;
  let open = 0;
  for (let i = at; i < end; i++) {
    if (text[i] === "(") open++;
    if (text[i] === ")") open--;
  }
  while (end > at) {
    const last = text[end - 1] as string;
    if (last === ")" ? open < 0 : /[.,;:!?'*_~…。，、！？）」』]/.test(last)) {
      if (last === ")") open++;
      end--;
    } else break;
  }
  return end - at;
}

const isSpace = (char: string | undefined) =>
  char === " " || char === "\n" || char === "\t" || char === "\u00a0";
