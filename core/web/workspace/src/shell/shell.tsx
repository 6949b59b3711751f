/** The frame of the workspace: rail at the left, top bar, tabs, and the page in the middle. */
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { beginWork } from "../desk/work";
import { useText } from "../i18n";
import { usePreferences } from "../preferences/preferences";
import { useMe } from "../session/session";
import { TicketPage } from "../ticket/ticket-page";
import { Dialog, EmptyState, Skeleton } from "../ui";
import { Stumble } from "../ui/stumble";
import { SearchPage } from "../views/search-page";
import { UserPage } from "../views/user-page";
import { ViewList } from "../views/view-list";
import { ViewPage, ViewsHome } from "../views/view-page";
import { LineBanner } from "./line-banner";
import { NewTicketDialog } from "./new-ticket";
import { Palette } from "./palette";
import { Rail } from "./rail";
import { ShortcutsDialog } from "./shortcuts-dialog";
import { Tabs } from "./tabs";
import { TopBar } from "./top-bar";

const AdminPages = lazy(() => import("./section").then((part) => ({ default: part.AdminPages })));
const AccountPages = lazy(() => import("./section").then((part) => ({ default: part.AccountPages })));

export function Shell() {
  const t = useText();
  const begun = useWork();
  const [location] = useLocation();
  useFocusOnPage(location);
  const [drawer, setDrawer] = useState(false);
  const [help, setHelp] = useState(false);
  const viewsOpen = usePreferences((state) => state.viewsOpen);
  const own = location.startsWith("/admin") || location.startsWith("/account");
  if (!begun) return <div className="blank" />;
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t("skipToContent")}
      </a>
      <Rail />
      <TopBar onHelp={() => setHelp(true)} onViews={() => setDrawer(true)} />
      <Tabs />
      <div className="shell-body">
        <LineBanner />
        <div className="split">
          {viewsOpen && !own && <ViewList />}
          <main id="content" className="split-body" tabIndex={-1}>
            <Stumble key={location}>
              <Pages />
            </Stumble>
          </main>
        </div>
      </div>
      <Dialog title={t("views")} side="left" isOpen={drawer} onClose={() => setDrawer(false)}>
        <ViewList onGo={() => setDrawer(false)} />
      </Dialog>
      <NewTicketDialog />
      <Palette />
      <ShortcutsDialog isOpen={help} onClose={() => setHelp(false)} onOpen={() => setHelp(true)} />
    </div>
  );
}

/** Begins the agent's day before anything is drawn that belongs to it. */
function useWork(): boolean {
  const me = useMe();
  const [begun, setBegun] = useState(false);
  // The agent may change their name while working; only another agent is another day.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const end = beginWork(me);
    setBegun(true);
    return end;
  }, [me.id]);
  return begun;
}

/** A page that takes the place of the one with the focus gets it; otherwise the keyboard would begin anew at the top. */
function useFocusOnPage(location: string): void {
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another page is a reason.
  useEffect(() => {
    if (first.current) first.current = false;
    else if (document.activeElement === document.body) document.getElementById("content")?.focus();
  }, [location]);
}

function Pages() {
  const t = useText();
  const me = useMe();
  const notFound = <EmptyState icon="search" title={t("notFoundTitle")} text={t("notFoundText")} />;
  return (
    <Suspense fallback={<Skeleton lines={6} />}>
      <Switch>
        <Route path="/views" component={ViewsHome} />
        <Route path="/views/:id">{({ id }) => <ViewPage id={Number(id)} />}</Route>
        <Route path="/tickets/:id">{({ id }) => <TicketPage key={id} id={Number(id)} />}</Route>
        <Route path="/search" component={SearchPage} />
        <Route path="/users/:id">{({ id }) => <UserPage key={id} id={Number(id)} />}</Route>
        <Route path="/admin/*?">{me.role === "admin" ? <AdminPages /> : notFound}</Route>
        <Route path="/account/*?">
          <AccountPages />
        </Route>
        <Route path="/">
          <Redirect to="/views" replace />
        </Route>
        <Route>{notFound}</Route>
      </Switch>
    </Suspense>
  );
}
