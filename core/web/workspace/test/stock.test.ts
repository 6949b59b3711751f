import { expect, test } from "vitest";
import defaults from "../../../desk/src/defaults.rs?raw";
import { titleIn } from "../src/desk/stock";
import { en } from "../src/i18n/en";
import { fr } from "../src/i18n/fr";

const stock = Object.entries(en).filter(([key]) => key.startsWith("stock"));

test("what a new desk begins with has the titles that the gateway gives", () => {
  expect(stock).toHaveLength(9);
  for (const [key, title] of stock) expect(defaults, key).toContain(`"${title}"`);
});

test("and is translated, until somebody gives it another title", () => {
  expect(titleIn((key) => fr[key], "Your unsolved tickets")).toBe("Vos tickets non résolus");
  expect(titleIn((key) => fr[key], "My unsolved tickets")).toBe("My unsolved tickets");
});
