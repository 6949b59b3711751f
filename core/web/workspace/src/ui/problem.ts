/** Says in the agent's language why something did not work. What the server says of it is good words, so it comes first. */
import type { TextKey } from "../i18n/en";

interface Failure {
  status?: number;
  description?: string;
  /** What is wrong with single fields: this says more than the sentence about all of them. */
  details?: Record<string, readonly { description: string }[]>;
}

const BY_STATUS: Record<number, TextKey> = {
  0: "errorOffline",
  401: "errorSignedOut",
  403: "errorForbidden",
  404: "errorNotFound",
  408: "errorTimeout",
  413: "errorTooLarge",
  429: "errorRateLimited",
};

export function problemOf(t: (key: TextKey) => string, error: unknown): string {
  const { status, description: whole, details = {} } = (error ?? {}) as Failure;
  const parts = Object.values(details).flatMap((said) => said.map((one) => one.description));
  const description = parts.join(" ") || whole;
  if (typeof status !== "number") return t("errorBug");
  if (description && status >= 400 && status < 500 && status !== 401 && status !== 404) return description;
  const known = BY_STATUS[status];
  if (known) return t(known);
  return status >= 500 ? t("errorServer") : t("errorRefused");
}
