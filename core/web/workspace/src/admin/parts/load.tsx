/** What a page shows while it reads, when it could not, and when it could. */
import type { ReactNode } from "react";
import { ErrorState, type Loaded, Skeleton } from "../../ui";

interface Props<T> {
  from: Loaded<T>;
  lines?: number;
  children(data: T): ReactNode;
}

/** What is already there stays while it is read again. */
export function Load<T>({ from, lines = 6, children }: Props<T>) {
  if (from.data !== null) return children(from.data);
  if (from.error) return <ErrorState error={from.error} onRetry={from.reload} />;
  return <Skeleton lines={lines} />;
}
