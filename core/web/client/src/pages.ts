/** Lists come in pages. One page for those who show pages, all of them in a row for those who do not. */

export interface Page<T> {
  items: T[];
  hasMore: boolean;
  after: string | null;
  before: string | null;
}

export interface PageOptions {
  size?: number;
  after?: string | null;
  before?: string | null;
}

interface ListAnswer {
  meta?: { has_more?: boolean; hasMore?: boolean } & Partial<
    Record<"after_cursor" | "before_cursor" | "afterCursor" | "beforeCursor", string | null>
  >;
}

/** The most that the server gives at once. */
export const MAX_PAGE = 100;

/** Reads both spellings: `/api/v2` writes `has_more`, `/v2` writes `hasMore`. */
export function pageIn<T>(answer: unknown, name: string): Page<T> {
  const said = answer as ListAnswer & Record<string, T[] | undefined>;
  const meta = said.meta ?? {};
  return {
    items: said[name] ?? [],
    hasMore: meta.has_more ?? meta.hasMore ?? false,
    after: meta.after_cursor ?? meta.afterCursor ?? null,
    before: meta.before_cursor ?? meta.beforeCursor ?? null,
  };
}

export function pageQuery({
  size,
  after,
  before,
}: PageOptions): Record<string, string | number | null | undefined> {
  return { "page[size]": size, "page[after]": after, "page[before]": before };
}

/** Every item, page by page; asks for the next page when it is needed. */
export async function* eachOf<T>(
  read: (after: string | null) => Promise<Page<T>>,
): AsyncGenerator<T, void, void> {
  let after: string | null = null;
  for (;;) {
    const page: Page<T> = await read(after);
    yield* page.items;
    // A page that says there is more but not where would be read for ever.
    if (!page.hasMore || !page.after || page.after === after) return;
    after = page.after;
  }
}

/** Reads on until there are `most`; lists of settings are short, but nothing here is without an end. */
export async function allOf<T>(items: AsyncIterable<T>, most = 2000): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
    if (all.length >= most) break;
  }
  return all;
}
