/** Macros. */
import type { Macro } from "@passerelle/client";
import { api } from "../../desk/api";
import { Chip, EmptyState, Page, useLoaded } from "../../ui";
import { Load } from "../parts/load";
import { nameIn } from "../parts/people";
import { movedIn } from "./order";
import { NewLink, RuleList } from "./rule-list";
import { useRulesText } from "./texts";

const BASE = "/admin/macros";

export function MacrosPage() {
  const t = useRulesText();
  const macros = useLoaded("macros", () => api.macros.all());
  const definitions = useLoaded("definitions", () => api.macros.definitions());
  const groups = useLoaded("groups", () => api.groups.all());
  const add = <NewLink to={`${BASE}/new`} name={t("macroNew")} />;
  return (
    <Page title={t("macros")} intro={t("macrosIntro")} actions={add}>
      <Load from={macros}>
        {(all) =>
          all.length ? (
            <RuleList<Macro>
              label={t("macros")}
              base={BASE}
              rules={all}
              definitions={definitions.data}
              onChange={macros.set}
              setActive={(id, active) => api.macros.update(id, { active })}
              remove={api.macros.remove}
              order={movedIn((id, position) => api.macros.update(id, { position }))}
              aside={({ restriction }) =>
                restriction?.type === "Group" && <Chip>{nameIn(groups.data ?? [], restriction.id)}</Chip>
              }
            />
          ) : (
            <EmptyState icon="bolt" title={t("macrosEmpty")} text={t("macrosEmptyText")} action={add} />
          )
        }
      </Load>
    </Page>
  );
}
