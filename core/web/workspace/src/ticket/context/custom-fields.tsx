/** The fields that admins have added, in the order of the ticket's form. */
import { useState } from "react";
import { changeTicket } from "../../desk/actions";
import { useDesk } from "../../desk/desk";
import type { FieldValue, Ticket, TicketField, TicketForm } from "../../desk/wire";
import { useText } from "../../i18n";
import { Checkbox, Field, Select } from "../../ui";

export function CustomFields({ ticket, isDisabled }: { ticket: Ticket; isDisabled: boolean }) {
  const fields = useDesk((state) => state.fields);
  const forms = useDesk((state) => state.forms);
  const shown = fieldsOf(ticket, fields, forms);
  if (!shown.length) return null;
  return (
    <div className="properties">
      {shown.map((field) => (
        <CustomField key={field.id} field={field} ticket={ticket} isDisabled={isDisabled} />
      ))}
    </div>
  );
}

const OWN_TYPES = ["subject", "description", "status", "priority", "tickettype", "group", "assignee"];

/** Custom fields of the ticket's form, in its order; all of them where there is no form. */
export function fieldsOf(
  ticket: Ticket,
  fields: readonly TicketField[],
  forms: readonly TicketForm[],
): readonly TicketField[] {
  const custom = fields.filter((field) => field.active && !OWN_TYPES.includes(field.type));
  const form =
    forms.find((other) => other.id === ticket.ticket_form_id) ?? forms.find((other) => other.default);
  if (!form) return custom;
  return form.ticket_field_ids.flatMap((id) => custom.filter((field) => field.id === id));
}

interface Props {
  field: TicketField;
  ticket: Ticket;
  isDisabled: boolean;
}

const NONE = "";

function CustomField({ field, ticket, isDisabled }: Props) {
  const t = useText();
  const value = ticket.custom_fields.find((other) => other.id === field.id)?.value ?? null;
  const save = (next: FieldValue) => {
    if (next !== value) void changeTicket(ticket.id, { custom_fields: [{ id: field.id, value: next }] });
  };
  if (field.type === "checkbox")
    return (
      <Checkbox isSelected={value === true} isDisabled={isDisabled} onChange={save}>
        {field.title}
      </Checkbox>
    );
  if (field.type === "multiselect")
    return <ManyOf field={field} value={value} isDisabled={isDisabled} onSave={save} />;
  if (field.type === "tagger")
    return (
      <Select
        label={field.title}
        value={typeof value === "string" ? value : NONE}
        isDisabled={isDisabled}
        options={[
          { id: NONE, name: t("none") },
          ...(field.custom_field_options ?? []).map((option) => ({ id: option.value, name: option.name })),
        ]}
        onChange={(id) => save(id === NONE ? null : id)}
      />
    );
  return (
    <WrittenField key={String(value)} field={field} value={value} isDisabled={isDisabled} onSave={save} />
  );
}

interface Written {
  field: TicketField;
  value: FieldValue;
  isDisabled: boolean;
  onSave(value: FieldValue): void;
}

/** Saved when the agent leaves it, unless it is wrong. */
function WrittenField({ field, value, isDisabled, onSave }: Written) {
  const t = useText();
  const [text, setText] = useState(value === null ? "" : String(value));
  const read = readField(field, text);
  const error = read.ok ? null : t(read.problem);
  return (
    <Field
      label={field.title}
      help={field.description || undefined}
      type={field.type === "date" ? "date" : "text"}
      {...(field.type === "textarea" && { rows: 2 })}
      value={text}
      onChange={setText}
      error={error}
      isDisabled={isDisabled}
      onBlur={() => read.ok && onSave(read.value)}
    />
  );
}

type Reading =
  | { ok: true; value: FieldValue }
  | { ok: false; problem: "fieldNotNumber" | "fieldNotMatching" };

/** What a written value means for the field's type. */
export function readField(field: Pick<TicketField, "type" | "regexp_for_validation">, text: string): Reading {
  const word = text.trim();
  if (!word) return { ok: true, value: null };
  if (field.type === "integer")
    return /^-?\d+$/.test(word)
      ? { ok: true, value: Number(word) }
      : { ok: false, problem: "fieldNotNumber" };
  if (field.type === "decimal") {
    const number = Number(word.replace(",", "."));
    return Number.isFinite(number) ? { ok: true, value: number } : { ok: false, problem: "fieldNotNumber" };
  }
  if (field.type === "regexp" && !matches(field.regexp_for_validation, word))
    return { ok: false, problem: "fieldNotMatching" };
  return { ok: true, value: text };
}

/** A pattern that the browser does not understand is left to the gateway. */
function matches(pattern: string | null, word: string): boolean {
  try {
    return !pattern || new RegExp(pattern).test(word);
  } catch {
    return true;
  }
}

function ManyOf({ field, value, isDisabled, onSave }: Written) {
  const chosen = Array.isArray(value) ? value : [];
  return (
    <fieldset className="field">
      <legend className="label">{field.title}</legend>
      {(field.custom_field_options ?? []).map((option) => (
        <Checkbox
          key={option.value}
          isSelected={chosen.includes(option.value)}
          isDisabled={isDisabled}
          onChange={(on) =>
            onSave(on ? [...chosen, option.value] : chosen.filter((one) => one !== option.value))
          }
        >
          {option.name}
        </Checkbox>
      ))}
    </fieldset>
  );
}
