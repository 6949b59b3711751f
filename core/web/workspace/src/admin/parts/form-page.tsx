/** A form that fills a page: what it is about, its parts, and a bar that saves. It does not let changes go without a word. */
import { type ReactNode, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { BASE } from "../../shell/go";
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
  /** Can be saved as it stands: it begins with sensible values. */
  isNew?: boolean;
  onSave(): void;
  wide?: boolean;
  children: ReactNode;
}

export function FormPage<D>(props: Props<D>) {
  const { title, intro, form, back, fields, action, actions, isNew, onSave, wide, children } = props;
  const t = useCommonText();
  const [, go] = useLocation();
  /** Where the reader wants to go, while it is asked whether that is meant. */
  const [wish, setWish] = useState<string | null>(null);
  useLeaveWarning(form.isChanged, setWish);
  const leave = () => (form.isChanged ? setWish(back) : go(back));
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
        <Button kind="primary" busy={form.isBusy} isDisabled={!form.isChanged && !isNew} onPress={onSave}>
          {action ?? t("save")}
        </Button>
      </div>
      <Confirm
        title={t("leaveTitle")}
        isOpen={wish !== null}
        action={t("leaveGo")}
        danger
        onConfirm={() => wish && go(wish)}
        onClose={() => setWish(null)}
      >
        {t("leaveText")}
      </Confirm>
    </Page>
  );
}

/** The browser asks before it closes the tab; `onLeave` hears of links to other pages before they are followed. */
function useLeaveWarning(isChanged: boolean, onLeave: (path: string) => void): void {
  useEffect(() => {
    if (!isChanged) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    const hold = (event: MouseEvent) => {
      const path = pathOf(event);
      if (path === null) return;
      event.preventDefault();
      event.stopPropagation();
      onLeave(path);
    };
    addEventListener("beforeunload", warn);
    addEventListener("click", hold, { capture: true });
    return () => {
      removeEventListener("beforeunload", warn);
      removeEventListener("click", hold, { capture: true });
    };
  }, [isChanged, onLeave]);
}

/** Of a link within the workspace that would open in this tab. */
function pathOf({ target, ctrlKey, metaKey, shiftKey }: MouseEvent): string | null {
  const link = target instanceof Element ? target.closest("a") : null;
  const isElsewhere = ctrlKey || metaKey || shiftKey || link?.target === "_blank";
  const path = link?.getAttribute("href");
  return !isElsewhere && path?.startsWith(`${BASE}/`) ? path.slice(BASE.length) : null;
}
