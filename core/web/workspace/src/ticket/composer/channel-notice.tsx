/** Warns before an answer is written in vain: the channel is closed, or closes soon. */
import type { Ticket, TicketChannel } from "../../desk/wire";
import { clock, useText } from "../../i18n";
import { useTick } from "../../shell/tick";
import { Banner, Button } from "../../ui";

/** From so much before its end the channel's window is counted down. */
const WARN_MS = 2 * 3_600_000;

export type Window = "open" | "closing" | "closed";

export function windowOf(channel: TicketChannel | null, now: number): Window {
  if (!channel) return "open";
  const left = channel.window_closes_at
    ? Date.parse(channel.window_closes_at) - now
    : Number.POSITIVE_INFINITY;
  if (!channel.can_reply || left <= 0) return "closed";
  return left < WARN_MS ? "closing" : "open";
}

interface Props {
  ticket: Ticket;
  channel: TicketChannel | null;
  onTake(): void;
}

export function ChannelNotice({ ticket, channel, onTake }: Props) {
  const t = useText();
  const now = useTick(1000);
  if (ticket.status === "closed") return <Banner kind="info">{t("ticketClosedComposer")}</Banner>;
  const window = windowOf(channel, now);
  if (window === "closed")
    return (
      <Banner kind="bad">
        {channel?.can_reply ? t("windowClosed") : t("channelClosed")} {channel?.reason ?? ""}
      </Banner>
    );
  if (ticket.control === "bot")
    return (
      <Banner
        kind="info"
        action={
          <Button size="small" onPress={onTake}>
            {t("take")}
          </Button>
        }
      >
        {t("botInControl")}
      </Banner>
    );
  if (window !== "closing" || !channel?.window_closes_at) return null;
  const left = Date.parse(channel.window_closes_at) - now;
  return <Banner kind="warn">{t("windowClosing", { time: clock(left) })}</Banner>;
}
