/** What every object of the API has in common. Times are ISO 8601 in UTC. */

/** An object that the server keeps: it has a number and an address of its own. */
export interface Kept {
  id: number;
  /** Where the object itself can be read. */
  url: string;
  created_at: string;
  updated_at: string;
}

/** What one may say when making or changing `T`: the server fills in the rest. */
export type Draft<T> = Partial<Omit<T, keyof Kept>>;

/** A field of a ticket, an operator and what to compare with. */
export interface Condition {
  field: string;
  operator: string;
  value: ConditionValue;
}
export type ConditionValue = string | number | boolean | null | (string | number)[];

/** `all` must hold, and one of `any` where there are some. */
export interface Conditions {
  all: Condition[];
  any: Condition[];
}

/** Something to do to a ticket: set a field, add a tag, write a comment. */
export interface Action {
  field: string;
  value: ConditionValue;
}

/** Who may use a view or a macro; everybody without one. */
export interface Restriction {
  type: "Group" | "User";
  id: number;
  ids?: number[];
}

/** Work that goes on after the answer: `update_many`, `merge`. */
export interface JobStatus {
  id: string;
  url: string;
  status: "queued" | "working" | "failed" | "killed" | "completed";
  total: number | null;
  progress: number | null;
  message: string | null;
  results:
    | { id: number; index?: number; success?: boolean; status?: string; error?: string; details?: string }[]
    | null;
}

export interface Attachment {
  id: number;
  file_name: string;
  content_url: string;
  content_type: string;
  size: number;
  malware_scan_result?:
    | "malware_found"
    | "malware_not_found"
    | "failed_to_scan"
    | "not_scanned"
    | string
    | null;
}
