/** Makes a queue, changes it, and shows where recent tickets would have gone. */
import type { Definitions, Group, Queue, QueueDraft } from "@passerelle/client";
import { useLocation } from "wouter";
import { api } from "../../desk/api";
import { Checkbox, Field, Page, Section, toast } from "../../ui";
import { useForm } from "../parts/form";
import { FormPage } from "../parts/form-page";
import { Load } from "../parts/load";
import { useCommonText } from "../parts/texts";
import { ConditionsEditor } from "./conditions-editor";
import { type ConditionsDraft, conditionsDraft, conditionsOf } from "./definitions";
import { DryRun } from "./dry-run";
import { type Edited, useEdited } from "./edited";
import { useRulesText } from "./texts";

const BASE = "/admin/queues";
const NO_CONDITIONS = { all: [], any: [] };

interface Extra {
  definitions: Definitions;
  groups: Group[];
}

interface Draft {
  name: string;
  description: string;
  priority: string;
  conditions: ConditionsDraft;
  primary: number[];
  secondary: number[];
}

export function QueuePage({ params }: { params: Record<string, string> }) {
  const t = useRulesText();
  const edited = useEdited<Queue, Extra>(
    params.id ?? "new",
    (id) => api.queues.get(id),
    async () => ({ definitions: await api.queues.definitions(), groups: await api.groups.all() }),
  );
  if (!edited.data)
    return (
      <Page title={t("queue")}>
        <Load from={edited}>{() => null}</Load>
      </Page>
    );
  return <QueueForm key={params.id} {...edited.data} />;
}

function QueueForm({ item, extra: { definitions, groups } }: Edited<Queue, Extra>) {
  const t = useRulesText();
  const common = useCommonText();
  const [, go] = useLocation();
  const form = useForm<Draft>(() => draftOf(item));
  const { draft, change, about } = form;
  const save = async () => {
    const { create, update } = api.queues;
    if (!(await form.submit((now) => (item ? update(item.id, wire(now)) : create(wire(now)))))) return;
    toast({ kind: "done", text: common("saved") });
    go(BASE);
  };
  return (
    <FormPage
      title={item ? item.name : t("queueNew")}
      form={form}
      back={BASE}
      fields={["name", "description", "priority"]}
      isNew={!item}
      onSave={() => void save()}
    >
      <Section title={common("name")}>
        <div className="form-pair">
          <Field
            label={common("name")}
            value={draft.name}
            onChange={(name) => change({ name })}
            error={about("name")}
            isRequired
            autoFocus={!item}
          />
          <Field
            label={t("queuePriority")}
            help={t("queuePriorityHelp")}
            value={draft.priority}
            onChange={(priority) => change({ priority })}
            error={about("priority")}
            inputMode="numeric"
          />
        </div>
        <Field
          label={common("description")}
          value={draft.description}
          onChange={(description) => change({ description })}
          error={about("description")}
        />
      </Section>
      <Section title={t("conditions")} intro={t("conditionsIntro")}>
        <ConditionsEditor
          definitions={definitions}
          value={draft.conditions}
          onChange={(conditions) => change({ conditions })}
        />
      </Section>
      <GroupTicks
        title={t("primaryGroups")}
        help={t("primaryGroupsHelp")}
        groups={groups}
        chosen={draft.primary}
        onChange={(primary) => change({ primary })}
      />
      <GroupTicks
        title={t("secondaryGroups")}
        help={t("secondaryGroupsHelp")}
        groups={groups}
        chosen={draft.secondary}
        onChange={(secondary) => change({ secondary })}
      />
      <DryRun run={(signal) => api.queues.preview(wire(draft), { signal })} />
    </FormPage>
  );
}

interface TicksProps {
  title: string;
  help: string;
  groups: Group[];
  chosen: number[];
  onChange(ids: number[]): void;
}

function GroupTicks({ title, help, groups, chosen, onChange }: TicksProps) {
  return (
    <Section title={title} intro={help}>
      <div className="ticks">
        {groups.map(({ id, name }) => (
          <Checkbox
            key={id}
            isSelected={chosen.includes(id)}
            onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id))}
          >
            {name}
          </Checkbox>
        ))}
      </div>
    </Section>
  );
}

function draftOf(queue: Queue | null): Draft {
  const ids = (groups: Queue["primary_groups"] | undefined) => groups?.groups.map(({ id }) => id) ?? [];
  return {
    name: queue?.name ?? "",
    description: queue?.description ?? "",
    priority: String(queue?.priority ?? 10),
    conditions: conditionsDraft(queue?.definition ?? NO_CONDITIONS),
    primary: ids(queue?.primary_groups),
    secondary: ids(queue?.secondary_groups),
  };
}

function wire({ priority, conditions, primary, secondary, ...words }: Draft) {
  return {
    ...words,
    priority: Number(priority),
    definition: conditionsOf(conditions),
    primary_groups_id: primary,
    secondary_groups_id: secondary,
  } satisfies QueueDraft;
}
