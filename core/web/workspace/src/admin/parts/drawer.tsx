/** A form in a drawer at the side, for things with a few fields. */
import type { ReactNode } from "react";
import { Button, Dialog } from "../../ui";
import type { Form } from "./form";
import { FormProblem } from "./problem";
import { useCommonText } from "./texts";

interface Props<D> {
  title: string;
  form: Form<D>;
  /** What the button says; "Save" without it. */
  action?: string;
  /** Fields that show their own problems. */
  fields: readonly string[];
  onSave(): void;
  onClose(): void;
  children: ReactNode;
}

export function FormDrawer<D>({ title, form, action, fields, onSave, onClose, children }: Props<D>) {
  const t = useCommonText();
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      side="right"
      firm={form.isChanged}
      size="wide"
      actions={
        <>
          <Button onPress={onClose}>{t("cancel")}</Button>
          <Button kind="primary" busy={form.isBusy} onPress={onSave}>
            {action ?? t("save")}
          </Button>
        </>
      }
    >
      <form
        noValidate
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          onSave();
        }}
      >
        <FormProblem problem={form.problem} shown={fields} />
        {children}
        {/* Lets Enter in a field save, as a form with a button of its own would. */}
        <button type="submit" hidden tabIndex={-1} />
      </form>
    </Dialog>
  );
}
