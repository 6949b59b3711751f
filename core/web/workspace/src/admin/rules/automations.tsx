/** Automations: what happens when time has passed. */
import type { Automation } from "@passerelle/client";
import { api } from "../../desk/api";
import { EmptyState, Page, useLoaded } from "../../ui";
import { Load } from "../parts/load";
import { movedIn } from "./order";
import { NewLink, RuleList } from "./rule-list";
import { useRulesText } from "./texts";

const BASE = "/admin/automations";

export function AutomationsPage() {
  const t = useRulesText();
  const automations = useLoaded("automations", () => api.automations.all());
  const definitions = useLoaded("definitions", () => api.automations.definitions());
  const add = <NewLink to={`${BASE}/new`} name={t("automationNew")} />;
  return (
    <Page title={t("automations")} intro={t("automationsIntro")} actions={add}>
      <Load from={automations}>
        {(all) =>
          all.length ? (
            <RuleList<Automation>
              label={t("automations")}
              base={BASE}
              rules={all}
              definitions={definitions.data}
              onChange={automations.set}
              setActive={(id, active) => api.automations.update(id, { active })}
              remove={api.automations.remove}
              order={movedIn((id, position) => api.automations.update(id, { position }))}
            />
          ) : (
            <EmptyState
              icon="clock"
              title={t("automationsEmpty")}
              text={t("automationsEmptyText")}
              action={add}
            />
          )
        }
      </Load>
    </Page>
  );
}
