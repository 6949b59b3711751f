/** Actions as rows: what to do, and with what. */
import type { Action, ActionDefinition } from "@passerelle/client";
import { useSay } from "../../desk/rule-words";
import { Button, IconButton, Select } from "../../ui";
import { type Keyed, keyed, replaced } from "../parts/keyed";
import { choosable, freshAction } from "./definitions";
import { useRulesText } from "./texts";
import { ValueEditor } from "./value-editor";
import { sayAction } from "./words";

interface Props {
  definitions: readonly ActionDefinition[];
  rows: Keyed<Action>[];
  onChange(rows: Keyed<Action>[]): void;
}

export function ActionsEditor({ definitions, rows, onChange }: Props) {
  const t = useRulesText();
  const taken = rows.map((row) => row.field);
  const [next] = choosable(definitions, taken);
  return (
    <div className="builder">
      {rows.length === 0 && <p className="builder-empty">{t("actionsEmpty")}</p>}
      {rows.map((row) => (
        <Row
          key={row.key}
          row={row}
          fields={choosable(definitions, taken, row.field)}
          onChange={(part) => onChange(replaced(rows, row.key, part))}
          onRemove={() => onChange(rows.filter(({ key }) => key !== row.key))}
        />
      ))}
      <div>
        <Button
          size="small"
          icon="plus"
          isDisabled={!next}
          onPress={() => next && onChange([...rows, keyed(freshAction(next))])}
        >
          {t("addAction")}
        </Button>
      </div>
    </div>
  );
}

interface RowProps {
  row: Action;
  fields: ActionDefinition[];
  onChange(part: Partial<Action>): void;
  onRemove(): void;
}

function Row({ row, fields, onChange, onRemove }: RowProps) {
  const t = useRulesText();
  const say = useSay();
  const definition = fields.find(({ subject }) => subject === row.field);
  const choose = (subject: string) => {
    const chosen = fields.find((field) => field.subject === subject);
    if (chosen) onChange(freshAction(chosen));
  };
  return (
    <div className="builder-row builder-row-action">
      <Select
        label={t("actionField")}
        labelHidden
        options={fields.map((field) => ({
          id: field.subject,
          name: say.action(field),
          detail: say.group(field.group),
        }))}
        value={definition ? row.field : null}
        placeholder={row.field}
        onChange={choose}
      />
      {definition ? (
        <ValueEditor
          key={row.field}
          label={t("actionValue")}
          definition={definition}
          value={row.value}
          onChange={(value) => onChange({ value })}
          help={definition.type === "textarea" ? t("placeholders") : undefined}
        />
      ) : (
        <p className="builder-gone">{t("fieldGone")}</p>
      )}
      <IconButton
        icon="trash"
        label={t("removeAction", { what: sayAction(say, row, fields) })}
        onPress={onRemove}
      />
    </div>
  );
}
