/** Writes a new order where the API has no call for it: each thing that moved gets its place. */
export function movedIn<Id extends string | number>(place: (id: Id, position: number) => Promise<unknown>) {
  return async (items: readonly { id: Id; position: number }[]): Promise<void> => {
    for (const [at, { id, position }] of items.entries()) if (position !== at + 1) await place(id, at + 1);
  };
}
