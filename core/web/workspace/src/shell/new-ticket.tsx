/** A ticket that an agent begins, for instance after a call. */
import { useState } from "react";
import { create } from "zustand";
import { useCommands } from "../commands/commands";
import { tellProblem } from "../desk/actions";
import { api } from "../desk/api";
import { putTickets } from "../desk/desk";
import { useText } from "../i18n";
import { Button, Dialog, Field } from "../ui";
import { go, ticketPath } from "./go";

const useNewTicket = create<{ isOpen: boolean }>(() => ({ isOpen: false }));

export function openNewTicket(): void {
  useNewTicket.setState({ isOpen: true });
}

export function NewTicketDialog() {
  const isOpen = useNewTicket((state) => state.isOpen);
  useCommands([
    {
      id: "new-ticket",
      name: "newTicket",
      section: "shortcutsGeneral",
      keys: "c",
      icon: "plus",
      run: openNewTicket,
    },
  ]);
  return isOpen && <NewTicketForm onClose={() => useNewTicket.setState({ isOpen: false })} />;
}

const MAX_SUBJECT = 150;

function NewTicketForm({ onClose }: { onClose(): void }) {
  const t = useText();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [subject, setSubject] = useState("");
  const [body, setBody] = useState("");
  const [busy, setBusy] = useState(false);
  const ready = Boolean(name.trim() && subject.trim() && body.trim());
  const make = async () => {
    setBusy(true);
    try {
      const requester = { name: name.trim(), ...(email && { email: email.trim() }) };
      const ticket = await api.tickets.create({
        subject: subject.trim(),
        comment: { body: body.trim(), public: false },
        requester,
      });
      putTickets([ticket]);
      onClose();
      go(ticketPath(ticket.id));
    } catch (error) {
      tellProblem(error, t("newTicketFailed"));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t("newTicketTitle")}
      isOpen
      firm
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t("cancel")}</Button>
          <Button kind="primary" busy={busy} isDisabled={!ready} onPress={make}>
            {t("newTicketGo")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <Field label={t("newTicketRequesterName")} value={name} onChange={setName} isRequired autoFocus />
        <Field label={t("newTicketRequester")} type="email" value={email} onChange={setEmail} />
        <Field
          label={t("columnSubject")}
          value={subject}
          onChange={setSubject}
          maxLength={MAX_SUBJECT}
          isRequired
        />
        <Field label={t("newTicketBody")} rows={4} value={body} onChange={setBody} isRequired />
      </div>
    </Dialog>
  );
}
