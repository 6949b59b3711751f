/** Makes a trigger, changes it, and tries it on recent tickets before it does anything. */
import type { Definitions, Trigger } from "@passerelle/client";
import { useLocation } from "wouter";
import { api } from "../../desk/api";
import { Page, Section, toast } from "../../ui";
import { useForm } from "../parts/form";
import { FormPage } from "../parts/form-page";
import { keyed } from "../parts/keyed";
import { Load } from "../parts/load";
import { useCommonText } from "../parts/texts";
import { ActionsEditor } from "./actions-editor";
import { ConditionsEditor } from "./conditions-editor";
import { actionsOf, conditionsDraft, conditionsOf } from "./definitions";
import { type Edited, useEdited } from "./edited";
import { Heading, headingOf } from "./heading";
import { TestRun } from "./test-run";
import { useRulesText } from "./texts";

const BASE = "/admin/triggers";

export function TriggerPage({ params }: { params: Record<string, string> }) {
  const t = useRulesText();
  const edited = useEdited(
    params.id ?? "new",
    (id) => api.triggers.get(Number(id)),
    () => api.triggers.definitions(),
  );
  if (!edited.data)
    return (
      <Page title={t("trigger")}>
        <Load from={edited}>{() => null}</Load>
      </Page>
    );
  return <TriggerForm key={params.id} {...edited.data} />;
}

function TriggerForm({ item, model, extra: definitions }: Edited<Trigger, Definitions>) {
  const t = useRulesText();
  const common = useCommonText();
  const [, go] = useLocation();
  const form = useForm(() => ({
    ...headingOf(item, model, common),
    conditions: conditionsDraft(model?.conditions ?? { all: [], any: [] }),
    actions: (model?.actions ?? []).map(keyed),
  }));
  const { draft, change, about } = form;
  const wire = () => ({
    ...draft,
    conditions: conditionsOf(draft.conditions),
    actions: actionsOf(draft.actions),
  });
  const save = async () => {
    const { create, update } = api.triggers;
    if (!(await form.submit(() => (item ? update(item.id, wire()) : create(wire()))))) return;
    toast({ kind: "done", text: common("saved") });
    go(BASE);
  };
  return (
    <FormPage
      title={item ? item.title : t("triggerNew")}
      form={form}
      back={BASE}
      fields={["title", "description"]}
      isNew={!item}
      onSave={() => void save()}
    >
      <Heading draft={draft} onChange={change} about={about} />
      <Section title={t("conditions")} intro={t("conditionsIntro")}>
        <ConditionsEditor
          definitions={definitions}
          value={draft.conditions}
          onChange={(conditions) => change({ conditions })}
        />
      </Section>
      <Section title={t("actionsTitle")} intro={t("triggerActionsIntro")}>
        <ActionsEditor
          definitions={definitions.actions}
          rows={draft.actions}
          onChange={(actions) => change({ actions })}
        />
      </Section>
      <TestRun definitions={definitions} run={(signal) => api.triggers.preview(wire(), { signal })} />
    </FormPage>
  );
}
