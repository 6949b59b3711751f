/** Texts as nodes: Markdown or plain, with links, cut where they would be too long to draw. */
import { useMemo, useState } from "preact/hooks";
import { useEngine } from "./context";
import { cut, SHOWN_AT_FIRST, SHOWN_MORE } from "./length";
import { type Block, type Inline, parseMarkdown, parsePlain } from "./markdown";

/** How every link that others wrote is opened. */
export const OUTSIDE = { target: "_blank", rel: "noopener noreferrer nofollow ugc" } as const;

export function Text({ text, markdown = false }: { text: string; markdown?: boolean }) {
  const { t } = useEngine();
  const [units, setUnits] = useState(SHOWN_AT_FIRST);
  const shown = cut(text, units);
  const blocks = useMemo(() => (markdown ? parseMarkdown(shown) : parsePlain(shown)), [shown, markdown]);
  return (
    <div class="text" dir="auto">
      <Blocks blocks={blocks} />
      {shown.length < text.length && (
        <button type="button" class="more" onClick={() => setUnits(units + SHOWN_MORE)}>
          {t("showMore")}
        </button>
      )}
    </div>
  );
}

function Blocks({ blocks }: { blocks: Block[] }) {
  return (
    <>
      {blocks.map((block) => {
        if (block.type === "code") {
          return (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls sideways must be reachable by keyboard.
            <pre dir="ltr" tabIndex={0}>
              <code>{block.text}</code>
            </pre>
          );
        }
        if (block.type === "paragraph")
          return (
            <p>
              <Inlines nodes={block.children} />
            </p>
          );
        const items = block.items.map((item) => (
          <li>
            <Blocks blocks={item} />
          </li>
        ));
        return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
      })}
    </>
  );
}

function Inlines({ nodes }: { nodes: Inline[] }) {
  return (
    <>
      {nodes.map((node) => {
        if (typeof node === "string") return node;
        if (node.type === "break") return <br />;
        if (node.type === "code") return <code dir="ltr">{node.text}</code>;
        if (node.type === "bold")
          return (
            <strong>
              <Inlines nodes={node.children} />
            </strong>
          );
        if (node.type === "italic")
          return (
            <em>
              <Inlines nodes={node.children} />
            </em>
          );
        return (
          <>
            <a href={node.href} title={node.href} {...OUTSIDE}>
              <Inlines nodes={node.children} />
            </a>
            {node.leadsTo && <span class="leads-to"> ({node.leadsTo})</span>}
          </>
        );
      })}
    </>
  );
}
