/** What can be listed, read, made, changed and removed in the same way. */
import type { Door } from "../door";
import { allOf, eachOf, MAX_PAGE, type Page, type PageOptions, pageIn, pageQuery } from "../pages";
import type { Query } from "../request";

export interface Reading {
  signal?: AbortSignal;
}

/** `many` is the path below `/api/v2` and the name of the list, `one` the name of a single object. */
export interface Names {
  one: string;
  many: string;
}

export function listing<T>(door: Door, path: string, name: string) {
  const page = async (options: PageOptions & Reading = {}, query: Query = {}): Promise<Page<T>> =>
    pageIn<T>(
      await door.get(path, { query: { ...query, ...pageQuery(options) }, signal: options.signal }),
      name,
    );
  return {
    page,
    /** Every one, asked for page by page. */
    each: (query: Query = {}) => eachOf<T>((after) => page({ size: MAX_PAGE, after }, query)),
    all: (query: Query = {}) => allOf(eachOf<T>((after) => page({ size: MAX_PAGE, after }, query))),
  };
}

export function crud<T, D, Id extends string | number = number>(door: Door, { one, many }: Names) {
  const path = `/${many}`;
  const at = (id: Id) => `${path}/${encodeURIComponent(id)}`;
  const single = async (answer: Promise<Record<string, T>>) => (await answer)[one] as T;
  return {
    ...listing<T>(door, path, many),
    get: (id: Id, options: Reading = {}) => single(door.get(at(id), options)),
    create: (draft: D) => single(door.post(path, { [one]: draft })),
    update: (id: Id, change: D) => single(door.put(at(id), { [one]: change })),
    remove: (id: Id) => door.delete<null>(at(id)),
  };
}
