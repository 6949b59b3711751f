/** Something that is tried when it is asked for; a newer try ends the one before. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Skeleton } from "../../ui";

export interface Trying<R> {
  result: R | null;
  error: unknown;
  isRunning: boolean;
  start(): void;
}

export function useTrial<R>(run: (signal: AbortSignal) => Promise<R>): Trying<R> {
  const [state, setState] = useState<Omit<Trying<R>, "start">>({
    result: null,
    error: null,
    isRunning: false,
  });
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const start = () => {
    stop.current?.abort();
    const mine = new AbortController();
    stop.current = mine;
    setState((before) => ({ ...before, error: null, isRunning: true }));
    run(mine.signal).then(
      (result) => mine.signal.aborted || setState({ result, error: null, isRunning: false }),
      (error) => mine.signal.aborted || setState({ result: null, error, isRunning: false }),
    );
  };
  return { ...state, start };
}

export function Trial<R>({ trial, children }: { trial: Trying<R>; children(result: R): ReactNode }) {
  if (trial.result) return children(trial.result);
  return trial.isRunning ? <Skeleton lines={3} /> : null;
}
