/** What a ticket asks before something is done with it. */
import { useState } from "react";
import { changeTicket, handBack, mergeInto, setTicketStatus } from "../desk/actions";
import { useDesk } from "../desk/desk";
import type { Ticket } from "../desk/wire";
import { useText } from "../i18n";
import { Button, Combo, Confirm, Dialog, Field } from "../ui";

export type Asking = "assign" | "transfer" | "merge" | "close" | "release";

interface Props {
  ticket: Ticket;
  asking: Asking | null;
  onClose(): void;
}

export function TicketDialogs({ ticket, asking, onClose }: Props) {
  const t = useText();
  return (
    <>
      {asking === "assign" && <AssignDialog ticket={ticket} onClose={onClose} />}
      {asking === "transfer" && <TransferDialog ticket={ticket} onClose={onClose} />}
      {asking === "merge" && <MergeDialog ticket={ticket} onClose={onClose} />}
      <Confirm
        title={t("closeTitle", { id: ticket.id })}
        isOpen={asking === "close"}
        danger
        action={t("closeTicket")}
        onClose={onClose}
        onConfirm={() => {
          onClose();
          void setTicketStatus(ticket.id, "closed");
        }}
      >
        <p>{t("closeText")}</p>
      </Confirm>
      <Confirm
        title={t("endSessionTitle")}
        isOpen={asking === "release"}
        action={t("endSessionGo")}
        onClose={onClose}
        onConfirm={() => {
          onClose();
          void handBack(ticket.id);
        }}
      >
        <p>{t("endSessionText")}</p>
      </Confirm>
    </>
  );
}

function AssignDialog({ ticket, onClose }: Omit<Props, "asking">) {
  const t = useText();
  const agents = useDesk((state) => state.agents);
  const assign = (id: string) => {
    onClose();
    const agent = agents.find((other) => other.id === Number(id));
    if (agent)
      void changeTicket(ticket.id, { assignee_id: agent.id }, t("stateAssigned", { name: agent.name }));
  };
  return (
    <Dialog title={t("assignTitle", { id: ticket.id })} isOpen onClose={onClose} size="small">
      <Combo
        label={t("chooseAssignee")}
        placeholder={t("assigneeSearch")}
        emptyText={t("nothingFound")}
        options={agents.map((agent) => ({ id: String(agent.id), name: agent.name, detail: agent.email }))}
        value={null}
        onChange={assign}
        autoFocus
      />
    </Dialog>
  );
}

function TransferDialog({ ticket, onClose }: Omit<Props, "asking">) {
  const t = useText();
  const groups = useDesk((state) => state.groups);
  const transfer = (id: string) => {
    onClose();
    const group = groups.find((other) => other.id === Number(id));
    // Without an assignee the ticket is offered anew, to the agents of the group.
    if (group)
      void changeTicket(
        ticket.id,
        { group_id: group.id, assignee_id: null },
        t("stateGroup", { group: group.name }),
      );
  };
  return (
    <Dialog title={t("transferTitle", { id: ticket.id })} isOpen onClose={onClose} size="small">
      <Combo
        label={t("chooseGroup")}
        emptyText={t("nothingFound")}
        options={groups.map((group) => ({ id: String(group.id), name: group.name }))}
        value={null}
        onChange={transfer}
        autoFocus
      />
    </Dialog>
  );
}

function MergeDialog({ ticket, onClose }: Omit<Props, "asking">) {
  const t = useText();
  const [words, setWords] = useState("");
  const ids = idsIn(words).filter((id) => id !== ticket.id);
  return (
    <Dialog
      title={t("mergeTitle", { id: ticket.id })}
      isOpen
      onClose={onClose}
      size="small"
      actions={
        <>
          <Button onPress={onClose}>{t("cancel")}</Button>
          <Button
            kind="primary"
            isDisabled={!ids.length}
            onPress={() => {
              onClose();
              void mergeInto(ticket.id, ids);
            }}
          >
            {t("mergeGo")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>{t("mergeIntro")}</p>
        <Field
          label={t("mergeIds")}
          help={t("mergeIdsHelp")}
          value={words}
          onChange={setWords}
          inputMode="numeric"
          autoFocus
        />
      </div>
    </Dialog>
  );
}

function idsIn(words: string): number[] {
  return [...new Set((words.match(/\d+/g) ?? []).map(Number))];
}
