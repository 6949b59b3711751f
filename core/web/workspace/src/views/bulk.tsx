/** Changes many tickets at once. */
import { useState } from "react";
import { tellProblem } from "../desk/actions";
import { api } from "../desk/api";
import { setDesk, useDesk } from "../desk/desk";
import { readTickets } from "../desk/reading";
import type { Status, TicketChange } from "../desk/wire";
import { PRIORITIES } from "../desk/words";
import { say, useText } from "../i18n";
import { useMe } from "../session/session";
import { Button, Confirm, IconButton, Menu, type MenuEntry, toast } from "../ui";

const BULK_STATUSES: Status[] = ["open", "pending", "hold", "solved", "closed"];

export function BulkBar({ ids, onDone }: { ids: number[]; onDone(): void }) {
  const t = useText();
  const me = useMe();
  const agents = useDesk((state) => state.agents);
  const groups = useDesk((state) => state.groups);
  const [closing, setClosing] = useState(false);
  const [busy, setBusy] = useState(false);
  const apply = async (change: TicketChange) => {
    setBusy(true);
    if (await changeMany(ids, change)) onDone();
    setBusy(false);
  };
  const entry = (id: string, name: string, change: TicketChange): MenuEntry => ({
    id,
    name,
    onAction: () => void apply(change),
  });
  const statuses = BULK_STATUSES.map((status) => ({
    ...entry(status, t(`status_${status}`), { status }),
    ...(status === "closed" && { danger: true, onAction: () => setClosing(true) }),
  }));
  const people = [
    entry("me", t("take"), { assignee_id: me.id }),
    entry("nobody", t("unassigned"), { assignee_id: null }),
    ...agents
      .filter((agent) => agent.id !== me.id)
      .map((agent) => entry(`agent-${agent.id}`, agent.name, { assignee_id: agent.id })),
  ];
  return (
    <div className="bulk" role="toolbar" aria-label={t("selected", { n: ids.length })}>
      <strong>{t("selected", { n: ids.length })}</strong>
      <Choice name={t("status")} entries={statuses} busy={busy} />
      <Choice
        name={t("priority")}
        busy={busy}
        entries={PRIORITIES.map((priority) => entry(priority, t(`priority_${priority}`), { priority }))}
      />
      <Choice name={t("assignee")} entries={people} busy={busy} />
      <Choice
        name={t("group")}
        busy={busy}
        entries={groups.map((group) => entry(`group-${group.id}`, group.name, { group_id: group.id }))}
      />
      <IconButton icon="close" size="small" label={t("clearSelection")} onPress={onDone} />
      <Confirm
        title={t("closeTicket")}
        isOpen={closing}
        danger
        action={t("closeTicket")}
        onClose={() => setClosing(false)}
        onConfirm={() => {
          setClosing(false);
          void apply({ status: "closed" });
        }}
      >
        <p>{t("closeText")}</p>
      </Confirm>
    </div>
  );
}

function Choice({ name, entries, busy }: { name: string; entries: MenuEntry[]; busy: boolean }) {
  return (
    <Menu label={name} parts={[{ id: "choices", entries }]}>
      <Button size="small" icon="down" busy={busy}>
        {name}
      </Button>
    </Menu>
  );
}

async function changeMany(ids: number[], change: TicketChange): Promise<boolean> {
  try {
    const job = await api.tickets.updateMany(ids, change);
    const failed = (job.results ?? []).filter((result) => result.success === false).length;
    if (failed)
      toast({ kind: "error", text: say("bulkFailed", { n: failed }), detail: job.message ?? undefined });
    if (ids.length > failed) toast({ kind: "done", text: say("bulkDone", { n: ids.length - failed }) });
    await readTickets(ids);
    setDesk(({ viewsTurn }) => ({ viewsTurn: viewsTurn + 1 }));
    return true;
  } catch (error) {
    tellProblem(error, say("bulkFailed", { n: ids.length }));
    return false;
  }
}
