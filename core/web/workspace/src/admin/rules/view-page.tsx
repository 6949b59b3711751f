/** Makes a view, or changes it, with the tickets that it would show beside. */
import type { Definitions, Group, View, ViewDraft } from "@passerelle/client";
import { useLocation } from "wouter";
import { api } from "../../desk/api";
import { Page, Section, Select, toast } from "../../ui";
import { useForm } from "../parts/form";
import { FormPage } from "../parts/form-page";
import { Load } from "../parts/load";
import { useCommonText } from "../parts/texts";
import { ColumnChoice, GROUPABLE, SORTABLE } from "./column-choice";
import { ConditionsEditor } from "./conditions-editor";
import { type ConditionsDraft, conditionsDraft, conditionsOf } from "./definitions";
import { type Edited, useEdited } from "./edited";
import { Heading, type HeadingDraft, headingOf } from "./heading";
import { RestrictionSelect } from "./restriction";
import { useRulesText } from "./texts";
import { ViewPreview } from "./view-preview";

const BASE = "/admin/views";
const NOTHING = "nothing";
const FIRST_COLUMNS = ["subject", "requester", "status", "updated"];

interface Extra {
  definitions: Definitions;
  groups: Group[];
}

interface Draft extends HeadingDraft {
  restriction: View["restriction"];
  conditions: ConditionsDraft;
  columns: string[];
  sort_by: string;
  sort_order: "asc" | "desc";
  group_by: string | null;
}

export function ViewEditPage({ params }: { params: Record<string, string> }) {
  const t = useRulesText();
  const edited = useEdited<View, Extra>(
    params.id ?? "new",
    (id) => api.views.get(Number(id)),
    async () => ({ definitions: await api.views.definitions(), groups: await api.groups.all() }),
  );
  if (!edited.data)
    return (
      <Page title={t("view")}>
        <Load from={edited}>{() => null}</Load>
      </Page>
    );
  return <ViewForm key={params.id} {...edited.data} />;
}

function ViewForm({ item, model, extra: { definitions, groups } }: Edited<View, Extra>) {
  const t = useRulesText();
  const common = useCommonText();
  const [, go] = useLocation();
  const form = useForm<Draft>(() => ({ ...headingOf(item, model, common), ...listOf(model) }));
  const { draft, change, about } = form;
  const save = async () => {
    const { create, update } = api.views;
    if (!(await form.submit((now) => (item ? update(item.id, wire(now)) : create(wire(now)))))) return;
    toast({ kind: "done", text: common("saved") });
    go(BASE);
  };
  return (
    <FormPage
      title={item ? item.title : t("viewNew")}
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
      <Section title={t("conditions")} intro={t("conditionsIntro")}>
        <ConditionsEditor
          definitions={definitions}
          value={draft.conditions}
          onChange={(conditions) => change({ conditions })}
        />
      </Section>
      <Section title={t("columns")} intro={t("columnsIntro")}>
        <ColumnChoice columns={draft.columns} onChange={(columns) => change({ columns })} />
        <div className="form-pair">
          <Select
            label={t("sortBy")}
            options={SORTABLE.map((id) => ({ id, name: t(`column_${id}`) }))}
            value={draft.sort_by}
            onChange={(sort_by) => change({ sort_by })}
          />
          <Select
            label={t("sortOrder")}
            options={(["asc", "desc"] as const).map((id) => ({ id, name: t(`sort_${id}`) }))}
            value={draft.sort_order}
            onChange={(order) => change({ sort_order: order as "asc" | "desc" })}
          />
          <Select
            label={t("groupBy")}
            options={[
              { id: NOTHING, name: t("groupByNothing") },
              ...GROUPABLE.map((id) => ({ id, name: t(`column_${id}`) })),
            ]}
            value={draft.group_by ?? NOTHING}
            onChange={(id) => change({ group_by: id === NOTHING ? null : id })}
          />
        </div>
      </Section>
      <ViewPreview view={wire(draft)} />
    </FormPage>
  );
}

function listOf(model: View | null): Omit<Draft, keyof HeadingDraft> {
  const execution = model?.execution;
  return {
    restriction: model?.restriction ?? null,
    conditions: conditionsDraft(model?.conditions ?? { all: [], any: [] }),
    columns: execution?.columns.map(({ id }) => String(id)) ?? FIRST_COLUMNS,
    sort_by: execution?.sort_by ?? "updated",
    sort_order: execution?.sort_order ?? "desc",
    group_by: execution?.group_by ?? null,
  };
}

function wire({ conditions, columns, sort_by, sort_order, group_by, ...words }: Draft): ViewDraft {
  return { ...words, ...conditionsOf(conditions), output: { columns, sort_by, sort_order, group_by } };
}
