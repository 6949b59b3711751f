/** The narrow bar at the left: the ways to the great parts of the workspace. */
import { Link, useLocation } from "wouter";
import { useText } from "../i18n";
import { useMe } from "../session/session";
import { Hint, Icon, type IconName } from "../ui";
import { Logo } from "./logo";

export function Rail() {
  const t = useText();
  const me = useMe();
  return (
    <nav className="rail" aria-label={t("mainMenu")}>
      <Link href="/" className="rail-logo" aria-label="Passerelle">
        <Logo />
      </Link>
      <RailLink to="/views" icon="inbox" name={t("views")} />
      <RailLink to="/search" icon="search" name={t("search")} />
      <span className="grow" />
      {me.role === "admin" && <RailLink to="/admin" icon="settings" name={t("admin")} />}
    </nav>
  );
}

function RailLink({ to, icon, name }: { to: string; icon: IconName; name: string }) {
  const [location] = useLocation();
  const here = location.startsWith(to) || (to === "/views" && location.startsWith("/tickets"));
  return (
    <Hint text={name} placement="right">
      <Link
        href={to}
        className={`rail-link ${here ? "is-here" : ""}`}
        aria-label={name}
        aria-current={here ? "page" : undefined}
      >
        <Icon name={icon} size={20} />
      </Link>
    </Hint>
  );
}
