/** Brings messages to the gateway: each way of answering is a call of its own. */
import { api } from "./api";
import { putTickets } from "./desk";
import type { Carrier, Outgoing } from "./outbox";
import { says } from "./timeline";
import { readTail, storyOf } from "./timelines";

export function carrierFor(agentId: number): Carrier {
  return {
    async send(message) {
      await deliver(message);
      // The message is there; that its story cannot be read now changes nothing.
      await readTail(message.ticketId).catch(() => {});
    },
    newest: (ticketId) => storyOf(ticketId).entries.at(-1)?.created_at ?? null,
    async arrived({ ticketId, mode, draft, after }) {
      await readTail(ticketId);
      const files = draft.files.map((file) => file.attachment.file_name);
      const isPublic = mode === "reply" || mode === "email";
      return says(storyOf(ticketId), { text: draft.text, files, authorId: agentId, after, public: isPublic });
    },
  };
}

async function deliver({ ticketId, mode, draft, status }: Outgoing): Promise<void> {
  if (mode === "reply" || mode === "note") {
    const comment = {
      body: draft.text,
      public: mode === "reply",
      ...(draft.files.length && { uploads: draft.files.map((file) => file.token) }),
    };
    const { ticket } = await api.tickets.update(ticketId, { comment, ...(status && { status }) });
    putTickets([ticket]);
    return;
  }
  if (mode === "email") {
    await api.tickets.email(ticketId, {
      body: draft.text,
      ...(draft.to && { to: draft.to }),
      ...(draft.subject && { subject: draft.subject }),
    });
  } else {
    const duration_seconds = Math.round(Number(draft.minutes || 0) * 60);
    await api.tickets.call(ticketId, { phone: draft.phone ?? "", note: draft.text, duration_seconds });
  }
  if (status) putTickets([(await api.tickets.update(ticketId, { status })).ticket]);
}
