/** What a part of the workspace gives the shell: pages with their addresses, and their place in the list at the side. */
import type { ComponentType } from "react";
import type { Language } from "../i18n/catalogue";
import type { IconName } from "../ui";

export interface Route {
  /** Below `/workspace`, with parameters as in `/admin/triggers/:id`. */
  path: string;
  /** The name in the side list; a page without one is reached from other pages. */
  title?: (language: Language) => string;
  icon?: IconName;
  /** The heading above it in the side list. */
  section?: (language: Language) => string;
  component: ComponentType<{ params: Record<string, string> }>;
}
