/** A list that grows at its end when it is asked to. */
import type { Page } from "@passerelle/client";
import { useState } from "react";
import { useAct } from "../parts/act";

export interface More<T> {
  items: readonly T[];
  hasMore: boolean;
  isLoading: boolean;
  load(): void;
}

export function useMore<T>(first: Page<T> | null, read: (after: string) => Promise<Page<T>>): More<T> {
  const act = useAct();
  const [others, setOthers] = useState<Page<T>[]>([]);
  const [isLoading, setLoading] = useState(false);
  const last = others[others.length - 1] ?? first;
  const load = async () => {
    if (!last?.after || isLoading) return;
    setLoading(true);
    await act(async () => {
      const page = await read(last.after as string);
      setOthers((before) => [...before, page]);
    });
    setLoading(false);
  };
  return {
    items: [first, ...others].flatMap((page) => page?.items ?? []),
    hasMore: Boolean(last?.hasMore && last.after),
    isLoading,
    load: () => void load(),
  };
}
