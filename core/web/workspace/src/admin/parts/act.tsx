/** Doing something at once, with a word about how it went; and asking before what cannot be taken back. */
import { type ReactNode, useState } from "react";
import { useText } from "../../i18n";
import { Confirm, problemOf, toast } from "../../ui";
import { useCommonText } from "./texts";

/** Does it, says `done`, or says why not. Whether it was done. */
export function useAct(): (act: () => Promise<unknown>, done?: string) => Promise<boolean> {
  const t = useText();
  return async (act, done) => {
    try {
      await act();
      if (done) toast({ kind: "done", text: done });
      return true;
    } catch (error) {
      toast({ kind: "error", text: problemOf(t, error) });
      return false;
    }
  };
}

export interface Question {
  title: string;
  text: ReactNode;
  /** What the button says: a verb. */
  action: string;
  danger?: boolean;
  act(): Promise<unknown>;
  done?: string;
  after?(): void;
}

/** `ask` opens the question, `dialog` is to be drawn somewhere on the page. */
export function useConfirm(): { ask(question: Question): void; dialog: ReactNode } {
  const act = useAct();
  const [question, setQuestion] = useState<Question | null>(null);
  const [isBusy, setBusy] = useState(false);
  const confirm = async (asked: Question) => {
    setBusy(true);
    const isDone = await act(asked.act, asked.done);
    setBusy(false);
    setQuestion(null);
    if (isDone) asked.after?.();
  };
  const dialog = question && (
    <Confirm
      title={question.title}
      isOpen
      action={question.action}
      danger={question.danger ?? true}
      busy={isBusy}
      onConfirm={() => void confirm(question)}
      onClose={() => setQuestion(null)}
    >
      {question.text}
    </Confirm>
  );
  return { ask: setQuestion, dialog };
}

/** The usual question before something is deleted. */
export function useDeleteQuestion() {
  const t = useCommonText();
  const { ask, dialog } = useConfirm();
  const askDelete = (name: string, act: () => Promise<unknown>, after: () => void, text?: ReactNode) =>
    ask({
      title: t("deleteTitle", { name }),
      text: text ?? t("deleteText"),
      action: t("delete"),
      act,
      done: t("deletedDone", { name }),
      after,
    });
  return { askDelete, dialog };
}
