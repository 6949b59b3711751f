/** What is drawn first: the door, or the workspace behind it. */
import { useEffect } from "react";
import { I18nProvider } from "react-aria-components";
import { Route, Router, Switch } from "wouter";
import { languageOf, usePreferences } from "./preferences/preferences";
import { askWhoIsIn, useSession } from "./session/session";
import { SetUp } from "./session/set-up";
import { SignIn } from "./session/sign-in";
import { Shell } from "./shell/shell";
import { ErrorState } from "./ui";
import { Stumble } from "./ui/stumble";
import { Toasts } from "./ui/toast";

export function App() {
  const language = usePreferences((state) => languageOf(state));
  return (
    <I18nProvider locale={language}>
      <Router base="/workspace">
        <Stumble>
          <Switch>
            <Route path="/setup" component={SetUp} />
            <Route component={Door} />
          </Switch>
          <Toasts />
        </Stumble>
      </Router>
    </I18nProvider>
  );
}

function Door() {
  const session = useSession();
  useEffect(() => {
    void askWhoIsIn();
  }, []);
  switch (session.state) {
    case "asking":
      return <div className="blank" />;
    case "failed":
      return <ErrorState error={session.error} onRetry={askWhoIsIn} />;
    case "out":
      return <SignIn over={session.over} />;
    case "in":
      return <Shell key={session.me.id} />;
  }
}
