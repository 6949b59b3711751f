/** The frame of the workspace: rail at the left, top bar, tabs, and the page in the middle. */
import { lazy, Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { useText } from "../i18n";
import { EmptyState, Skeleton } from "../ui";
import { Rail } from "./rail";

const AdminPages = lazy(() => import("./section").then((part) => ({ default: part.AdminPages })));
const AccountPages = lazy(() => import("./section").then((part) => ({ default: part.AccountPages })));

export function Shell() {
  const t = useText();
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t("skipToContent")}
      </a>
      <Rail />
      <main id="content" className="shell-main" tabIndex={-1}>
        <Suspense fallback={<Skeleton lines={6} />}>
          <Switch>
            <Route path="/admin/*?">
              <AdminPages />
            </Route>
            <Route path="/account/*?">
              <AccountPages />
            </Route>
            <Route path="/">
              <Redirect to="/views" replace />
            </Route>
            <Route>
              <EmptyState icon="search" title={t("notFoundTitle")} text={t("notFoundText")} />
            </Route>
          </Switch>
        </Suspense>
      </main>
    </div>
  );
}
