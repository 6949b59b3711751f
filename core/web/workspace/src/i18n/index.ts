/** The texts of the workspace itself. Admin and account pages have catalogues of their own beside them. */
import { catalogue } from "./catalogue";
import { en } from "./en";
import { fr } from "./fr";

export { catalogue, type Translate, type Values } from "./catalogue";
export type { TextKey } from "./en";
export { clock, type Format, useFormat } from "./format";

export const useText = catalogue(en, { fr });
