/** Triggers, in the order in which they run. */
import { api } from "../../desk/api";
import { EmptyState, Page, useLoaded } from "../../ui";
import { Load } from "../parts/load";
import { NewLink, RuleList } from "./rule-list";
import { useRulesText } from "./texts";

const BASE = "/admin/triggers";

export function TriggersPage() {
  const t = useRulesText();
  const triggers = useLoaded("triggers", () => api.triggers.all());
  const definitions = useLoaded("definitions", () => api.triggers.definitions());
  const add = <NewLink to={`${BASE}/new`} name={t("triggerNew")} />;
  return (
    <Page title={t("triggers")} intro={t("triggersIntro")} actions={add}>
      <Load from={triggers}>
        {(all) =>
          all.length ? (
            <RuleList
              label={t("triggers")}
              base={BASE}
              rules={all}
              definitions={definitions.data}
              onChange={triggers.set}
              setActive={(id, active) => api.triggers.update(id, { active })}
              remove={api.triggers.remove}
              order={(rules) => api.triggers.reorder(rules.map(({ id }) => id))}
            />
          ) : (
            <EmptyState icon="bolt" title={t("triggersEmpty")} text={t("triggersEmptyText")} action={add} />
          )
        }
      </Load>
    </Page>
  );
}
