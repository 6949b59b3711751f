/** Makes an automation, or changes it. */
import type { Automation, Definitions } from "@passerelle/client";
import { useLocation } from "wouter";
import { api } from "../../desk/api";
import { Banner, Page, Section, toast } from "../../ui";
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
import { useRulesText } from "./texts";

const BASE = "/admin/automations";

export function AutomationPage({ params }: { params: Record<string, string> }) {
  const t = useRulesText();
  const edited = useEdited(
    params.id ?? "new",
    (id) => api.automations.get(Number(id)),
    () => api.automations.definitions(),
  );
  if (!edited.data)
    return (
      <Page title={t("automation")}>
        <Load from={edited}>{() => null}</Load>
      </Page>
    );
  return <AutomationForm key={params.id} {...edited.data} />;
}

function AutomationForm({ item, model, extra: definitions }: Edited<Automation, Definitions>) {
  const t = useRulesText();
  const common = useCommonText();
  const [, go] = useLocation();
  const form = useForm(() => ({
    ...headingOf(item, model, common),
    conditions: conditionsDraft(model?.conditions ?? { all: [], any: [] }),
    actions: (model?.actions ?? []).map(keyed),
  }));
  const { draft, change, about } = form;
  const save = async () => {
    const isDone = await form.submit(({ title, active, conditions, actions }) => {
      const wire = { title, active, conditions: conditionsOf(conditions), actions: actionsOf(actions) };
      return item ? api.automations.update(item.id, wire) : api.automations.create(wire);
    });
    if (!isDone) return;
    toast({ kind: "done", text: common("saved") });
    go(BASE);
  };
  return (
    <FormPage
      title={item ? item.title : t("automationNew")}
      form={form}
      back={BASE}
      fields={["title"]}
      isNew={!item}
      onSave={() => void save()}
    >
      <Heading draft={draft} onChange={change} about={about} withDescription={false} />
      <Section title={t("conditions")} intro={t("conditionsIntro")}>
        <Banner kind="info">{t("automationHint")}</Banner>
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
    </FormPage>
  );
}
