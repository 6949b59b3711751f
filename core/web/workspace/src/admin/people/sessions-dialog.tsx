/** Where an agent is signed in, and a way to end that: a lost laptop, a colleague who has left. */
import type { Agent } from "@passerelle/client";
import { api } from "../../desk/api";
import { Button, Dialog, useLoaded } from "../../ui";
import { useAct } from "../parts/act";
import { Load } from "../parts/load";
import { SessionRows } from "./session-rows";
import { usePeopleText } from "./texts";

export function SessionsDialog({ agent, onClose }: { agent: Agent; onClose(): void }) {
  const t = usePeopleText();
  const act = useAct();
  const sessions = useLoaded(agent.id, () => api.users.sessions(agent.id));
  const end = async (ending: () => Promise<unknown>) => {
    await act(ending, t("signedOut"));
    sessions.reload();
  };
  return (
    <Dialog
      title={`${t("sessions")} · ${agent.name}`}
      isOpen
      onClose={onClose}
      actions={
        <Button kind="danger" onPress={() => void end(() => api.users.endSessions(agent.id))}>
          {t("signOutAll")}
        </Button>
      }
    >
      <p className="soft dialog-intro">{t("signOutAllText", { name: agent.name })}</p>
      <Load from={sessions} lines={3}>
        {(all) => (
          <SessionRows
            sessions={all}
            currentName=""
            onEnd={(session) => void end(() => api.users.endSession(agent.id, session.id))}
          />
        )}
      </Load>
    </Dialog>
  );
}
