/** Ticket fields: one's own, in their order, and those that every ticket has. */
import type { TicketField } from "@passerelle/client";
import { useState } from "react";
import { api } from "../../desk/api";
import { Button, Chip, EmptyState, type MenuEntry, Page, Section, useLoaded } from "../../ui";
import { useAct, useDeleteQuestion } from "../parts/act";
import { shifted } from "../parts/keyed";
import { Load } from "../parts/load";
import { OrderList } from "../parts/order-list";
import { RowMenu, RowName } from "../parts/row-menu";
import { useCommonText } from "../parts/texts";
import { FieldDrawer } from "./field-drawer";
import { movedIn } from "./order";
import { useRulesText } from "./texts";

export function FieldsPage() {
  const t = useRulesText();
  const fields = useLoaded("fields", () => api.fields.all());
  const [edited, setEdited] = useState<TicketField | "new" | null>(null);
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setEdited("new")}>
      {t("fieldNew")}
    </Button>
  );
  return (
    <Page title={t("fields")} intro={t("fieldsIntro")} actions={add}>
      <Load from={fields}>
        {(all) => (
          <>
            <Own
              fields={all.filter(({ removable }) => removable)}
              onEdit={setEdited}
              onChange={(own) => fields.set([...all.filter(({ removable }) => !removable), ...own])}
            />
            <Stock fields={all.filter(({ removable }) => !removable)} onEdit={setEdited} />
          </>
        )}
      </Load>
      {edited && (
        <FieldDrawer
          field={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null);
            fields.reload();
          }}
        />
      )}
    </Page>
  );
}

function Stock({ fields, onEdit }: { fields: TicketField[]; onEdit(field: TicketField): void }) {
  const t = useRulesText();
  if (!fields.length) return null;
  return (
    <Section title={t("fieldsStock")} intro={t("fieldsStockIntro")}>
      <ul className="plain-list">
        {fields.map((field) => (
          <li key={field.id}>
            <RowName name={field.title} onPress={() => onEdit(field)} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface OwnProps {
  fields: TicketField[];
  onEdit(field: TicketField): void;
  onChange(fields: TicketField[]): void;
}

function Own({ fields, onEdit, onChange }: OwnProps) {
  const t = useRulesText();
  const common = useCommonText();
  const act = useAct();
  const { askDelete, dialog } = useDeleteQuestion();
  const reorder = async (next: TicketField[]) => {
    onChange(next);
    const order = () => movedIn<number>((id, position) => api.fields.update(id, { position }))(next);
    if (!(await act(order, common("moved")))) onChange(fields);
  };
  const remove = (field: TicketField) => {
    const forget = () => onChange(fields.filter(({ id }) => id !== field.id));
    askDelete(field.title, () => api.fields.remove(field.id), forget, t("fieldDeleteText"));
  };
  if (!fields.length)
    return (
      <Section title={t("fieldsOwn")}>
        <EmptyState icon="tag" title={t("fieldsEmpty")} text={t("fieldsEmptyText")} />
      </Section>
    );
  return (
    <>
      <OrderList
        label={t("fieldsOwn")}
        items={fields}
        keyOf={({ id }) => String(id)}
        nameOf={({ title }) => title}
        onOrder={(next) => void reorder(next)}
      >
        {(field) => (
          <>
            <div className={`grow ${field.active ? "" : "is-off"}`}>
              <RowName name={field.title} detail={field.description} onPress={() => onEdit(field)} />
            </div>
            {field.required && <Chip tone="warn">{common("required")}</Chip>}
            {!field.active && <Chip>{common("inactive")}</Chip>}
            <TypeChip type={field.type} />
            <RowMenu
              name={field.title}
              onEdit={() => onEdit(field)}
              others={moves(field)}
              onDelete={() => remove(field)}
            />
          </>
        )}
      </OrderList>
      {dialog}
    </>
  );

  function moves(field: TicketField): MenuEntry[] {
    const move = (by: -1 | 1) => () => void reorder(shifted(fields, field, by));
    const at = fields.indexOf(field);
    return [
      { id: "up", name: common("moveUp"), icon: "up", disabled: at === 0, onAction: move(-1) },
      {
        id: "down",
        name: common("moveDown"),
        icon: "down",
        disabled: at === fields.length - 1,
        onAction: move(1),
      },
    ];
  }
}

function TypeChip({ type }: { type: TicketField["type"] }) {
  const t = useRulesText();
  return <Chip tone="info">{t(`type_${type}`)}</Chip>;
}
