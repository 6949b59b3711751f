/**
 * The arithmetic of a list that draws only what can be seen. Heights are in CSS pixels, measured where known and guessed
 * elsewhere; nothing here touches the page.
 */

/** Rows `start` to `end` (not included) are drawn; the rest is two empty stretches of `before` and `after` pixels. */
export interface Span {
  start: number;
  end: number;
  before: number;
  after: number;
}

/** Where each row begins; the last figure is the height of all. */
export function offsetsOf(heights: readonly number[]): Float64Array {
  const offsets = new Float64Array(heights.length + 1);
  for (let i = 0; i < heights.length; i++) offsets[i + 1] = (offsets[i] as number) + (heights[i] as number);
  return offsets;
}

/** The row at `y`; the first for what lies above, the last for what lies below. */
export function rowAt(offsets: Float64Array, y: number): number {
  let low = 0;
  let high = Math.max(0, offsets.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] as number) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * What to draw for a viewport of `height` at `top`: everything in it and `margin` around it, but never more than `limit`
 * rows; then the margins give way first, the one above and the one below alike.
 */
export function spanAt(
  offsets: Float64Array,
  top: number,
  height: number,
  margin: number,
  limit: number,
): Span {
  const rows = offsets.length - 1;
  if (rows <= 0) return { start: 0, end: 0, before: 0, after: 0 };
  const total = offsets[rows] as number;
  const seen = Math.min(Math.max(0, top), Math.max(0, total - height));
  let start = rowAt(offsets, seen - margin);
  let end = rowAt(offsets, seen + height + margin) + 1;
  if (end - start > limit) {
    const first = rowAt(offsets, seen);
    const last = rowAt(offsets, seen + height) + 1;
    const spare = Math.max(0, limit - (last - first));
    start = Math.max(start, Math.min(first - (spare >> 1), rows - limit));
    end = Math.min(rows, start + limit);
  }
  return { start, end, before: offsets[start] as number, after: total - (offsets[end] as number) };
}

/** Whether a drawn span still covers the viewport and half of the margin around it, so that nothing need be redrawn. */
export function covers(span: Span, wanted: Span): boolean {
  return span.start <= wanted.start && span.end >= wanted.end;
}
