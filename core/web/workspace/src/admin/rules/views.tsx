/** Views, in the order in which agents see them. */
import type { View } from "@passerelle/client";
import { api } from "../../desk/api";
import { useFormat } from "../../i18n";
import { Chip, EmptyState, Page, useLoaded } from "../../ui";
import { Load } from "../parts/load";
import { nameIn } from "../parts/people";
import { movedIn } from "./order";
import { NewLink, RuleList } from "./rule-list";
import { useRulesText } from "./texts";

const BASE = "/admin/views";

export function ViewsPage() {
  const t = useRulesText();
  const views = useLoaded("views", () => api.views.all());
  const definitions = useLoaded("definitions", () => api.views.definitions());
  const groups = useLoaded("groups", () => api.groups.all());
  const add = <NewLink to={`${BASE}/new`} name={t("viewNew")} />;
  return (
    <Page title={t("views")} intro={t("viewsIntro")} actions={add}>
      <Load from={views}>
        {(all) =>
          all.length ? (
            <ViewRows
              views={all}
              list={(counts) => (
                <RuleList<View>
                  label={t("views")}
                  base={BASE}
                  rules={all}
                  definitions={definitions.data}
                  onChange={views.set}
                  setActive={(id, active) => api.views.update(id, { active })}
                  remove={api.views.remove}
                  order={movedIn((id, position) => api.views.update(id, { position }))}
                  aside={(view) => (
                    <>
                      {view.restriction?.type === "Group" && (
                        <Chip>{nameIn(groups.data ?? [], view.restriction.id)}</Chip>
                      )}
                      <Count value={counts.get(view.id)} />
                    </>
                  )}
                />
              )}
            />
          ) : (
            <EmptyState icon="views" title={t("viewsEmpty")} text={t("viewsEmptyText")} action={add} />
          )
        }
      </Load>
    </Page>
  );
}

type Counts = ReadonlyMap<number, number>;

/** The numbers come after the names: they take longer. */
function ViewRows({ views, list }: { views: View[]; list(counts: Counts): React.ReactNode }) {
  const ids = views.map(({ id }) => id);
  const counts = useLoaded([...ids].sort((a, b) => a - b).join(), () => api.views.counts(ids));
  return list(new Map(counts.data?.map(({ view_id, value }) => [view_id, value ?? 0])));
}

function Count({ value }: { value: number | undefined }) {
  const t = useRulesText();
  const { number } = useFormat();
  if (value === undefined) return null;
  return (
    <span className="soft rule-count" title={t("viewNumber")}>
      {number(value)}
    </span>
  );
}
