/** A form that fills a page: what it is about, its parts, and a bar that saves. It does not let changes go without a word. */
import { type ReactNode, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { Button, Confirm, Page } from "../../ui";
import type { Form } from "./form";
import { FormProblem } from "./problem";
import { useCommonText } from "./texts";

interface Props<D> {
  title: string;
  intro?: ReactNode;
  form: Form<D>;
  back: string;
  fields: readonly string[];
  action?: string;
  actions?: ReactNode;
  onSave(): void;
  wide?: boolean;
  children: ReactNode;
}

export function FormPage<D>(props: Props<D>) {
  const { title, intro, form, back, fields, action, actions, onSave, wide, children } = props;
  const t = useCommonText();
  const [, go] = useLocation();
  const [asks, setAsks] = useState(false);
  useLeaveWarning(form.isChanged);
  const leave = () => (form.isChanged ? setAsks(true) : go(back));
  return (
    <Page
      title={title}
      intro={intro}
      wide={wide}
      actions={
        <>
          {actions}
          <Button icon="back" onPress={leave}>
            {t("back")}
          </Button>
        </>
      }
    >
      <FormProblem problem={form.problem} shown={fields} />
      {children}
      <div className="save-bar">
        <span className="grow soft small" aria-live="polite">
          {form.isChanged && t("unsaved")}
        </span>
        <Button kind="primary" busy={form.isBusy} isDisabled={!form.isChanged} onPress={onSave}>
          {action ?? t("save")}
        </Button>
      </div>
      <Confirm
        title={t("leaveTitle")}
        isOpen={asks}
        action={t("leaveGo")}
        danger
        onConfirm={() => go(back)}
        onClose={() => setAsks(false)}
      >
        {t("leaveText")}
      </Confirm>
    </Page>
  );
}

/** The browser asks before it closes the tab. */
function useLeaveWarning(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [isChanged]);
}
