/** Two-factor authentication, and where the agent is signed in. */
import { useConfirm } from "../admin/parts/act";
import { Load } from "../admin/parts/load";
import { SessionRows } from "../admin/people/session-rows";
import { api } from "../desk/api";
import { Button, Page, Section, useLoaded } from "../ui";
import { useAccountText } from "./texts";
import { TwoFactor } from "./two-factor";

export function SecurityPage() {
  const t = useAccountText();
  return (
    <Page title={t("security")} intro={t("securityIntro")}>
      <TwoFactor />
      <Sessions />
    </Page>
  );
}

function Sessions() {
  const t = useAccountText();
  const sessions = useLoaded("sessions", () => api.me.sessions.all());
  const { ask, dialog } = useConfirm();
  const endOthers = () =>
    ask({
      title: t("endOthersTitle"),
      text: t("endOthersText"),
      action: t("endOthers"),
      act: () => api.me.endOtherSessions(),
      done: t("endedOthers"),
      after: sessions.reload,
    });
  const end = (id: number) =>
    ask({
      title: t("endOneTitle"),
      text: t("endOneText"),
      action: t("endOne"),
      act: () => api.me.endSession(id),
      done: t("ended"),
      after: sessions.reload,
    });
  const others = sessions.data?.some(({ current }) => !current);
  return (
    <Section
      title={t("sessions")}
      intro={t("sessionsIntro")}
      actions={others && <Button onPress={endOthers}>{t("endOthers")}</Button>}
    >
      <Load from={sessions} lines={3}>
        {(all) => <SessionRows sessions={all} currentName={t("thisOne")} onEnd={({ id }) => end(id)} />}
      </Load>
      {dialog}
    </Section>
  );
}
