/** Says in the user's language why something was refused. */
import type { TextKey } from "../i18n/en";
import type { CallError } from "./http";

type T = (key: string) => string;

const BY_CODE: Record<string, TextKey> = { locked: "errorLocked" };
const BY_STATUS: Record<number, TextKey> = {
  408: "errorTimeout",
  413: "errorTooLarge",
  423: "errorLocked",
  429: "errorRateLimited",
};

export function problemOf(
  t: T,
  { status, code, title }: Pick<CallError, "status" | "code" | "title">,
): string {
  const known = BY_CODE[code] ?? BY_STATUS[status];
  if (known) return t(known);
  if (status === 0) return t(code === "timeout" ? "errorTimeout" : "errorOffline");
  if (status >= 500) return t("errorServer");
  return title || t(status === 403 ? "errorForbidden" : "errorRefused");
}
