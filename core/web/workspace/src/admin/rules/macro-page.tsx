/** Makes a macro, or changes it. */
import type { Definitions, Group, Macro } from "@passerelle/client";
import { useLocation } from "wouter";
import { api } from "../../desk/api";
import { Page, Section, toast } from "../../ui";
import { useForm } from "../parts/form";
import { FormPage } from "../parts/form-page";
import { keyed } from "../parts/keyed";
import { Load } from "../parts/load";
import { useCommonText } from "../parts/texts";
import { ActionsEditor } from "./actions-editor";
import { actionsOf } from "./definitions";
import { type Edited, useEdited } from "./edited";
import { Heading, headingOf } from "./heading";
import { RestrictionSelect } from "./restriction";
import { useRulesText } from "./texts";

const BASE = "/admin/macros";

interface Extra {
  definitions: Definitions;
  groups: Group[];
}

export function MacroPage({ params }: { params: Record<string, string> }) {
  const t = useRulesText();
  const edited = useEdited<Macro, Extra>(
    params.id ?? "new",
    (id) => api.macros.get(Number(id)),
    async () => ({ definitions: await api.macros.definitions(), groups: await api.groups.all() }),
  );
  if (!edited.data)
    return (
      <Page title={t("macro")}>
        <Load from={edited}>{() => null}</Load>
      </Page>
    );
  return <MacroForm key={params.id} {...edited.data} />;
}

function MacroForm({ item, model, extra: { definitions, groups } }: Edited<Macro, Extra>) {
  const t = useRulesText();
  const common = useCommonText();
  const [, go] = useLocation();
  const form = useForm(() => ({
    ...headingOf(item, model, common),
    restriction: model?.restriction ?? null,
    actions: (model?.actions ?? []).map(keyed),
  }));
  const { draft, change, about } = form;
  const save = async () => {
    const isDone = await form.submit(({ actions, ...words }) => {
      const wire = { ...words, actions: actionsOf(actions) };
      return item ? api.macros.update(item.id, wire) : api.macros.create(wire);
    });
    if (!isDone) return;
    toast({ kind: "done", text: common("saved") });
    go(BASE);
  };
  return (
    <FormPage
      title={item ? item.title : t("macroNew")}
      form={form}
      back={BASE}
      fields={["title", "description"]}
      isNew={!item}
      onSave={() => void save()}
    >
      <Heading draft={draft} onChange={change} about={about}>
        <RestrictionSelect
          groups={groups}
          value={draft.restriction}
          onChange={(restriction) => change({ restriction })}
        />
      </Heading>
      <Section title={t("actionsTitle")} intro={t("macroActionsIntro")}>
        <ActionsEditor
          definitions={definitions.actions}
          rows={draft.actions}
          onChange={(actions) => change({ actions })}
        />
      </Section>
    </FormPage>
  );
}
