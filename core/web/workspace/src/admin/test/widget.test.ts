import { describe, expect, test } from "vitest";
import { draftOf, isColour, retold, wireOf } from "../widget/draft";

const kept = {
  id: "a1",
  type: "web",
  status: "active",
  displayName: "Shop",
  brandColor: "112233",
  greeting: "Hello",
  proactive: { text: "Need help?", delaySeconds: 3 },
  prechatCapture: {
    enabled: true,
    avatarUrl: "https://shop.example/a.png",
    fields: [
      { type: "text" as const, name: "name", label: "Your name", minSize: 2, maxSize: 40, required: true },
      { type: "select" as const, name: "topic", label: "About", options: [{ name: "o", label: "Orders" }] },
    ],
  },
};

describe("the settings of a widget", () => {
  test("go back as they came, also what the page does not show", () => {
    const wire = wireOf(draftOf(kept), kept);
    expect(wire).toMatchObject({
      displayName: "Shop",
      brandColor: "112233",
      greeting: "Hello",
      proactive: { text: "Need help?", delaySeconds: 3 },
      prechatCapture: {
        enabled: true,
        avatarUrl: "https://shop.example/a.png",
        fields: [
          { type: "text", name: "name", label: "Your name", minSize: 2, maxSize: 40, required: true },
          { type: "select", name: "topic", required: true, options: [{ name: "o", label: "Orders" }] },
        ],
      },
    });
    expect(wire).not.toHaveProperty("type");
  });

  test("an emptied word is taken back to its default", () => {
    const wire = wireOf({ ...draftOf(kept), greeting: "", proactiveText: "" }, kept);
    expect(wire).toMatchObject({ greeting: null, proactive: null });
  });

  test("a new widget says nothing that it does not mean", () => {
    const wire = wireOf({ ...draftOf(null), displayName: "Shop" }, null);
    expect(wire).toMatchObject({ type: "web", displayName: "Shop", attachments: true });
    expect(Object.values(wire)).not.toContain(null);
  });

  test("a question of one's own has bounds", () => {
    const draft = draftOf(null);
    draft.questions = [{ key: 1, type: "text", name: "order", label: "Order", required: false, options: [] }];
    expect(wireOf(draft, null).prechatCapture).toMatchObject({ fields: [{ minSize: 1, maxSize: 128 }] });
  });
});

test("texts are replaced by language, and taken back", () => {
  const once = retold({}, "fr", "title", "Bonjour");
  expect(once).toEqual({ fr: { title: "Bonjour" } });
  expect(retold(once, "en", "title", "Hi")).toEqual({ fr: { title: "Bonjour" }, en: { title: "Hi" } });
  expect(retold(once, "fr", "title", "")).toEqual({});
});

test.each([
  ["0d5c63", true],
  ["0D5C63", true],
  ["#0d5c63", false],
  ["fff", false],
  ["red", false],
])("%s is a colour: %s", (hex, is) => {
  expect(isColour(hex)).toBe(is);
});
