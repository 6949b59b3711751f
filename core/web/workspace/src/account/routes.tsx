/** An agent's own pages. */
import { lazy } from "react";
import type { Route } from "../shell/routes";
import "../admin/admin.css";
import { named } from "./navigation";

const Profile = lazy(async () => ({ default: (await import("./profile")).ProfilePage }));
const Security = lazy(async () => ({ default: (await import("./security")).SecurityPage }));
const Tokens = lazy(async () => ({ default: (await import("./tokens")).TokensPage }));
const Preferences = lazy(async () => ({ default: (await import("./preferences")).PreferencesPage }));

export const routes: Route[] = [
  { path: "/account/profile", title: named("profile"), icon: "user", component: Profile },
  { path: "/account/security", title: named("security"), icon: "shield", component: Security },
  { path: "/account/tokens", title: named("tokens"), icon: "key", component: Tokens },
  { path: "/account/preferences", title: named("preferences"), icon: "settings", component: Preferences },
];
