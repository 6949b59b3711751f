import { describe, expect, it } from "vitest";
import { covers, offsetsOf, rowAt, spanAt } from "../../src/ui/spans";

const even = (rows: number, height = 50) => offsetsOf(Array.from({ length: rows }, () => height));

describe("the rows that are drawn", () => {
  it("knows where rows begin", () => expect([...offsetsOf([10, 20, 30])]).toEqual([0, 10, 30, 60]));
  it.each([
    [-5, 0],
    [0, 0],
    [49, 0],
    [50, 1],
    [99, 1],
    [499, 9],
    [500, 9],
    [9999, 9],
  ])("finds the row at %d", (y, row) => expect(rowAt(even(10), y)).toBe(row));

  it.each([
    // rows, top, height, margin, limit → start, end
    [100, 0, 500, 0, 150, 0, 11],
    [100, 1000, 500, 0, 150, 20, 31],
    [100, 1000, 500, 100, 150, 18, 33],
    [100, 99999, 500, 0, 150, 90, 100],
    [100, -500, 500, 0, 150, 0, 11],
    [5, 0, 500, 100, 150, 0, 5],
    [0, 0, 500, 100, 150, 0, 0],
    [1000, 25000, 500, 5000, 50, 481, 531],
  ])("%d rows at %d, %d high, margin %d, limit %d", (rows, top, height, margin, limit, start, end) => {
    const span = spanAt(even(rows), top, height, margin, limit);
    expect([span.start, span.end]).toEqual([start, end]);
  });

  it("never draws more than the limit, always what is seen, and adds up", () => {
    let state = 11;
    const random = (most: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % most;
    };
    for (let round = 0; round < 1000; round++) {
      const heights = Array.from({ length: 1 + random(400) }, () => 8 + random(300));
      const offsets = offsetsOf(heights);
      const total = offsets[heights.length] as number;
      const height = 200 + random(800);
      const top = random(total + 500) - 250;
      const span = spanAt(offsets, top, height, random(1500), 130);
      const seen = Math.min(Math.max(0, top), Math.max(0, total - height));
      expect(span.end - span.start).toBeLessThanOrEqual(130);
      expect(span.before).toBeLessThanOrEqual(seen);
      expect(total - span.after).toBeGreaterThanOrEqual(Math.min(total, seen + height));
      const drawn = heights.slice(span.start, span.end).reduce((sum, each) => sum + each, 0);
      expect(span.before + drawn + span.after).toBe(total);
    }
  });

  it("is drawn anew only when it no longer covers", () => {
    const drawn = { start: 10, end: 50, before: 0, after: 0 };
    expect(covers(drawn, { ...drawn, start: 12, end: 48 })).toBe(true);
    expect(covers(drawn, { ...drawn, start: 9 })).toBe(false);
    expect(covers(drawn, { ...drawn, end: 51 })).toBe(false);
  });

  it("finds its place among many rows as fast as among few", () => {
    const time = (rows: number) => {
      const offsets = even(rows);
      const start = performance.now();
      for (let i = 0; i < 20_000; i++) spanAt(offsets, (i * 997) % (rows * 50), 600, 700, 130);
      return Math.max(performance.now() - start, 0.5);
    };
    // A hundred times the rows: a search by halves needs seven more steps, one from the start a hundred times as many.
    expect(Array.from({ length: 5 }).some(() => time(50_000) < 20 * time(500))).toBe(true);
  });
});
