/** A part of the workspace with a list of pages at the side: administration, and the agent's own account. */
import { Link, Route as Path, Redirect, Switch, useRoute } from "wouter";
import { routes as accountRoutes } from "../account/routes";
import { routes as adminRoutes } from "../admin/routes";
import { useText } from "../i18n";
import type { Language } from "../i18n/catalogue";
import { languageOf, usePreferences } from "../preferences/preferences";
import { EmptyState, Icon } from "../ui";
import type { Route } from "./routes";

export function AdminPages() {
  const t = useText();
  return <Pages title={t("admin")} base="/admin" routes={adminRoutes} />;
}

export function AccountPages() {
  const t = useText();
  return <Pages title={t("account")} base="/account" routes={accountRoutes} />;
}

function Pages({ title, base, routes }: { title: string; base: string; routes: readonly Route[] }) {
  const t = useText();
  const first = routes.find((route) => route.title);
  return (
    <div className="split">
      <SideList title={title} routes={routes} />
      <div className="split-body">
        <Switch>
          {routes.map((route) => (
            <Path key={route.path} path={route.path}>
              {(params) => <route.component params={params as Record<string, string>} />}
            </Path>
          ))}
          {first && first.path !== base && (
            <Path path={base}>
              <Redirect to={first.path} replace />
            </Path>
          )}
          <Path>
            <EmptyState icon="search" title={t("notFoundTitle")} text={t("notFoundText")} />
          </Path>
        </Switch>
      </div>
    </div>
  );
}

function SideList({ title, routes }: { title: string; routes: readonly Route[] }) {
  const language = usePreferences((state) => languageOf(state));
  return (
    <nav className="side" aria-label={title}>
      <h2 className="side-title">{title}</h2>
      {sectionsOf(routes, language).map((section) => (
        <div key={section.routes[0]?.path} className="side-part">
          {section.title && <h3 className="side-heading">{section.title}</h3>}
          <ul>
            {section.routes.map((route) => (
              <li key={route.path}>
                <SideLink route={route} language={language} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function SideLink({ route, language }: { route: Route; language: Language }) {
  const [here] = useRoute(route.path);
  const [below] = useRoute(`${route.path}/*`);
  return (
    <Link
      href={route.path}
      className={`side-link ${here || below ? "is-here" : ""}`}
      aria-current={here ? "page" : undefined}
    >
      {route.icon && <Icon name={route.icon} size={16} />}
      <span className="cut">{route.title?.(language)}</span>
    </Link>
  );
}

/** Pages that stand in the list, in runs with the same heading. */
export function sectionsOf(
  routes: readonly Route[],
  language: Language,
): { title: string; routes: Route[] }[] {
  const sections: { title: string; routes: Route[] }[] = [];
  for (const route of routes) {
    if (!route.title) continue;
    const title = route.section?.(language) ?? "";
    const last = sections[sections.length - 1];
    if (last && last.title === title) last.routes.push(route);
    else sections.push({ title, routes: [route] });
  }
  return sections;
}
