/** A form: what was changed, whether it is on its way, and what the server says is wrong with it. */
import { ApiProblem } from "@passerelle/client";
import { useState } from "react";

export interface Form<D> {
  draft: D;
  change(part: Partial<D>): void;
  /** Starts anew with `draft`, as if nothing had been changed. */
  reset(draft: D): void;
  isChanged: boolean;
  isBusy: boolean;
  problem: unknown;
  /** What is wrong with a field, in the server's words. */
  about(field: string): string | undefined;
  /** Whether it was taken. */
  submit(send: (draft: D) => Promise<unknown>): Promise<boolean>;
}

export function useForm<D extends object>(initial: D | (() => D)): Form<D> {
  const [draft, setDraft] = useState<D>(initial);
  const [isChanged, setChanged] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  return {
    draft,
    change: (part) => {
      setDraft((before) => ({ ...before, ...part }));
      setChanged(true);
    },
    reset: (fresh) => {
      setDraft(fresh);
      setChanged(false);
      setProblem(null);
    },
    isChanged,
    isBusy,
    problem,
    about: (field) => (problem instanceof ApiProblem ? problem.about(field) : undefined),
    async submit(send) {
      setBusy(true);
      setProblem(null);
      try {
        await send(draft);
        setChanged(false);
        return true;
      } catch (error) {
        setProblem(error);
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
