import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ApiProblem, Client } from "../src";
import { retryAfterOf } from "../src/request";
import { json, noConnection, PaperGateway, silence } from "./gateway";

let gateway: PaperGateway;
let signedOut = 0;

beforeEach(() => {
  vi.useFakeTimers();
  gateway = new PaperGateway();
  signedOut = 0;
});
afterEach(() => vi.useRealTimers());

function client(given: ConstructorParameters<typeof Client>[0] = {}) {
  return new Client({ fetch: gateway.fetch, random: () => 1, onSignedOut: () => (signedOut += 1), ...given });
}

/** What became of it, after all waits. */
async function settled<T>(call: Promise<T>): Promise<T | ApiProblem> {
  const end = call.catch((problem) => problem);
  await vi.advanceTimersByTimeAsync(120_000);
  return end;
}

describe("a call", () => {
  test("writes JSON, a query and the token, and unwraps the answer", async () => {
    gateway.answers(json(201, { group: { id: 7, name: "Sales" } }));
    const group = await client({ base: "https://gw", token: "t0k" }).groups.create({ name: "Sales" });
    expect(group).toEqual({ id: 7, name: "Sales" });
    const [asked] = gateway.asked;
    expect(asked).toMatchObject({
      method: "POST",
      address: "https://gw/api/v2/groups",
      body: { group: { name: "Sales" } },
    });
    expect(asked?.headers.get("authorization")).toBe("Bearer t0k");
  });

  test("writes lists into the query and leaves out what is not said", async () => {
    gateway.answers(json(200, {}));
    const query = { "role[]": ["agent", "admin"], name: "A & b", none: undefined, empty: "" };
    await client().desk.get("/users", { query });
    expect(gateway.asked[0]?.address).toBe("/api/v2/users?role[]=agent&role[]=admin&name=A%20%26%20b");
  });

  test("gives null for an answer without a body", async () => {
    gateway.answers(json(204, null));
    expect(await client().groups.remove(7)).toBeNull();
  });
});

describe("a problem", () => {
  test.each([
    [
      {
        error: "RecordInvalid",
        description: "Record validation errors",
        details: { name: [{ error: "BlankValue", description: "Name: is missing" }] },
      },
      { error: "RecordInvalid", description: "Record validation errors" },
      "Name: is missing",
    ],
    [
      { errors: [{ code: "bad_request", title: "Needs a target" }] },
      { error: "bad_request", description: "Needs a target" },
      undefined,
    ],
    ["not an object", { error: "Unknown", description: undefined }, undefined],
    [{ error: 5, details: { name: "wrong" } }, { error: "Unknown" }, undefined],
  ])("is read out of %j", async (body, expected, about) => {
    gateway.answers(json(422, body));
    const problem = await settled(client().groups.create({}));
    expect(problem).toMatchObject({ status: 422, ...expected });
    expect((problem as ApiProblem).about("name")).toBe(about);
  });

  test("keeps only what can be shown beside a field", async () => {
    gateway.answers(json(422, { error: "RecordInvalid", details: { name: [null, 7], email: "taken" } }));
    expect(await settled(client().groups.create({}))).toMatchObject({ details: { name: [], email: [] } });
  });

  test("of a change is told at once: nobody knows whether it happened", async () => {
    gateway.answers(noConnection);
    const problem = await settled(client().groups.create({}));
    expect(problem).toMatchObject({ status: 0, error: "Offline" });
    expect(gateway.asked).toHaveLength(1);
  });

  test("that is an answer which is no JSON is named", async () => {
    gateway.answers(() => new Response("<html>"));
    expect(await settled(client().me.get())).toMatchObject({ status: 200, error: "Unreadable" });
  });

  test("401 tells that the session is over, but not at the door", async () => {
    gateway.answers(json(401, { error: "Couldn't authenticate you" }));
    await settled(client().me.signIn({ email: "a@b.c", password: "no" }));
    expect(signedOut).toBe(0);
    await settled(client().groups.all());
    expect(signedOut).toBe(1);
  });
});

describe("a question", () => {
  test("is asked again when the line or the server fails for a moment", async () => {
    gateway
      .answers(noConnection)
      .answers(json(503, {}))
      .answers(json(200, { user: { id: 1 } }));
    expect(await settled(client().me.get())).toEqual({ id: 1 });
    expect(gateway.asked).toHaveLength(3);
  });

  test("waits as long as the server says", async () => {
    gateway.answers(json(429, {}, { "retry-after": "7" })).answers(json(200, { user: { id: 1 } }));
    const call = client().me.get();
    await vi.advanceTimersByTimeAsync(6900);
    expect(gateway.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(await call).toEqual({ id: 1 });
  });

  test("does not keep anybody waiting for a minute", async () => {
    gateway.answers(json(429, { error: "TooManyRequests" }, { "retry-after": "60" }));
    expect(await settled(client().me.get())).toMatchObject({ status: 429, retryAfter: 60 });
    expect(gateway.asked).toHaveLength(1);
  });

  test("ends after three tries", async () => {
    gateway.answers(noConnection);
    expect(await settled(client().me.get())).toMatchObject({ status: 0 });
    expect(gateway.asked).toHaveLength(3);
  });

  test("is not asked again when the answer is no", async () => {
    gateway.answers(json(404, { error: "RecordNotFound" }));
    expect(await settled(client().groups.get(9))).toMatchObject({ status: 404 });
    expect(gateway.asked).toHaveLength(1);
  });
});

describe("time", () => {
  test("runs out", async () => {
    gateway.answers(silence);
    const problem = settled(client().desk.post("/slow", {}, { timeoutMs: 500 }));
    expect(await problem).toMatchObject({ status: 408, error: "Timeout" });
  });

  test("a caller who stops is told by the own reason, also between two tries", async () => {
    gateway.answers(noConnection);
    const stop = new AbortController();
    const call = client().me.get({ signal: stop.signal });
    const end = call.catch((reason) => reason);
    await vi.advanceTimersByTimeAsync(10);
    stop.abort("left the page");
    expect(await end).toBe("left the page");
    expect(gateway.asked).toHaveLength(1);
  });

  test("a caller who stops during the call", async () => {
    gateway.answers(silence);
    const stop = new AbortController();
    const end = client()
      .me.get({ signal: stop.signal })
      .catch((reason) => reason);
    await vi.advanceTimersByTimeAsync(10);
    stop.abort("left the page");
    expect(await end).toBe("left the page");
  });
});

test.each([
  [null, undefined],
  ["12", 12],
  ["Thu, 01 Jan 1970 00:01:30 GMT", 30],
  ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ["soon", undefined],
])("Retry-After %s", (said, seconds) => {
  expect(retryAfterOf(said, 60_000)).toBe(seconds);
});
