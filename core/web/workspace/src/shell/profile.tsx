/** The agent's own menu: how the workspace looks, sounds and speaks, and the way out. */
import { Button as AriaButton } from "react-aria-components";
import { say, useText } from "../i18n";
import { LANGUAGES } from "../i18n/catalogue";
import { type Preferences, prefer, type Theme, usePreferences } from "../preferences/preferences";
import { signOut, useMe } from "../session/session";
import { Avatar, Menu, type MenuEntry, type MenuPart, toast } from "../ui";
import { go } from "./go";

const THEMES: Theme[] = ["auto", "light", "dark"];
const LANGUAGE_NAMES = { en: "English", fr: "Français" };
const UNDO_TIMES: Preferences["undoSeconds"][] = [0, 5, 10];

export function ProfileMenu({ onHelp }: { onHelp(): void }) {
  const t = useText();
  const me = useMe();
  const preferences = usePreferences();
  return (
    <Menu
      label={t("profileMenu")}
      parts={[
        {
          id: "own",
          title: me.name,
          entries: [
            { id: "account", name: t("account"), icon: "user", onAction: () => go("/account") },
            { id: "help", name: t("shortcutsHelp"), icon: "keyboard", keys: "?", onAction: onHelp },
            { id: "out", name: t("signOut"), icon: "power", onAction: () => void signOut() },
          ],
        },
        ...looks(t, preferences),
      ]}
    >
      <AriaButton className="profile" aria-label={t("profileMenu")}>
        <Avatar name={me.name} />
      </AriaButton>
    </Menu>
  );
}

function looks(t: ReturnType<typeof useText>, preferences: Preferences): MenuPart[] {
  const choice = (id: string, name: string, chosen: boolean, change: Partial<Preferences>): MenuEntry => ({
    id,
    name,
    chosen,
    onAction: () => prefer(change),
  });
  return [
    {
      id: "theme",
      title: t("theme"),
      entries: THEMES.map((theme) =>
        choice(`theme-${theme}`, t(`theme_${theme}`), preferences.theme === theme, { theme }),
      ),
    },
    {
      id: "language",
      title: t("language"),
      entries: [
        choice("language-auto", t("language_auto"), preferences.language === "auto", { language: "auto" }),
        ...LANGUAGES.map((language) =>
          choice(`language-${language}`, LANGUAGE_NAMES[language], preferences.language === language, {
            language,
          }),
        ),
      ],
    },
    {
      id: "undo",
      title: t("undoTime"),
      entries: UNDO_TIMES.map((undoSeconds) =>
        choice(
          `undo-${undoSeconds}`,
          undoSeconds ? t("undoSeconds", { n: undoSeconds }) : t("undoOff"),
          preferences.undoSeconds === undoSeconds,
          { undoSeconds },
        ),
      ),
    },
    {
      id: "alerts",
      title: t("notifications"),
      entries: [
        choice("sounds", t("sounds"), preferences.sounds, { sounds: !preferences.sounds }),
        {
          id: "outside",
          name: t("browserNotifications"),
          chosen: preferences.notifications,
          onAction: () => void toggleNotifications(preferences.notifications),
        },
      ],
    },
  ];
}

async function toggleNotifications(on: boolean): Promise<void> {
  if (on) return prefer({ notifications: false });
  const allowed = typeof Notification === "undefined" ? "denied" : await Notification.requestPermission();
  if (allowed === "granted") prefer({ notifications: true });
  else toast({ kind: "news", text: say("notificationsDenied") });
}
