import { describe, expect, test } from "vitest";
import { blocksInput, tickOf } from "../shown";
import type { Message } from "../wire";

const NINE = "2026-03-01T09:00:00.000Z";
const TEN = "2026-03-01T10:00:00.000Z";

describe("the ticks of a message", () => {
  test.each([
    ["nothing is known", 5, { readAt: "", upToSeq: 0 }, "sent"],
    ["the business wrote before it", 5, { readAt: "", upToSeq: 4 }, "sent"],
    ["the business was seen writing after it", 5, { readAt: "", upToSeq: 5 }, "delivered"],
    ["the business wrote after it", 5, { readAt: "", upToSeq: 6 }, "delivered"],
    ["the business read before it", 5, { readAt: "2026-03-01T09:29:59.999Z", upToSeq: 0 }, "sent"],
    ["the business read at its time", 5, { readAt: "2026-03-01T09:30:00.000Z", upToSeq: 0 }, "read"],
    ["the business read after it", 5, { readAt: TEN, upToSeq: 0 }, "read"],
    ["the business read and wrote after it", 5, { readAt: TEN, upToSeq: 9 }, "read"],
    ["the business read before it and wrote after it", 5, { readAt: NINE, upToSeq: 9 }, "delivered"],
  ] as const)("when %s", (_, seq, signs, tick) => {
    expect(tickOf({ seq, received: "2026-03-01T09:30:00.000Z" } as Message, signs)).toBe(tick);
  });
});

describe("the newest message", () => {
  const asks = { type: "text", text: "Choose", blockChatInput: true };
  test.each([
    ["is none", undefined, false],
    ["of the business blocks", { author: { type: "business" }, content: asks }, true],
    ["of the user does not", { author: { type: "user" }, content: asks }, false],
    ["that was answered does not", { author: { type: "business" }, content: asks, answered: true }, false],
    ["that does not ask for it does not", { author: { type: "business" }, content: { type: "text" } }, false],
  ])("%s", (_, message, blocks) => {
    expect(blocksInput(message as Message | undefined)).toBe(blocks);
  });
});
