/** The choices of a field: what agents see, and the tag that a choice sets. */
import type { FieldOption } from "@passerelle/client";
import { Button, Field, IconButton } from "../../ui";
import { type Keyed, keyed, replaced } from "../parts/keyed";
import { useRulesText } from "./texts";

interface Props {
  rows: Keyed<FieldOption>[];
  onChange(rows: Keyed<FieldOption>[]): void;
}

export function OptionRows({ rows, onChange }: Props) {
  const t = useRulesText();
  const rename = (row: Keyed<FieldOption>, name: string) => {
    // The tag follows the name until somebody gives it another.
    const follows = row.value === tagOf(row.name);
    onChange(replaced(rows, row.key, follows ? { name, value: tagOf(name) } : { name }));
  };
  return (
    <fieldset className="builder">
      <legend className="label">{t("options")}</legend>
      {rows.map((row) => (
        <div key={row.key} className="option-row">
          <Field
            label={t("optionName")}
            labelHidden
            placeholder={t("optionName")}
            value={row.name}
            onChange={(name) => rename(row, name)}
          />
          <Field
            label={t("optionTag")}
            labelHidden
            placeholder={t("optionTag")}
            value={row.value}
            onChange={(value) => onChange(replaced(rows, row.key, { value }))}
            monospace
          />
          <IconButton
            icon="trash"
            label={t("optionRemove", { name: row.name })}
            onPress={() => onChange(rows.filter(({ key }) => key !== row.key))}
          />
        </div>
      ))}
      <div>
        <Button size="small" icon="plus" onPress={() => onChange([...rows, keyed({ name: "", value: "" })])}>
          {t("optionAdd")}
        </Button>
      </div>
    </fieldset>
  );
}

function tagOf(name: string): string {
  return name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .trim()
    .replace(/[^a-z0-9]+/g, "_");
}
