/** What became of a message of ours, honestly. */
import { useState } from "react";
import { tellProblem } from "../../desk/actions";
import { api } from "../../desk/api";
import { patchEntry, readTail } from "../../desk/timelines";
import type { DeliveryStatus, Entry } from "../../desk/wire";
import type { TextKey } from "../../i18n";
import { say, useText } from "../../i18n";
import { Button, Icon, type IconName } from "../../ui";

const SIGNS: Record<DeliveryStatus, { icon: IconName; text: TextKey }> = {
  pending: { icon: "clock", text: "deliveryPending" },
  sent: { icon: "sent", text: "deliverySent" },
  delivered: { icon: "read", text: "deliveryDelivered" },
  read: { icon: "read", text: "deliveryRead" },
  failed: { icon: "warning", text: "deliveryFailed" },
  uncertain: { icon: "question", text: "deliveryUncertain" },
};

export function DeliveryMark({ entry }: { entry: Entry }) {
  const t = useText();
  const status = entry.delivery?.status;
  // Of a bot's messages only their troubles are an agent's business.
  if (!status || status === "failed" || status === "uncertain" || entry.author.type === "bot") return null;
  const { icon, text } = SIGNS[status];
  return (
    <span className={`delivery delivery-${status}`}>
      <Icon name={icon} size={14} />
      {t(text)}
    </span>
  );
}

/** Failed and uncertain need words, and a way on. */
export function DeliveryTrouble({ ticketId, entry }: { ticketId: number; entry: Entry }) {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const { status, reason } = entry.delivery ?? {};
  if (status !== "failed" && status !== "uncertain") return null;
  const why = reason ?? "–";
  const again = async () => {
    setBusy(true);
    await sendAgain(ticketId, entry);
    setBusy(false);
  };
  return (
    <div className={`trouble trouble-${status}`}>
      <Icon name={SIGNS[status].icon} size={16} />
      <span className="grow">
        {status === "failed"
          ? t("deliveryFailedWhy", { reason: why })
          : t("deliveryUncertainWhy", { reason: why })}
      </span>
      <Button size="small" icon="retry" busy={busy} onPress={again}>
        {t("sendAgain")}
      </Button>
    </div>
  );
}

async function sendAgain(ticketId: number, entry: Entry): Promise<void> {
  try {
    await api.tickets.retry(ticketId, entry.id.replace(/^m:/, ""));
    patchEntry(ticketId, entry.id, {
      delivery: { status: "pending", reason: null, channel: entry.delivery?.channel ?? null },
    });
    await readTail(ticketId);
  } catch (error) {
    tellProblem(error, say("sendFailed"));
  }
}
