/** Why a call did not do what it was asked for. */

/** What the server says is wrong with one field. */
export interface FieldProblem {
  error: string;
  description: string;
}

export type ProblemDetails = Record<string, FieldProblem[]>;

export interface ProblemParts {
  status: number;
  error: string;
  description?: string | undefined;
  details?: ProblemDetails | undefined;
  retryAfter?: number | undefined;
}

export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  /** HTTP's status; 0 when there was no answer, 408 when it took too long. */
  readonly status: number;
  /** The server's word for it, for instance `RecordInvalid`; ours are `Offline`, `Timeout` and `Unreadable`. */
  readonly error: string;
  /** The server's sentence for people. */
  readonly description: string | undefined;
  readonly details: ProblemDetails;
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number | undefined;

  constructor(parts: ProblemParts) {
    super(parts.description ?? parts.error);
    this.status = parts.status;
    this.error = parts.error;
    this.description = parts.description;
    this.details = parts.details ?? {};
    this.retryAfter = parts.retryAfter;
  }

  /** What is wrong with a field, in the server's words. */
  about(field: string): string | undefined {
    return this.details[field]?.[0]?.description;
  }
}

/** Reads the errors of both APIs: `{error, description, details}` and `{errors: [{code, title}]}`. */
export function problemIn(status: number, body: unknown, retryAfter?: number): ApiProblem {
  const said = isObject(body) ? body : {};
  const [first] = Array.isArray(said.errors) ? said.errors : [];
  const error = text(said.error) ?? (isObject(first) ? text(first.code) : undefined) ?? "Unknown";
  const description = text(said.description) ?? (isObject(first) ? text(first.title) : undefined);
  return new ApiProblem({ status, error, description, details: detailsIn(said.details), retryAfter });
}

function detailsIn(said: unknown): ProblemDetails {
  if (!isObject(said)) return {};
  return Object.fromEntries(
    Object.entries(said).map(([field, problems]) => [
      field,
      Array.isArray(problems) ? problems.filter(isField) : [],
    ]),
  );
}

function isField(said: unknown): said is FieldProblem {
  return isObject(said) && typeof said.description === "string";
}

function isObject(said: unknown): said is Record<string, unknown> {
  return typeof said === "object" && said !== null;
}

function text(said: unknown): string | undefined {
  return typeof said === "string" && said ? said : undefined;
}
