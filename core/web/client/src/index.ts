/** A typed client of the desk's API, for browsers. */
export { Client, type ClientOptions, type SearchResult } from "./client";
export type { Door } from "./door";
export type { Page, PageOptions } from "./pages";
export { ApiProblem, type FieldProblem, type ProblemDetails } from "./problem";
export type { Call, CallOptions, Query } from "./request";
export type { StatusDraft } from "./resources/availability";
export type { AgentDraft } from "./resources/people";
export type { Changed, Shown } from "./resources/tickets";
export { type LineState, Stream, type StreamEvents, type StreamOptions } from "./stream";
export type * from "./types";
export type { UploadOptions } from "./upload";
