/** The bar at the top: what waits, the search, and the agent's own things. */
import { useText } from "../i18n";
import { prefer, usePreferences } from "../preferences/preferences";
import { IconButton } from "../ui";
import { AcceptButton } from "./accept";
import { AvailabilityMenu } from "./availability";
import { Notices } from "./notices";
import { ProfileMenu } from "./profile";
import { SearchBox } from "./search-box";

export function TopBar({ onHelp, onViews }: { onHelp(): void; onViews(): void }) {
  const t = useText();
  const viewsOpen = usePreferences((state) => state.viewsOpen);
  return (
    <header className="bar">
      <IconButton
        icon="views"
        className="bar-views bar-views-wide"
        label={viewsOpen ? t("hideViews") : t("showViews")}
        pressed={viewsOpen}
        onPress={() => prefer({ viewsOpen: !viewsOpen })}
      />
      <IconButton
        icon="views"
        className="bar-views bar-views-narrow"
        label={t("showViews")}
        onPress={onViews}
      />
      <AcceptButton />
      <SearchBox />
      <div className="bar-own">
        <AvailabilityMenu />
        <Notices />
        <ProfileMenu onHelp={onHelp} />
      </div>
    </header>
  );
}
