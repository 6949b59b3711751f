/** Small signs: chips, the state of a ticket, faces, presence. */
import type { ReactNode } from "react";
import { useText } from "../i18n";
import { Icon, type IconName } from "./icons";

export type Tone = "neutral" | "accent" | "good" | "warn" | "bad" | "info" | "violet";

export function Chip({
  tone = "neutral",
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ReactNode;
}) {
  return (
    <span className={`chip chip-${tone}`}>
      {icon && <Icon name={icon} size={13} />}
      <span className="cut">{children}</span>
    </span>
  );
}

export const STATUSES = ["new", "open", "pending", "hold", "solved", "closed"] as const;
export type Status = (typeof STATUSES)[number];
const STATUS_TONES: Record<Status, Tone> = {
  new: "warn",
  open: "bad",
  pending: "info",
  hold: "violet",
  solved: "good",
  closed: "neutral",
};

export function StatusChip({ status }: { status: Status }) {
  const t = useText();
  return <Chip tone={STATUS_TONES[status]}>{t(`status_${status}`)}</Chip>;
}

/** A square with a letter, in the colour of the state: for narrow places. */
export function StatusMark({ status }: { status: Status }) {
  const t = useText();
  const word = t(`status_${status}`);
  return (
    <span
      className={`status-mark chip-${STATUS_TONES[status]}`}
      data-letters={t(`mark_${status}`)}
      role="img"
      aria-label={word}
      title={word}
    />
  );
}

const HUES = 6;

/** The first letters of a name on a colour that is always the same for it. They are a picture, not words: the style sheet draws them. */
export function Avatar({ name, size = "normal" }: { name: string; size?: "small" | "normal" | "large" }) {
  const letters = name
    .trim()
    .split(/\s+/)
    .filter((_, at, all) => at === 0 || at === all.length - 1)
    .map((word) => [...word][0] ?? "")
    .join("");
  const hue = [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7) % HUES;
  return (
    <span
      className={`avatar avatar-${size} avatar-hue-${hue}`}
      data-letters={letters.toUpperCase() || "·"}
      aria-hidden="true"
    />
  );
}

export type Presence = "online" | "away" | "transfers_only" | "offline";

export function PresenceDot({ presence }: { presence: Presence }) {
  return <span className={`presence presence-${presence}`} aria-hidden="true" />;
}
