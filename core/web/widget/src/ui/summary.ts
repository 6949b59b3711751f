/** A message in a few plain words, for screen readers and quotes. */
import type { ShownMessage } from "../engine/engine";
import type { Translate } from "./context";
import { cut } from "./length";
import { clean } from "./links";
import { type Block, parseMarkdown, textOf } from "./markdown";

const MAX_SAID = 200;

export function plainOf(message: ShownMessage, t: Translate): string {
  if (message.deleted) return t("deleted");
  const { content } = message;
  const own =
    content.type === "text" && content.markdownText
      ? textOfBlocks(parseMarkdown(cut(content.markdownText, 2000)))
      : "";
  const text = own || ("text" in content ? content.text : "") || "";
  const short = cut(clean(text), MAX_SAID);
  if (short) return short.length < text.length ? `${short}…` : short;
  switch (content.type) {
    case "image":
      return t("previewImage");
    case "file":
      return t("previewFile");
    case "location":
      return t("previewLocation");
    case "form":
    case "formResponse":
      return t("previewForm");
    case "carousel":
    case "list":
      return content.items.map((item) => clean(item.title)).join(", ");
    default:
      return t("unsupported");
  }
}

function textOfBlocks(blocks: Block[]): string {
  return blocks
    .map((block) => {
      if (block.type === "code") return block.text;
      return block.type === "paragraph" ? textOf(block.children) : block.items.map(textOfBlocks).join("\n");
    })
    .join("\n");
}

/** The last part of an address' path, as the name of a file. */
export function fileName(address: string): string {
  try {
    const last = new URL(address, "https://none.invalid").pathname.split("/").pop() ?? "";
    return clean(decodeURIComponent(last));
  } catch {
    return "";
  }
}
