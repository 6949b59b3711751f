/** The widgets of the house; where there is one only, it is shown at once. */
import { Link, Redirect } from "wouter";
import { EmptyState, Icon, Page, useLoaded } from "../../ui";
import { ownApp } from "../channels/house";
import { IntegrationState } from "../channels/integrations";
import { nameOf, WEB } from "../channels/kinds";
import { Load } from "../parts/load";
import { NewLink } from "../rules/rule-list";
import { useWidgetText } from "./texts";

const BASE = "/admin/widget";

export function WidgetsPage() {
  const t = useWidgetText();
  const widgets = useLoaded("widgets", async () => {
    const all = await (await ownApp()).integrations.all({ "filter[types]": WEB });
    return all.filter(({ type }) => type === WEB);
  });
  const [only, ...others] = widgets.data ?? [];
  if (only && !others.length) return <Redirect to={`${BASE}/${only.id}`} replace />;
  const add = <NewLink to={`${BASE}/new`} name={t("widgetNew")} />;
  return (
    <Page title={t("widget")} intro={t("widgetIntro")} actions={add}>
      <Load from={widgets}>
        {(all) =>
          all.length ? (
            <ul className="tiles">
              {all.map((widget) => (
                <li key={widget.id} className="tile">
                  <div className="tile-head">
                    <span className="tile-sign">
                      <Icon name="globe" />
                    </span>
                    <Link href={`${BASE}/${widget.id}`} className="row-name grow">
                      {nameOf(widget)}
                    </Link>
                  </div>
                  <div>
                    <IntegrationState integration={widget} />
                  </div>
                </li>
              ))}
            </ul>
          ) : (
            <EmptyState icon="globe" title={t("widgetEmpty")} text={t("widgetEmptyText")} action={add} />
          )
        }
      </Load>
    </Page>
  );
}
