/** A form made from a plugin's settings schema. What is nested deeper than lists of words is written as JSON. */
import type { SettingSchema, SettingsSchema } from "@passerelle/client";
import { useState } from "react";
import { Checkbox, Field, Select, Switch } from "../../ui";
import { withCode } from "../parts/code";
import { asWritten, TagInput } from "../parts/tag-input";
import { useCommonText } from "../parts/texts";
import { numberFrom, type SettingProblem, type SettingValues } from "./schema";

interface Props {
  schema: SettingsSchema;
  values: SettingValues;
  problems: Record<string, SettingProblem>;
  onChange(values: SettingValues): void;
}

/** Longer texts get a field with several lines. */
const LONG_TEXT = 300;

export function SchemaForm({ schema, values, problems, onChange }: Props) {
  const t = useCommonText();
  const say = (problem: SettingProblem | undefined) =>
    problem && t(problem.kind, "n" in problem ? { n: problem.n } : {});
  const set = (name: string, value: unknown) => {
    const { [name]: _, ...others } = values;
    onChange(value === undefined ? others : { ...others, [name]: value });
  };
  return (
    <div className="form">
      {Object.entries(schema.properties ?? {}).map(([name, field]) => (
        <Setting
          key={name}
          name={name}
          field={field}
          value={values[name]}
          isRequired={schema.required?.includes(name) ?? false}
          error={say(problems[name])}
          onChange={(value) => set(name, value)}
        />
      ))}
    </div>
  );
}

interface SettingProps {
  name: string;
  field: SettingSchema;
  value: unknown;
  isRequired: boolean;
  error: string | undefined;
  onChange(value: unknown): void;
}

function Setting(props: SettingProps) {
  const { name, field, value, isRequired, error, onChange } = props;
  const label = field.title ?? name;
  const help = withCode(field.description);
  if (field.enum) return <OneOf {...props} />;
  switch (field.type) {
    case "boolean":
      return (
        <Switch isSelected={value === true} onChange={onChange} help={help}>
          {label}
        </Switch>
      );
    case "integer":
    case "number":
      return (
        <Field
          label={label}
          help={help}
          error={error}
          isRequired={isRequired}
          inputMode={field.type === "integer" ? "numeric" : "decimal"}
          value={value === undefined ? "" : String(value)}
          onChange={(text) => onChange(numberFrom(text))}
        />
      );
    case "string":
      return (
        <Field
          label={label}
          help={help}
          error={error}
          isRequired={isRequired}
          rows={
            (field.maxLength ?? 0) > LONG_TEXT && field.format !== "uri" && !field.pattern ? 3 : undefined
          }
          value={String(value ?? "")}
          onChange={(text) => onChange(text === "" && !isRequired ? undefined : text)}
        />
      );
    case "array":
      return <Words {...props} />;
    default:
      return <Json {...props} />;
  }
}

function OneOf({ name, field, value, error, onChange }: SettingProps) {
  const options = (field.enum ?? []).map((one) => ({ id: String(one), name: String(one) }));
  const choose = (id: string) => onChange(field.enum?.find((one) => String(one) === id));
  return (
    <Select
      label={field.title ?? name}
      help={withCode(field.description)}
      error={error}
      options={options}
      value={value === undefined ? null : String(value)}
      onChange={choose}
    />
  );
}

/** A list of words: ticks where they are given, else words of one's own. */
function Words(props: SettingProps) {
  const { name, field, value, onChange } = props;
  const words = Array.isArray(value) ? value.map(String) : [];
  const label = field.title ?? name;
  if (field.items?.enum)
    return (
      <fieldset className="field">
        <legend className="label">{label}</legend>
        <div className="ticks">
          {field.items.enum.map(String).map((word) => (
            <Checkbox
              key={word}
              isSelected={words.includes(word)}
              onChange={(on) => onChange(on ? [...words, word] : words.filter((one) => one !== word))}
            >
              {word}
            </Checkbox>
          ))}
        </div>
      </fieldset>
    );
  if (field.items?.type !== "string") return <Json {...props} />;
  return (
    <TagInput label={label} help={field.description} tags={words} onChange={onChange} clean={asWritten} />
  );
}

function Json({ name, field, value, error, onChange }: SettingProps) {
  const t = useCommonText();
  const [text, setText] = useState(() => (value === undefined ? "" : JSON.stringify(value, null, 2)));
  const [isBroken, setBroken] = useState(false);
  const write = (next: string) => {
    setText(next);
    try {
      onChange(next.trim() ? JSON.parse(next) : undefined);
      setBroken(false);
    } catch {
      setBroken(true);
    }
  };
  return (
    <Field
      label={field.title ?? name}
      help={withCode(field.description)}
      error={isBroken ? t("wrongForm") : error}
      value={text}
      onChange={write}
      rows={4}
      monospace
    />
  );
}
