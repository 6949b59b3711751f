/** Says whether the agent can be offered conversations, and lets them change it. */
import { Button as AriaButton } from "react-aria-components";
import { tellProblem } from "../desk/actions";
import { useDesk } from "../desk/desk";
import { setStatus } from "../desk/reading";
import type { AgentStatus } from "../desk/wire";
import { say, useText } from "../i18n";
import { Icon, Menu, type Presence, PresenceDot } from "../ui";

export function AvailabilityMenu() {
  const t = useText();
  const availability = useDesk((state) => state.availability);
  const statuses = useDesk((state) => state.statuses);
  const current = statuses.find((status) => status.id === availability?.agent_status.id);
  const presence: Presence = current?.status_category ?? "offline";
  const name = current ? statusName(t, current) : t("status_offline");
  const load = availability?.channels.messaging;
  const choose = (id: number) =>
    setStatus(id).catch((error) => tellProblem(error, say("availabilityFailed")));
  const workload = load ? t("workload", { n: load.work_item_count, max: load.max_capacity }) : undefined;
  return (
    <Menu
      label={t("availabilityMenu")}
      parts={[
        {
          id: "statuses",
          ...(workload && { title: workload }),
          entries: statuses.toSorted(byPresence).map((status) => ({
            id: String(status.id),
            name: statusName(t, status),
            sign: <PresenceDot presence={status.status_category} />,
            chosen: status.id === current?.id,
            onAction: () => void choose(status.id),
          })),
        },
      ]}
    >
      <AriaButton className="availability" aria-label={t("availability", { status: name })}>
        <PresenceDot presence={presence} />
        <span className="availability-name cut">{name}</span>
        <Icon name="down" size={14} />
      </AriaButton>
    </Menu>
  );
}

const ORDER: Presence[] = ["online", "away", "transfers_only", "offline"];

function byPresence(a: AgentStatus, b: AgentStatus): number {
  return (
    ORDER.indexOf(a.status_category) - ORDER.indexOf(b.status_category) || Number(a.custom) - Number(b.custom)
  );
}

/** The four that always exist are translated; the others are called what an admin called them. */
function statusName(t: ReturnType<typeof useText>, status: AgentStatus): string {
  return status.custom ? status.name : t(`status_${status.status_category}`);
}
