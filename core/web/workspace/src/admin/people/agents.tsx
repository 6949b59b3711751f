/** Who works here. */
import type { Agent, Availability } from "@passerelle/client";
import { useState } from "react";
import { api } from "../../desk/api";
import { useMe } from "../../session/session";
import {
  Avatar,
  Button,
  Chip,
  type Column,
  EmptyState,
  Page,
  type Presence,
  PresenceDot,
  Table,
  useLoaded,
} from "../../ui";
import { useConfirm } from "../parts/act";
import { Load } from "../parts/load";
import { nameIn, useHouse } from "../parts/people";
import { RowMenu, RowName } from "../parts/row-menu";
import { useCommonText } from "../parts/texts";
import { AgentDrawer } from "./agent-drawer";
import { SessionsDialog } from "./sessions-dialog";
import { usePeopleText } from "./texts";

export function AgentsPage() {
  const t = usePeopleText();
  const house = useHouse();
  const [edited, setEdited] = useState<Agent | "new" | null>(null);
  const [watched, setWatched] = useState<Agent | null>(null);
  const add = (
    <Button kind="primary" icon="plus" onPress={() => setEdited("new")}>
      {t("agentNew")}
    </Button>
  );
  return (
    <Page title={t("agents")} intro={t("agentsIntro")} actions={add}>
      <Load from={house}>
        {({ agents, groups }) => (
          <>
            {agents.length ? (
              <AgentTable
                agents={agents}
                groups={groups}
                onEdit={setEdited}
                onSessions={setWatched}
                onGone={house.reload}
              />
            ) : (
              <EmptyState icon="user" title={t("agentsEmpty")} text={t("agentsEmptyText")} action={add} />
            )}
            {edited && (
              <AgentDrawer
                agent={edited === "new" ? null : edited}
                groups={groups}
                onSaved={() => {
                  setEdited(null);
                  house.reload();
                }}
                onClose={() => setEdited(null)}
              />
            )}
          </>
        )}
      </Load>
      {watched && <SessionsDialog agent={watched} onClose={() => setWatched(null)} />}
    </Page>
  );
}

interface TableProps {
  agents: Agent[];
  groups: { id: number; name: string }[];
  onEdit(agent: Agent): void;
  onSessions(agent: Agent): void;
  onGone(): void;
}

function AgentTable({ agents, groups, onEdit, onSessions, onGone }: TableProps) {
  const t = usePeopleText();
  const availabilities = useLoaded("availability", () => api.availability.all());
  const { askRemoval, dialog } = useRemoval(onGone);
  const columns: Column<Agent>[] = [
    { id: "name", title: t("agent"), cell: (agent) => <Who agent={agent} onPress={() => onEdit(agent)} /> },
    { id: "role", title: t("role"), cell: (agent) => <Role role={agent.role} /> },
    {
      id: "groups",
      title: t("groups"),
      cell: (agent) => (
        <div className="chips">
          {agent.group_ids.map((id) => (
            <Chip key={id}>{nameIn(groups, id) || String(id)}</Chip>
          ))}
        </div>
      ),
    },
    { id: "now", title: t("now"), cell: (agent) => <Now agent={agent} all={availabilities.data ?? []} /> },
    {
      id: "two",
      title: t("twoFactor"),
      width: "6rem",
      cell: (agent) => <TwoFactor on={agent.two_factor_auth_enabled} />,
    },
    {
      id: "more",
      title: "",
      width: "3rem",
      align: "end",
      cell: (agent) => (
        <RowMenu
          name={agent.name}
          onEdit={() => onEdit(agent)}
          others={[
            { id: "sessions", name: t("openSessions"), icon: "screen", onAction: () => onSessions(agent) },
          ]}
          onDelete={() => askRemoval(agent)}
        />
      ),
    },
  ];
  return (
    <>
      <Table label={t("agents")} columns={columns} rows={agents} keyOf={(agent) => agent.id} />
      {dialog}
    </>
  );
}

function useRemoval(onGone: () => void) {
  const t = usePeopleText();
  const me = useMe();
  const { ask, dialog } = useConfirm();
  const askRemoval = (agent: Agent) => {
    const self = agent.id === me.id;
    ask({
      title: t("removeAgentTitle", { name: agent.name }),
      text: self ? t("removeSelf") : t("removeAgentText", { name: agent.name }),
      action: t("removeAgent"),
      act: () => (self ? Promise.resolve() : api.users.remove(agent.id)),
      done: self ? undefined : t("removeAgentDone", { name: agent.name }),
      after: onGone,
    });
  };
  return { askRemoval, dialog };
}

function Who({ agent, onPress }: { agent: Agent; onPress(): void }) {
  return (
    <div className="row-person">
      <Avatar name={agent.name} />
      <div>
        <RowName name={agent.name} detail={agent.email} onPress={onPress} />
      </div>
    </div>
  );
}

function Role({ role }: { role: Agent["role"] }) {
  const t = usePeopleText();
  return <Chip tone={role === "admin" ? "accent" : "neutral"}>{t(`role_${role}`)}</Chip>;
}

/** The four stock statuses by their number; custom ones say their name. */
const PRESENCE: Record<number, Presence> = { 2: "offline", 3: "online", 4: "away", 5: "transfers_only" };

function Now({ agent, all }: { agent: Agent; all: Availability[] }) {
  const t = usePeopleText();
  const now = all.find((one) => one.agent_id === agent.id);
  if (!now) return <span className="soft">{t("load", { n: 0, max: agent.capacity })}</span>;
  const { id, name } = now.agent_status;
  return (
    <div className="row-person">
      <PresenceDot presence={PRESENCE[id] ?? "away"} />
      <div>
        <span className="row-status">{PRESENCE[id] ? t(`category_${PRESENCE[id]}`) : name}</span>
        <span className="row-detail">
          {t("load", { n: now.channels.messaging.work_item_count, max: agent.capacity })}
        </span>
      </div>
    </div>
  );
}

function TwoFactor({ on }: { on: boolean }) {
  const t = useCommonText();
  return on ? (
    <Chip tone="good" icon="shield">
      {t("on")}
    </Chip>
  ) : (
    <span className="soft">{t("off")}</span>
  );
}
