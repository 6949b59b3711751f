/** What a condition compares with, or an action sets: each type of field has its own way to say it. */
import type { ActionDefinition, ConditionValue } from "@passerelle/client";
import { useState } from "react";
import { api } from "../../desk/api";
import { useSay } from "../../desk/rule-words";
import { Combo, Field, Select } from "../../ui";
import { TagInput } from "../parts/tag-input";
import { useCommonText } from "../parts/texts";
import { tagsIn, valuesOf } from "./definitions";

interface Props {
  label: string;
  definition: Pick<ActionDefinition, "subject" | "type" | "values" | "nullable">;
  value: ConditionValue;
  onChange(value: ConditionValue): void;
  help?: string;
}

export function ValueEditor(props: Props) {
  const { label, definition, value, onChange, help } = props;
  const text = String(value ?? "");
  if (definition.values) return <Choice {...props} />;
  switch (definition.type) {
    case "tags":
      return (
        <TagInput
          label={label}
          labelHidden
          tags={tagsIn(value)}
          onChange={(tags) => onChange(tags.join(" "))}
        />
      );
    case "checkbox":
      return <YesNo {...props} />;
    case "autocomplete":
      return <Person {...props} />;
    case "textarea":
      return <Field label={label} labelHidden value={text} onChange={onChange} rows={5} help={help} />;
    case "date":
      return <Field label={label} labelHidden type="date" value={text} onChange={onChange} />;
    case "integer":
    case "decimal":
      return <Field label={label} labelHidden inputMode="decimal" value={text} onChange={onChange} />;
    default:
      return <Field label={label} labelHidden value={text} onChange={onChange} />;
  }
}

/** An empty value is a choice of its own ("nobody"), but no key of a list may be empty. */
const MARK = "=";

function Choice({ label, definition, value, onChange }: Props) {
  const say = useSay();
  const options = valuesOf(definition).map((one) => ({
    id: MARK + one.value,
    name: say.value(definition.subject, one),
  }));
  return (
    <Select
      label={label}
      labelHidden
      options={options}
      value={MARK + String(value ?? "")}
      onChange={(id) => onChange(id.slice(MARK.length))}
    />
  );
}

function YesNo({ label, value, onChange }: Props) {
  const t = useCommonText();
  const options = [
    { id: "true", name: t("yes") },
    { id: "false", name: t("no") },
  ];
  return (
    <Select
      label={label}
      labelHidden
      options={options}
      value={String(value || "false")}
      onChange={onChange}
    />
  );
}

/** Somebody, found by name. */
function Person({ label, value, onChange }: Props) {
  const t = useCommonText();
  const [found, setFound] = useState<{ id: string; name: string; detail?: string }[]>([]);
  const search = async (name: string) => {
    if (name.trim().length < 2) return;
    const { items } = await api.users.autocomplete(name).catch(() => ({ items: [] }));
    setFound(items.map((user) => ({ id: String(user.id), name: user.name, detail: user.email ?? "" })));
  };
  return (
    <Combo
      label={label}
      labelHidden
      options={found}
      value={value ? String(value) : null}
      onChange={onChange}
      onSearch={(name) => void search(name)}
      placeholder={value ? `#${value}` : t("searchPeople")}
      emptyText={t("noSuchPerson")}
    />
  );
}
