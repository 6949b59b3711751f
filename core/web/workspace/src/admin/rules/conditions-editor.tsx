/** Conditions as rows: a field, a comparison, a value. What can be chosen comes from the server's definitions. */
import type { Condition, ConditionDefinition, Definitions } from "@passerelle/client";
import { useSay } from "../../desk/rule-words";
import { Button, IconButton, Select } from "../../ui";
import { type Keyed, keyed, replaced } from "../parts/keyed";
import { type ConditionsDraft, choosable, freshCondition, isTerminal } from "./definitions";
import { useRulesText } from "./texts";
import { ValueEditor } from "./value-editor";
import { sayCondition } from "./words";

interface Props {
  definitions: Definitions;
  value: ConditionsDraft;
  onChange(value: ConditionsDraft): void;
}

export function ConditionsEditor({ definitions, value, onChange }: Props) {
  const t = useRulesText();
  return (
    <>
      <Rows
        title={t("conditionsAll")}
        empty={t("conditionsAllEmpty")}
        definitions={definitions.conditions_all}
        rows={value.all}
        onChange={(all) => onChange({ ...value, all })}
      />
      <Rows
        title={t("conditionsAny")}
        empty={t("conditionsAnyEmpty")}
        definitions={definitions.conditions_any}
        rows={value.any}
        onChange={(any) => onChange({ ...value, any })}
        canRepeat
      />
    </>
  );
}

interface RowsProps {
  title: string;
  empty: string;
  definitions: readonly ConditionDefinition[];
  rows: Keyed<Condition>[];
  onChange(rows: Keyed<Condition>[]): void;
  /** Where one of several is enough, a field may be asked for twice. */
  canRepeat?: boolean;
}

function Rows({ title, empty, definitions, rows, onChange, canRepeat = false }: RowsProps) {
  const t = useRulesText();
  const taken = canRepeat ? [] : rows.map((row) => row.field);
  const [next] = choosable(definitions, taken);
  return (
    <fieldset className="builder">
      <legend className="builder-title">{title}</legend>
      {rows.length === 0 && <p className="builder-empty">{empty}</p>}
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
          onPress={() => next && onChange([...rows, keyed(freshCondition(next))])}
        >
          {t("addCondition")}
        </Button>
      </div>
    </fieldset>
  );
}

interface RowProps {
  row: Condition;
  fields: ConditionDefinition[];
  onChange(part: Partial<Condition>): void;
  onRemove(): void;
}

function Row({ row, fields, onChange, onRemove }: RowProps) {
  const t = useRulesText();
  const say = useSay();
  const definition = fields.find(({ subject }) => subject === row.field);
  const choose = (subject: string) => {
    const chosen = fields.find((field) => field.subject === subject);
    if (chosen) onChange(freshCondition(chosen));
  };
  return (
    <div className="builder-row">
      <Select
        label={t("conditionField")}
        labelHidden
        options={fields.map((field) => ({
          id: field.subject,
          name: say.condition(field),
          detail: say.group(field.group),
        }))}
        value={definition ? row.field : null}
        placeholder={row.field}
        onChange={choose}
      />
      {definition ? (
        <Comparison definition={definition} row={row} onChange={onChange} />
      ) : (
        <p className="builder-gone">{t("fieldGone")}</p>
      )}
      <IconButton
        icon="trash"
        label={t("removeCondition", { what: sayCondition(say, row, fields) })}
        onPress={onRemove}
      />
    </div>
  );
}

function Comparison(props: {
  definition: ConditionDefinition;
  row: Condition;
  onChange(part: Partial<Condition>): void;
}) {
  const { definition, row, onChange } = props;
  const t = useRulesText();
  const say = useSay();
  const terminal = isTerminal(definition, row.operator);
  const compare = (operator: string) => {
    if (isTerminal(definition, operator)) onChange({ operator, value: null });
    else onChange({ operator, value: row.value ?? freshCondition(definition).value ?? "" });
  };
  return (
    <>
      <Select
        label={t("conditionOperator")}
        labelHidden
        options={definition.operators.map((operator) => ({
          id: operator.value,
          name: say.operator(operator),
        }))}
        value={row.operator}
        onChange={compare}
      />
      {terminal ? (
        <span />
      ) : (
        <ValueEditor
          key={row.field}
          label={t("conditionValue")}
          definition={definition}
          value={row.value}
          onChange={(value) => onChange({ value })}
        />
      )}
    </>
  );
}
