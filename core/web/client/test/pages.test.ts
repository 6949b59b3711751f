import { expect, test } from "vitest";
import { Client } from "../src";
import { json, PaperGateway } from "./gateway";

const page = (ids: number[], after: string | null) =>
  json(200, { groups: ids.map((id) => ({ id })), meta: { has_more: after !== null, after_cursor: after } });

function house() {
  const gateway = new PaperGateway();
  return { gateway, client: new Client({ fetch: gateway.fetch }) };
}

test("a page knows where the next one begins", async () => {
  const { gateway, client } = house();
  gateway.answers(page([1, 2], "c2"));
  const first = await client.groups.page({ size: 2 });
  expect(first).toEqual({ items: [{ id: 1 }, { id: 2 }], hasMore: true, after: "c2", before: null });
  await client.groups.page({ size: 2, after: first.after });
  expect(gateway.asked.map((asked) => asked.address)).toEqual([
    "/api/v2/groups?page[size]=2",
    "/api/v2/groups?page[size]=2&page[after]=c2",
  ]);
});

test("all pages are read in a row", async () => {
  const { gateway, client } = house();
  gateway.answers(page([1, 2], "c2")).answers(page([3], null));
  expect((await client.groups.all()).map((group) => group.id)).toEqual([1, 2, 3]);
});

test("who has seen enough asks for no more", async () => {
  const { gateway, client } = house();
  gateway.answers(page([1, 2], "c2"));
  for await (const group of client.groups.each()) if (group.id === 2) break;
  expect(gateway.asked).toHaveLength(1);
});

test("a list that says it goes on at the same place ends", async () => {
  const { gateway, client } = house();
  gateway.answers(page([1], "c1"));
  expect(await client.groups.all()).toHaveLength(2);
});

test("the other API's spelling is read, too", async () => {
  const { gateway, client } = house();
  gateway.answers(json(200, { integrations: [{ id: "a" }], meta: { hasMore: true, afterCursor: "x" } }));
  expect(await client.app("app").integrations.page()).toMatchObject({ hasMore: true, after: "x" });
});
