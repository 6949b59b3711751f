/** Does something once for many reasons: at the earliest `ms` after the first of them, and again for what comes later. */
export function soon(ms: number, action: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  return () => {
    if (timer) return;
    timer = setTimeout(() => {
      timer = null;
      action();
    }, ms);
  };
}
