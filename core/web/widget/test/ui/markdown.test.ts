import { describe, expect, it } from "vitest";
import { type Block, type Inline, parseMarkdown, parsePlain } from "../../src/ui/markdown";

/** A short way to write what was parsed down: `<b>` and the like are names here and nothing that a browser would see. */
function show(blocks: Block[]): string {
  return blocks
    .map((block) => {
      if (block.type === "paragraph") return `<p>${inline(block.children)}</p>`;
      if (block.type === "code") return `<pre>${block.text}</pre>`;
      const items = block.items.map((item) => `<li>${show(item)}</li>`).join("");
      return block.ordered ? `<ol ${block.start}>${items}</ol>` : `<ul>${items}</ul>`;
    })
    .join("");
}
function inline(nodes: Inline[]): string {
  return nodes
    .map((node) => {
      if (typeof node === "string") return node;
      if (node.type === "break") return "<br>";
      if (node.type === "code") return `<code>${node.text}</code>`;
      if (node.type === "bold") return `<b>${inline(node.children)}</b>`;
      if (node.type === "italic") return `<i>${inline(node.children)}</i>`;
      return `<a ${node.href}>${inline(node.children)}</a>${node.leadsTo ? `{${node.leadsTo}}` : ""}`;
    })
    .join("");
}

