/** Makes a group, or changes it and its members. */
import type { Agent, Group } from "@passerelle/client";
import { api } from "../../desk/api";
import { Checkbox, Field, toast } from "../../ui";
import { FormDrawer } from "../parts/drawer";
import { useForm } from "../parts/form";
import { useCommonText } from "../parts/texts";
import { usePeopleText } from "./texts";

interface Props {
  group: Group | null;
  agents: Agent[];
  onSaved(): void;
  onClose(): void;
}

interface Draft {
  name: string;
  description: string;
  members: number[];
}

export function GroupDrawer({ group, agents, onSaved, onClose }: Props) {
  const t = usePeopleText();
  const common = useCommonText();
  const before = agents.filter((agent) => group && agent.group_ids.includes(group.id)).map(({ id }) => id);
  const form = useForm<Draft>({
    name: group?.name ?? "",
    description: group?.description ?? "",
    members: before,
  });
  const { draft, change, about } = form;
  const save = async () => {
    const isDone = await form.submit(async ({ members, ...words }) => {
      const kept = group ? await api.groups.update(group.id, words) : await api.groups.create(words);
      await settleMembers(kept.id, before, members);
    });
    if (!isDone) return;
    toast({ kind: "done", text: group ? common("saved") : common("createdDone", { name: draft.name }) });
    onSaved();
  };
  return (
    <FormDrawer
      title={group ? t("groupEdit", { name: group.name }) : t("groupNew")}
      form={form}
      fields={["name", "description"]}
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
        label={common("description")}
        value={draft.description}
        onChange={(description) => change({ description })}
        error={about("description")}
        rows={2}
      />
      <fieldset className="field">
        <legend className="label">{t("members")}</legend>
        <div className="ticks">
          {agents.map(({ id, name, email }) => (
            <Checkbox
              key={id}
              isSelected={draft.members.includes(id)}
              help={email}
              onChange={(on) =>
                change({ members: on ? [...draft.members, id] : draft.members.filter((one) => one !== id) })
              }
            >
              {name}
            </Checkbox>
          ))}
        </div>
      </fieldset>
    </FormDrawer>
  );
}

/** The API knows single memberships; asked for only when somebody has to go. */
async function settleMembers(group: number, before: number[], after: number[]): Promise<void> {
  const added = after.filter((id) => !before.includes(id));
  const gone = before.filter((id) => !after.includes(id));
  for (const user_id of added) await api.memberships.create({ user_id, group_id: group });
  if (!gone.length) return;
  const memberships = await api.memberships.all();
  for (const { id, user_id, group_id } of memberships)
    if (group_id === group && gone.includes(user_id)) await api.memberships.remove(id);
}
