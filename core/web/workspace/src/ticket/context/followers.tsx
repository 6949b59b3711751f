/** Colleagues who hear of this ticket. */
import { changeTicket } from "../../desk/actions";
import { useDesk } from "../../desk/desk";
import type { Ticket } from "../../desk/wire";
import { useText } from "../../i18n";
import { Avatar, Button, Menu } from "../../ui";

export function Followers({ ticket }: { ticket: Ticket }) {
  const t = useText();
  const agents = useDesk((state) => state.agents);
  const followers = agents.filter((agent) => ticket.follower_ids.includes(agent.id));
  const toggle = (id: number) => {
    const others = ticket.follower_ids.filter((other) => other !== id);
    const follower_ids = others.length === ticket.follower_ids.length ? [...others, id] : others;
    void changeTicket(ticket.id, { follower_ids });
  };
  return (
    <div className="followers">
      <span className="label">{t("followers")}</span>
      <span className="grow followers-list">
        {followers.length ? (
          followers.map((agent) => (
            <span key={agent.id} className="follower" title={agent.name}>
              <Avatar name={agent.name} size="small" />
              <span className="hidden">{agent.name}</span>
            </span>
          ))
        ) : (
          <span className="soft small">{t("nobody")}</span>
        )}
      </span>
      <Menu
        label={t("followers")}
        parts={[
          {
            id: "agents",
            entries: agents.map((agent) => ({
              id: String(agent.id),
              name: agent.name,
              chosen: ticket.follower_ids.includes(agent.id),
              onAction: () => toggle(agent.id),
            })),
          },
        ]}
      >
        <Button size="small" kind="quiet" icon="plus" aria-label={t("followers")} />
      </Menu>
    </div>
  );
}
