/** Reading something for a page: what it says, whether it is on its way, and why not. */
import { useCallback, useEffect, useRef, useState } from "react";

export interface Loaded<T> {
  data: T | null;
  error: unknown;
  loading: boolean;
  reload(): void;
  /** Puts a changed value in its place without asking again. */
  set(data: T): void;
}

/** Reads when the page appears and whenever `key` changes; an answer to an older question is dropped. */
export function useLoaded<T>(key: string | number | null, read: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ data: T | null; error: unknown; loading: boolean }>({
    data: null,
    error: null,
    loading: key !== null,
  });
  const asked = useRef(0);
  const reading = useRef(read);
  reading.current = read;
  const load = useCallback(() => {
    const turn = ++asked.current;
    setState((before) => ({ ...before, error: null, loading: true }));
    reading.current().then(
      (data) => turn === asked.current && setState({ data, error: null, loading: false }),
      (error) => turn === asked.current && setState((before) => ({ ...before, error, loading: false })),
    );
  }, []);
  useEffect(() => {
    asked.current += 1;
    setState({ data: null, error: null, loading: key !== null });
    if (key !== null) load();
  }, [key, load]);
  const set = useCallback((data: T) => setState({ data, error: null, loading: false }), []);
  return { ...state, reload: load, set };
}
