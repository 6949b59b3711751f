/** What every test of the engine begins with: a gateway, a browser, and a clock that stands still. */
import { afterEach, beforeEach, expect, vi } from "vitest";
import { FakeGateway } from "./gateway";
import { Browser } from "./tabs";

export let gateway: FakeGateway;
export let browser: Browser;

beforeEach(() => {
  vi.useFakeTimers();
  gateway = new FakeGateway();
  browser = new Browser(gateway);
});
// No test may pass in which the engine asked for what the gateway's contract does not have.
afterEach(() => {
  vi.useRealTimers();
  expect(gateway.breaches).toEqual([]);
});

/** Lets this many milliseconds go by. */
export const pass = (ms = 100) => vi.advanceTimersByTimeAsync(ms);
