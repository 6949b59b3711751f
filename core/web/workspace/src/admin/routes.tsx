/** The pages for admins, in the order of their list. */
import type { Route } from "../shell/routes";

export const routes: Route[] = [];
