/** The pages about the agent's own account. */
import type { Route } from "../shell/routes";

export const routes: Route[] = [];
