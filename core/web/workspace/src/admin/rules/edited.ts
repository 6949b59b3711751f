/** What an edit page is about: a kept thing, a copy of one, or nothing yet. */
import { useSearch } from "wouter";
import { type Loaded, useLoaded } from "../../ui";

export interface Edited<T, X> {
  /** Null for a new one. */
  item: T | null;
  /** What the form begins with: the thing itself, or that which is copied. */
  model: T | null;
  /** Whatever else the page needs. */
  extra: X;
}

/** `id` is a number or "new"; `?from=` names the one to copy. */
export function useEdited<T, X>(
  id: string,
  read: (id: string) => Promise<T>,
  readExtra: () => Promise<X>,
): Loaded<Edited<T, X>> {
  const from = new URLSearchParams(useSearch()).get("from");
  return useLoaded(`${id}:${from ?? ""}`, async () => {
    const [model, extra] = await Promise.all([
      id === "new" ? (from ? read(from) : Promise.resolve(null)) : read(id),
      readExtra(),
    ]);
    return { item: id === "new" ? null : model, model, extra };
  });
}
