/** What the agent prefers on this browser. */
import { useState } from "react";
import { type Preferences, prefer, usePreferences } from "../preferences/preferences";
import { Banner, Page, Section, Select, Switch } from "../ui";
import { useAccountText } from "./texts";

const UNDO = [0, 5, 10] as const satisfies Preferences["undoSeconds"][];

export function PreferencesPage() {
  const t = useAccountText();
  const { language, theme, sounds, undoSeconds } = usePreferences();
  return (
    <Page title={t("preferences")} intro={t("preferencesIntro")}>
      <Section title={t("looks")}>
        <div className="form-pair">
          <Select
            label={t("language")}
            value={language}
            onChange={(id) => prefer({ language: id as Preferences["language"] })}
            options={[
              { id: "auto", name: t("language_auto") },
              { id: "en", name: "English" },
              { id: "fr", name: "Français" },
            ]}
          />
          <Select
            label={t("theme")}
            value={theme}
            onChange={(id) => prefer({ theme: id as Preferences["theme"] })}
            options={(["auto", "light", "dark"] as const).map((id) => ({ id, name: t(`theme_${id}`) }))}
          />
        </div>
      </Section>
      <Section title={t("attention")}>
        <Switch isSelected={sounds} onChange={(on) => prefer({ sounds: on })}>
          {t("sounds")}
        </Switch>
        <Notifications />
      </Section>
      <Section title={t("sending")}>
        <Select
          label={t("undo")}
          help={t("undoHelp")}
          value={String(undoSeconds)}
          onChange={(id) => prefer({ undoSeconds: Number(id) as Preferences["undoSeconds"] })}
          options={UNDO.map((seconds) => ({ id: String(seconds), name: t(`undo_${seconds}`) }))}
        />
      </Section>
    </Page>
  );
}

/** The browser is asked when they are turned on; its no is final until its settings are changed. */
function Notifications() {
  const t = useAccountText();
  const notifications = usePreferences((state) => state.notifications);
  const [isBlocked, setBlocked] = useState(
    () => "Notification" in window && Notification.permission === "denied",
  );
  const turn = async (on: boolean) => {
    if (!on) return prefer({ notifications: false });
    const answer = "Notification" in window ? await Notification.requestPermission() : "denied";
    setBlocked(answer !== "granted");
    prefer({ notifications: answer === "granted" });
  };
  return (
    <>
      <Switch isSelected={notifications} onChange={(on) => void turn(on)} help={t("notificationsHelp")}>
        {t("notifications")}
      </Switch>
      {isBlocked && <Banner kind="warn">{t("notificationsBlocked")}</Banner>}
    </>
  );
}
