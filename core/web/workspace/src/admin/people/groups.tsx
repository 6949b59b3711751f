/** Teams and who is in them. */
import type { Agent, Group } from "@passerelle/client";
import { useState } from "react";
import { api } from "../../desk/api";
import { Avatar, Button, Chip, EmptyState, Page, Table } from "../../ui";
import { useDeleteQuestion } from "../parts/act";
import { Load } from "../parts/load";
import { useHouse } from "../parts/people";
import { RowMenu, RowName } from "../parts/row-menu";
import { GroupDrawer } from "./group-drawer";
import { usePeopleText } from "./texts";

/** So many faces stand in a row; the rest is a number. */
const FACES = 5;

export function GroupsPage() {
  const t = usePeopleText();
  const house = useHouse();
  const { askDelete, dialog } = useDeleteQuestion();
  const [edited, setEdited] = useState<Group | "new" | null>(null);
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setEdited("new")}>
      {t("groupNew")}
    </Button>
  );
  const remove = (group: Group) =>
    askDelete(group.name, () => api.groups.remove(group.id), house.reload, t("groupDeleteText"));
  const saved = () => {
    setEdited(null);
    house.reload();
  };
  return (
    <Page title={t("groupsTitle")} intro={t("groupsIntro")} actions={add}>
      <Load from={house}>
        {({ agents, groups }) => (
          <>
            {groups.length ? (
              <GroupTable groups={groups} agents={agents} onEdit={setEdited} onDelete={remove} />
            ) : (
              <EmptyState icon="group" title={t("groupsEmpty")} text={t("groupsEmptyText")} action={add} />
            )}
            {edited && (
              <GroupDrawer
                group={edited === "new" ? null : edited}
                agents={agents}
                onSaved={saved}
                onClose={() => setEdited(null)}
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
  groups: Group[];
  agents: Agent[];
  onEdit(group: Group): void;
  onDelete(group: Group): void;
}

function GroupTable({ groups, agents, onEdit, onDelete }: TableProps) {
  const t = usePeopleText();
  return (
    <Table
      label={t("groupsTitle")}
      rows={groups}
      keyOf={(group) => group.id}
      columns={[
        {
          id: "name",
          title: t("group"),
          cell: (group) => (
            <RowName name={group.name} detail={group.description} onPress={() => onEdit(group)} />
          ),
        },
        {
          id: "members",
          title: t("members"),
          cell: (group) => <Members of={agents.filter((agent) => agent.group_ids.includes(group.id))} />,
        },
        {
          id: "default",
          title: "",
          width: "8rem",
          cell: (group) => group.default && <Chip tone="accent">{t("groupDefault")}</Chip>,
        },
        {
          id: "more",
          title: "",
          width: "3rem",
          align: "end",
          cell: (group) => (
            <RowMenu name={group.name} onEdit={() => onEdit(group)} onDelete={() => onDelete(group)} />
          ),
        },
      ]}
    />
  );
}

function Members({ of: members }: { of: Agent[] }) {
  const t = usePeopleText();
  if (!members.length) return <span className="soft">{t("membersNone")}</span>;
  return (
    <div className="row-person" title={members.map((agent) => agent.name).join(", ")}>
      <span className="faces">
        {members.slice(0, FACES).map((agent) => (
          <Avatar key={agent.id} name={agent.name} size="small" />
        ))}
      </span>
      <span className="soft">{t("membersCount", { n: members.length })}</span>
    </div>
  );
}
