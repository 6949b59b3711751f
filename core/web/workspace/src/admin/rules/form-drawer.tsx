/** Makes a ticket form, or changes which fields it shows and in which order. */
import type { TicketField, TicketForm } from "@passerelle/client";
import { api } from "../../desk/api";
import { Checkbox, Field, Switch, toast } from "../../ui";
import { FormDrawer } from "../parts/drawer";
import { useForm } from "../parts/form";
import { OrderList } from "../parts/order-list";
import { useCommonText } from "../parts/texts";
import { useRulesText } from "./texts";

interface Props {
  form: TicketForm | null;
  fields: TicketField[];
  onSaved(): void;
  onClose(): void;
}

export function FormFormDrawer({ form: kept, fields, onSaved, onClose }: Props) {
  const t = useRulesText();
  const common = useCommonText();
  const form = useForm({
    name: kept?.name ?? "",
    active: kept?.active ?? true,
    default: kept?.default ?? false,
    ticket_field_ids:
      kept?.ticket_field_ids ?? fields.filter((field) => !field.removable).map(({ id }) => id),
  });
  const { draft, change, about } = form;
  const save = async () => {
    const { create, update } = api.forms;
    if (!(await form.submit((now) => (kept ? update(kept.id, now) : create(now))))) return;
    toast({ kind: "done", text: common("saved") });
    onSaved();
  };
  return (
    <FormDrawer
      title={kept ? t("formEdit", { name: kept.name }) : t("formNew")}
      form={form}
      fields={["name"]}
      onSave={() => void save()}
      onClose={onClose}
    >
      <Field
        label={common("name")}
        value={draft.name}
        onChange={(name) => change({ name })}
        error={about("name")}
        isRequired
        autoFocus
      />
      <FieldOrder
        fields={fields}
        chosen={draft.ticket_field_ids}
        onChange={(ids) => change({ ticket_field_ids: ids })}
      />
      <Checkbox isSelected={draft.default} onChange={(on) => change({ default: on })}>
        {t("formDefaultLabel")}
      </Checkbox>
      <Switch isSelected={draft.active} onChange={(active) => change({ active })}>
        {common("active")}
      </Switch>
    </FormDrawer>
  );
}

interface OrderProps {
  fields: TicketField[];
  chosen: number[];
  onChange(ids: number[]): void;
}

/** Those that are chosen, in their order; the others below, to be added. */
function FieldOrder({ fields, chosen, onChange }: OrderProps) {
  const t = useRulesText();
  const shown = chosen.flatMap((id) => fields.find((field) => field.id === id) ?? []);
  const others = fields.filter(({ id, active }) => active && !chosen.includes(id));
  const toggle = (id: number, on: boolean) =>
    onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id));
  return (
    <div className="builder">
      <span className="label">{t("formFields")}</span>
      <OrderList
        label={t("formFields")}
        items={shown}
        keyOf={({ id }) => String(id)}
        nameOf={({ title }) => title}
        onOrder={(next) => onChange(next.map(({ id }) => id))}
      >
        {({ id, title }) => (
          <Checkbox isSelected onChange={(on) => toggle(id, on)}>
            {title}
          </Checkbox>
        )}
      </OrderList>
      <div className="ticks">
        {others.map(({ id, title }) => (
          <Checkbox key={id} isSelected={false} onChange={(on) => toggle(id, on)}>
            {title}
          </Checkbox>
        ))}
      </div>
    </div>
  );
}
