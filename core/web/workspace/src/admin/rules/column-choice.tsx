/** Which columns a view has, and in which order. */
import { Checkbox } from "../../ui";
import { useRulesText } from "./texts";

export const COLUMNS = [
  "nice_id",
  "subject",
  "requester",
  "status",
  "priority",
  "type",
  "group",
  "assignee",
  "via",
  "created",
  "updated",
  "queued",
] as const;
export const SORTABLE = ["updated", "created", "queued", "priority", "status", "nice_id"] as const;
export const GROUPABLE = ["status", "priority", "type", "group", "assignee", "requester"] as const;
type ColumnId = (typeof COLUMNS)[number];

interface Props {
  columns: readonly string[];
  onChange(columns: string[]): void;
}

/** Columns that this page does not know, such as those of custom fields, stay where they are. */
export function ColumnChoice({ columns, onChange }: Props) {
  const t = useRulesText();
  const toggle = (id: ColumnId, on: boolean) =>
    onChange(on ? [...columns, id] : columns.filter((column) => column !== id));
  return (
    <fieldset className="ticks">
      <legend className="hidden">{t("columns")}</legend>
      {COLUMNS.map((id) => (
        <Checkbox key={id} isSelected={columns.includes(id)} onChange={(on) => toggle(id, on)}>
          {t(`column_${id}`)}
        </Checkbox>
      ))}
    </fieldset>
  );
}
