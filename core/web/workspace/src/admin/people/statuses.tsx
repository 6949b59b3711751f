/** What agents can say of their availability. */
import type { AgentStatus } from "@passerelle/client";
import { useState } from "react";
import { api } from "../../desk/api";
import { Button, EmptyState, Page, PresenceDot, Section, Table, useLoaded } from "../../ui";
import { useDeleteQuestion } from "../parts/act";
import { Load } from "../parts/load";
import { RowMenu, RowName } from "../parts/row-menu";
import { useCommonText } from "../parts/texts";
import { StatusDrawer } from "./status-drawer";
import { usePeopleText } from "./texts";

export function StatusesPage() {
  const t = usePeopleText();
  const statuses = useLoaded("statuses", () => api.availability.statuses());
  const { askDelete, dialog } = useDeleteQuestion();
  const [edited, setEdited] = useState<AgentStatus | "new" | null>(null);
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setEdited("new")}>
      {t("statusNew")}
    </Button>
  );
  const remove = ({ id, name }: AgentStatus) =>
    askDelete(name, () => api.availability.removeStatus(id), statuses.reload);
  return (
    <Page title={t("statuses")} intro={t("statusesIntro")} actions={add}>
      <Load from={statuses}>
        {(all) => (
          <>
            <Own statuses={all.filter(({ custom }) => custom)} onEdit={setEdited} onDelete={remove} />
            <Stock statuses={all.filter(({ custom }) => !custom)} />
          </>
        )}
      </Load>
      {edited && (
        <StatusDrawer
          status={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null);
            statuses.reload();
          }}
        />
      )}
      {dialog}
    </Page>
  );
}

interface OwnProps {
  statuses: AgentStatus[];
  onEdit(status: AgentStatus): void;
  onDelete(status: AgentStatus): void;
}

function Own({ statuses, onEdit, onDelete }: OwnProps) {
  const t = usePeopleText();
  const common = useCommonText();
  return (
    <Section title={t("statusesOwn")} intro={t("statusesOwnIntro")}>
      {statuses.length === 0 ? (
        <EmptyState icon="clock" title={t("statusesEmpty")} text={t("statusesEmptyText")} />
      ) : (
        <Table
          label={t("statusesOwn")}
          rows={statuses}
          keyOf={({ id }) => id}
          columns={[
            {
              id: "name",
              title: t("status"),
              cell: (status) => (
                <RowName name={status.name} detail={status.description} onPress={() => onEdit(status)} />
              ),
            },
            { id: "like", title: t("behaves"), cell: (status) => <Category status={status} /> },
            {
              id: "more",
              title: "",
              width: "3rem",
              align: "end",
              cell: (status) => (
                <RowMenu
                  name={status.name || common("unknown")}
                  onEdit={() => onEdit(status)}
                  onDelete={() => onDelete(status)}
                />
              ),
            },
          ]}
        />
      )}
    </Section>
  );
}

function Category({ status: { status_category: category } }: { status: AgentStatus }) {
  const t = usePeopleText();
  return (
    <span className="row-person">
      <PresenceDot presence={category} />
      {t(`category_${category}`)}
    </span>
  );
}

function Stock({ statuses }: { statuses: AgentStatus[] }) {
  const t = usePeopleText();
  return (
    <Section title={t("statusesStock")} intro={t("statusesStockIntro")}>
      <ul className="plain-list">
        {statuses.map(({ id, status_category: category }) => (
          <li key={id} className="stock-status">
            <PresenceDot presence={category} />
            <strong>{t(`category_${category}`)}</strong>
            <span className="soft">{t(`categoryHelp_${category}`)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