describe("Markdown", () => {
  it.each([
    ["plain", "<p>plain</p>"],
    ["one\n\ntwo", "<p>one</p><p>two</p>"],
    ["one\ntwo", "<p>one<br>two</p>"],
    ["a **b** c", "<p>a <b>b</b> c</p>"],
    ["a *b* c", "<p>a <i>b</i> c</p>"],
    ["***both***", "<p><b><i>both</i></b></p>"],
    ["**b *i* b**", "<p><b>b <i>i</i> b</b></p>"],
    ["*i **b** i*", "<p><i>i <b>b</b> i</i></p>"],
    ["**open", "<p>**open</p>"],
    ["* not italic *", "<ul><li><p>not italic *</p></li></ul>"],
    ["2 * 3 * 4", "<p>2 * 3 * 4</p>"],
    ["**b *crossed** i*", "<p><b>b *crossed</b> i*</p>"],
    ["****", "<p>****</p>"],
    ["`**code**`", "<p><code>**code**</code></p>"],
    ["``a ` b``", "<p><code>a ` b</code></p>"],
    ["`open", "<p>`open</p>"],
    ["\\*literal\\*", "<p>*literal*</p>"],
    ["```\n<b>x</b>\n```", "<pre><b>x</b></pre>"],
    ["```js\nx\n```\nafter", "<pre>x</pre><p>after</p>"],
    ["```\nnever closed", "<p>```<br>never closed</p>"],
    ["[t](https://example.com)", "<p><a https://example.com/>t</a></p>"],
    ["[**t**](https://example.com)", "<p><a https://example.com/><b>t</b></a></p>"],
    ["[t](https://example.com/a_(b))", "<p><a https://example.com/a_(b)>t</a></p>"],
    ["[t](javascript:alert(1))", "<p>[t](javascript:alert(1))</p>"],
    ["[t](data:text/html,x)", "<p>[t](data:text/html,x)</p>"],
    ["[t](JaVaScRiPt:x)", "<p>[t](JaVaScRiPt:x)</p>"],
    ["[t](https://a b)", "<p>[t](<a https://a/>https://a</a> b)</p>"],
    ["[t]", "<p>[t]</p>"],
    ["[a [b](https://example.com)", "<p>[a <a https://example.com/>b</a></p>"],
    ["[](https://example.com)", "<p><a https://example.com/>https://example.com/</a></p>"],
    [
      "[bank.example](https://evil.example)",
      "<p><a https://evil.example/>bank.example</a>{evil.example}</p>",
    ],
    ["[www.shop.example](https://shop.example)", "<p><a https://shop.example/>www.shop.example</a></p>"],
    ["see https://example.com/a.", "<p>see <a https://example.com/a>https://example.com/a</a>.</p>"],
    ["(https://example.com/a_(b))", "<p>(<a https://example.com/a_(b)>https://example.com/a_(b)</a>)</p>"],
    ["**https://example.com**", "<p><b><a https://example.com/>https://example.com</a></b></p>"],
    ["xhttps://example.com", "<p>xhttps://example.com</p>"],
    ["https://user:pass@example.com", "<p>https://user:pass@example.com</p>"],
    ["- a\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"],
    ["3. a\n4. b", "<ol 3><li><p>a</p></li><li><p>b</p></li></ol>"],
    ["- a\n  - b\n- c", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ul>"],
    ["- a\n\nafter", "<ul><li><p>a</p></li></ul><p>after</p>"],
    ["- a\n1. b", "<ul><li><p>a</p></li></ul><ol 1><li><p>b</p></li></ol>"],
    ["<script>alert(1)</script>", "<p><script>alert(1)</script></p>"],
    ["<img src=x onerror=alert(1)>", "<p><img src=x onerror=alert(1)></p>"],
    ["a\u202eb\u2066c", "<p>abc</p>"],
    ["", ""],
  ])("%j", (source, expected) => expect(show(parseMarkdown(source))).toBe(expected));

  it("leaves the signs of Markdown alone in plain texts, and finds their addresses", () => {
    expect(show(parsePlain("**a** https://example.com\n- b"))).toBe(
      "<p>**a** <a https://example.com/>https://example.com</a><br>- b</p>",
    );
  });

  it("shows a host in punycode when it mixes scripts", () => {
    expect(show(parsePlain("https://раypal.com/x"))).toContain("xn--");
    expect(show(parsePlain("https://пример.com/x"))).toContain(">https://пример.com/x<");
  });

  it("takes any text, loses none of it, and never nests deeper than eight", () => {
    const random = generator(7);
    const pieces = [
      "*",
      "**",
      "***",
      "`",
      "``",
      "```\n",
      "[",
      "](",
      ")",
      "](https://e.co)",
      "https://e.co/ ",
      "\n",
      "\n\n",
      "- ",
      "  - ",
      "    1. ",
      "\\",
      "ä",
      "é",
      "😀",
      " ",
      "<b>",
      "(",
      "\u202e",
    ];
    for (let round = 0; round < 2000; round++) {
      const source = Array.from({ length: 1 + (random() % 40) }, () => pieces[random() % pieces.length]).join(
        "",
      );
      const blocks = parseMarkdown(source);
      expect(depth(blocks)).toBeLessThanOrEqual(8);
      // Letters stand outside of the syntax: every one of them must be shown, in order.
      const letters = (text: string) => text.replace(/[^äé😀]/gu, "");
      expect(letters(words(blocks)), JSON.stringify(source)).toBe(letters(source));
    }
  });

  it("nests lists no deeper than the limit", () => {
    const source = Array.from({ length: 60 }, (_, i) => `${"  ".repeat(Math.min(i, 19))}- x`).join("\n");
    expect(depth(parseMarkdown(source))).toBeLessThanOrEqual(8);
  });

  const hostile: [string, string][] = [
    ["stars", "*"],
    ["stars and letters", "*a"],
    ["bold openers", "**a "],
    ["back-ticks", "`"],
    ["back-ticks of growing length", ""],
    ["brackets", "["],
    ["link starts", "[a]("],
    ["link starts with addresses", "[a](https://e.co/"],
    ["closed brackets", "]("],
    ["addresses", "https://e.co/"],
    ["addresses with brackets", "https://e.co/)"],
    ["an endless address", "https://"],
    ["fences", "```\n"],
    ["items", "- "],
    ["nested items", "  - a\n"],
    ["line breaks", "\n"],
    ["escapes", "\\*"],
    ["quotes", "> "],
    ["marks", "\u0301"],
    ["direction controls", "\u202e"],
    ["crossing", "**a *b [c "],
    ["letters h", "h"],
  ];
  it.each(hostile)("needs linear time for %s", (name, unit) => {
    const text = (bytes: number) =>
      name.includes("growing")
        ? Array.from({ length: Math.sqrt(bytes * 2) }, (_, i) => "`".repeat(i)).join(" ")
        : unit.repeat(bytes / unit.length);
    // Eight times the text takes eight times the time; quadratic would be sixty-four. Noise makes runs slower and never
    // faster, so one clear measurement of several tells.
    const ratio = () =>
      best(() => parseMarkdown(text(102_400))) /
      Math.max(
        best(() => parseMarkdown(text(12_800))),
        0.2,
      );
    expect(Array.from({ length: 5 }).some(() => ratio() < 24)).toBe(true);
  });
});

/** The best of many, in milliseconds: whatever else the machine does can only make a run slower. */
function best(act: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 8; i++) {
    const start = performance.now();
    act();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

function words(blocks: Block[]): string {
  const line = (nodes: Inline[]): string =>
    nodes
      .map((node) =>
        typeof node === "string"
          ? node
          : node.type === "break"
            ? "\n"
            : node.type === "code"
              ? node.text
              : line(node.children),
      )
      .join("");
  return blocks
    .map((block) =>
      block.type === "code"
        ? block.text
        : block.type === "paragraph"
          ? line(block.children)
          : block.items.map(words).join("\n"),
    )
    .join("\n");
}

function depth(blocks: Block[]): number {
  const inner = (nodes: Inline[]): number =>
    Math.max(
      0,
      ...nodes.map((node) => (typeof node === "object" && "children" in node ? 1 + inner(node.children) : 0)),
    );
  return Math.max(
    0,
    ...blocks.map((block) =>
      block.type === "paragraph"
        ? inner(block.children)
        : block.type === "list"
          ? 1 + Math.max(...block.items.map(depth))
          : 1,
    ),
  );
}

/** The same numbers at every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 8;
  };
}
