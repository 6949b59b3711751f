/** Ticket forms: which fields a kind of ticket shows. */
import type { TicketField, TicketForm } from "@passerelle/client";
import { useState } from "react";
import { api } from "../../desk/api";
import { Button, Chip, EmptyState, Page, Table, useLoaded } from "../../ui";
import { useDeleteQuestion } from "../parts/act";
import { Load } from "../parts/load";
import { RowMenu, RowName } from "../parts/row-menu";
import { useCommonText } from "../parts/texts";
import { FormFormDrawer } from "./form-drawer";
import { useRulesText } from "./texts";

export function FormsPage() {
  const t = useRulesText();
  const loaded = useLoaded("forms", async () => {
    const [forms, fields] = await Promise.all([api.forms.all(), api.fields.all()]);
    return { forms, fields };
  });
  const { askDelete, dialog } = useDeleteQuestion();
  const [edited, setEdited] = useState<TicketForm | "new" | null>(null);
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setEdited("new")}>
      {t("formNew")}
    </Button>
  );
  const remove = ({ id, name }: TicketForm) => askDelete(name, () => api.forms.remove(id), loaded.reload);
  return (
    <Page title={t("forms")} intro={t("formsIntro")} actions={add}>
      <Load from={loaded}>
        {({ forms, fields }) => (
          <>
            {forms.length ? (
              <FormTable forms={forms} fields={fields} onEdit={setEdited} onDelete={remove} />
            ) : (
              <EmptyState icon="file" title={t("formsEmpty")} text={t("formsEmptyText")} action={add} />
            )}
            {edited && (
              <FormFormDrawer
                form={edited === "new" ? null : edited}
                fields={fields}
                onClose={() => setEdited(null)}
                onSaved={() => {
                  setEdited(null);
                  loaded.reload();
                }}
              />
            )}
          </>
        )}
      </Load>
      {dialog}
    </Page>
  );
}

interface TableProps {
  forms: TicketForm[];
  fields: TicketField[];
  onEdit(form: TicketForm): void;
  onDelete(form: TicketForm): void;
}

function FormTable({ forms, fields, onEdit, onDelete }: TableProps) {
  const t = useRulesText();
  const common = useCommonText();
  return (
    <Table
      label={t("forms")}
      rows={forms}
      keyOf={({ id }) => id}
      columns={[
        {
          id: "name",
          title: t("form"),
          width: "16rem",
          cell: (form) => <RowName name={form.name} onPress={() => onEdit(form)} />,
        },
        {
          id: "fields",
          title: t("formFields"),
          cell: ({ ticket_field_ids: ids }) => (
            <span className="soft">{ids.map((id) => titleOf(fields, id)).join(", ")}</span>
          ),
        },
        {
          id: "state",
          title: "",
          width: "9rem",
          cell: (form) => (
            <div className="chips">
              {form.default && <Chip tone="accent">{t("formDefault")}</Chip>}
              {!form.active && <Chip>{common("inactive")}</Chip>}
            </div>
          ),
        },
        {
          id: "more",
          title: "",
          width: "3rem",
          align: "end",
          cell: (form) => (
            <RowMenu name={form.name} onEdit={() => onEdit(form)} onDelete={() => onDelete(form)} />
          ),
        },
      ]}
    />
  );
}

function titleOf(fields: TicketField[], id: number): string {
  return fields.find((field) => field.id === id)?.title ?? `#${id}`;
}
