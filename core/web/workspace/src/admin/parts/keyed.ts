/** Rows of a list that is being edited need names of their own: their place changes, and two may be alike. */
export type Keyed<T> = T & { key: number };

let lastKey = 0;

export function keyed<T extends object>(item: T): Keyed<T> {
  return { ...item, key: ++lastKey };
}

export function plain<T extends object>({ key: _, ...item }: Keyed<T>): Omit<Keyed<T>, "key"> {
  return item;
}

export function replaced<T>(list: readonly Keyed<T>[], key: number, part: Partial<T>): Keyed<T>[] {
  return list.map((one) => (one.key === key ? { ...one, ...part } : one));
}

/** `item` one place up (-1) or down (1). */
export function shifted<T>(list: readonly T[], item: T, by: -1 | 1): T[] {
  const from = list.indexOf(item);
  const to = from + by;
  if (from < 0 || to < 0) return [...list];
  const rest = list.filter((one) => one !== item);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}
