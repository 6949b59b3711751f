/** Makes a ticket field, or changes it. */
import type { FieldOption, TicketField, TicketFieldType } from "@passerelle/client";
import { api } from "../../desk/api";
import { Checkbox, Field, Select, Switch, toast } from "../../ui";
import { FormDrawer } from "../parts/drawer";
import { type Form, useForm } from "../parts/form";
import { type Keyed, keyed, plain } from "../parts/keyed";
import { useCommonText } from "../parts/texts";
import { OptionRows } from "./option-rows";
import { useRulesText } from "./texts";

/** What can be made; references to other objects cannot be filled in by people. */
const TYPES = [
  "text",
  "textarea",
  "integer",
  "decimal",
  "checkbox",
  "date",
  "tagger",
  "multiselect",
  "regexp",
] as const satisfies TicketFieldType[];

interface Props {
  field: TicketField | null;
  onSaved(): void;
  onClose(): void;
}

interface Draft {
  type: TicketFieldType;
  title: string;
  description: string;
  active: boolean;
  required: boolean;
  visible_in_portal: boolean;
  editable_in_portal: boolean;
  regexp_for_validation: string;
  key: string;
  options: Keyed<FieldOption>[];
}

export function FieldDrawer({ field, onSaved, onClose }: Props) {
  const t = useRulesText();
  const common = useCommonText();
  const form = useForm<Draft>(() => draftOf(field));
  const { draft, change, about } = form;
  const save = async () => {
    const { create, update } = api.fields;
    if (!(await form.submit((now) => (field ? update(field.id, wire(now, field)) : create(wire(now, null))))))
      return;
    toast({ kind: "done", text: field ? common("saved") : common("createdDone", { name: draft.title }) });
    onSaved();
  };
  return (
    <FormDrawer
      title={field ? t("fieldEdit", { name: field.title }) : t("fieldNew")}
      form={form}
      fields={["title", "type", "description", "key", "regexp_for_validation"]}
      onSave={() => void save()}
      onClose={onClose}
    >
      <Field
        label={common("title")}
        value={draft.title}
        onChange={(title) => change({ title })}
        error={about("title")}
        isRequired
        autoFocus
      />
      <Select
        label={t("type")}
        value={draft.type}
        onChange={(type) => change({ type: type as TicketFieldType })}
        isDisabled={field !== null}
        help={field ? t("typeFixed") : undefined}
        error={about("type")}
        options={(field ? [field.type] : TYPES).map((id) => ({ id, name: t(`type_${id}`) }))}
      />
      <TypeParts form={form} />
      <Field
        label={common("description")}
        value={draft.description}
        onChange={(description) => change({ description })}
        error={about("description")}
      />
      {field?.removable !== false && (
        <>
          <Field
            label={t("fieldKey")}
            help={t("fieldKeyHelp")}
            value={draft.key}
            onChange={(key) => change({ key: key.replace(/\s+/g, "_") })}
            error={about("key")}
            monospace
          />
          <Ticks form={form} />
        </>
      )}
    </FormDrawer>
  );
}

/** What only fields of this type have. */
function TypeParts({ form: { draft, change, about } }: { form: Form<Draft> }) {
  const t = useRulesText();
  switch (draft.type) {
    case "tagger":
    case "multiselect":
      return <OptionRows rows={draft.options} onChange={(options) => change({ options })} />;
    case "regexp":
      return (
        <Field
          label={t("pattern")}
          help={t("patternHelp")}
          value={draft.regexp_for_validation}
          onChange={(pattern) => change({ regexp_for_validation: pattern })}
          error={about("regexp_for_validation")}
          monospace
        />
      );
    default:
      return null;
  }
}

function Ticks({ form: { draft, change } }: { form: Form<Draft> }) {
  const t = useRulesText();
  const common = useCommonText();
  return (
    <div className="form">
      <Checkbox isSelected={draft.required} onChange={(required) => change({ required })}>
        {t("requiredToSolve")}
      </Checkbox>
      <Checkbox
        isSelected={draft.visible_in_portal}
        onChange={(on) => change({ visible_in_portal: on, ...(!on && { editable_in_portal: false }) })}
      >
        {t("endUserSees")}
      </Checkbox>
      <Checkbox
        isSelected={draft.editable_in_portal}
        onChange={(on) => change({ editable_in_portal: on, ...(on && { visible_in_portal: true }) })}
      >
        {t("endUserFills")}
      </Checkbox>
      <Switch isSelected={draft.active} onChange={(active) => change({ active })}>
        {common("active")}
      </Switch>
    </div>
  );
}

function draftOf(field: TicketField | null): Draft {
  return {
    type: field?.type ?? "text",
    title: field?.title ?? "",
    description: field?.description ?? "",
    active: field?.active ?? true,
    required: field?.required ?? false,
    visible_in_portal: field?.visible_in_portal ?? false,
    editable_in_portal: field?.editable_in_portal ?? false,
    regexp_for_validation: field?.regexp_for_validation ?? "",
    key: field?.key ?? "",
    options: (field?.custom_field_options ?? []).map(keyed),
  };
}

function wire({ options, regexp_for_validation, key, ...words }: Draft, before: TicketField | null) {
  const { type, ...changes } = words;
  return {
    ...(before ? changes : { ...changes, type }),
    ...(type === "regexp" && { regexp_for_validation }),
    ...(key && { key }),
    ...((type === "tagger" || type === "multiselect") && { custom_field_options: options.map(plain) }),
  };
}
