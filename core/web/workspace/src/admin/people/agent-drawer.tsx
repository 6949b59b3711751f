/** Makes an agent, or changes one. */
import type { Agent, Group } from "@passerelle/client";
import { api } from "../../desk/api";
import { Checkbox, Field, Select, toast } from "../../ui";
import { FormDrawer } from "../parts/drawer";
import { useForm } from "../parts/form";
import { useCommonText } from "../parts/texts";
import { usePeopleText } from "./texts";

interface Props {
  agent: Agent | null;
  groups: Group[];
  onSaved(): void;
  onClose(): void;
}

interface Draft {
  name: string;
  email: string;
  password: string;
  role: Agent["role"];
  capacity: string;
  group_ids: number[];
}

export function AgentDrawer({ agent, groups, onSaved, onClose }: Props) {
  const t = usePeopleText();
  const common = useCommonText();
  const form = useForm<Draft>(() => draftOf(agent));
  const { draft, change, about } = form;
  const save = async () => {
    const isDone = await form.submit((now) =>
      agent ? api.users.updateAgent(agent.id, wire(now)) : invite(now),
    );
    if (!isDone) return;
    toast({ kind: "done", text: agent ? common("saved") : common("createdDone", { name: draft.name }) });
    onSaved();
  };
  return (
    <FormDrawer
      title={agent ? t("agentEdit", { name: agent.name }) : t("agentNew")}
      action={agent ? undefined : t("agentNew")}
      form={form}
      fields={["name", "email", "password", "role", "capacity"]}
      onSave={() => void save()}
      onClose={onClose}
    >
      <Field
        label={common("name")}
        value={draft.name}
        onChange={(name) => change({ name })}
        error={about("name")}
        isRequired
        autoFocus
      />
      <Field
        label={t("email")}
        type="email"
        value={draft.email}
        onChange={(email) => change({ email })}
        error={about("email")}
        autoComplete="off"
        isRequired
      />
      {!agent && (
        <Field
          label={t("password")}
          help={t("passwordHelp")}
          value={draft.password}
          onChange={(password) => change({ password })}
          error={about("password")}
          autoComplete="off"
          monospace
          isRequired
        />
      )}
      <div className="form-pair">
        <Select
          label={t("role")}
          value={draft.role}
          onChange={(role) => change({ role: role as Agent["role"] })}
          help={t(`roleHelp_${draft.role}`)}
          error={about("role")}
          options={(["agent", "admin"] as const).map((role) => ({
            id: role,
            name: t(`role_${role}`),
            detail: t(`roleHelp_${role}`),
          }))}
        />
        <Field
          label={t("capacity")}
          help={t("capacityHelp")}
          value={draft.capacity}
          onChange={(capacity) => change({ capacity })}
          error={about("capacity")}
          inputMode="numeric"
        />
      </div>
      <GroupChoice groups={groups} chosen={draft.group_ids} onChange={(group_ids) => change({ group_ids })} />
    </FormDrawer>
  );
}

function GroupChoice(props: { groups: Group[]; chosen: number[]; onChange(ids: number[]): void }) {
  const t = usePeopleText();
  const { groups, chosen, onChange } = props;
  return (
    <fieldset className="field">
      <legend className="label">{t("groups")}</legend>
      <div className="ticks">
        {groups.map((group) => (
          <Checkbox
            key={group.id}
            isSelected={chosen.includes(group.id)}
            onChange={(on) => onChange(on ? [...chosen, group.id] : chosen.filter((id) => id !== group.id))}
          >
            {group.name}
          </Checkbox>
        ))}
      </div>
    </fieldset>
  );
}

function draftOf(agent: Agent | null): Draft {
  if (!agent) return { name: "", email: "", password: "", role: "agent", capacity: "4", group_ids: [] };
  const { name, email, role, capacity, group_ids } = agent;
  return { name, email, password: "", role, capacity: String(capacity), group_ids };
}

function wire({ password: _, capacity, ...draft }: Draft) {
  return { ...draft, capacity: Number(capacity) };
}

function invite(draft: Draft) {
  return api.users.createAgent({ ...wire(draft), password: draft.password });
}
