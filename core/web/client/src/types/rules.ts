/** What admins set up for the desk: views, macros, rules, fields, queues. */
import type { Action, Conditions, Kept, Restriction } from "./common";
import type { NewComment, Ticket } from "./tickets";

export interface View extends Kept {
  title: string;
  description?: string | null;
  active: boolean;
  position: number;
  restriction: Restriction | null;
  conditions: Conditions;
  execution: Execution;
}

/** How a view shows its tickets. */
export interface Execution {
  columns: { id: string | number; title: string }[];
  group_by: string | null;
  group_order?: "asc" | "desc";
  sort_by: string | null;
  sort_order: "asc" | "desc";
}

/** What one may say of a view: `output` holds the columns by their ids. */
export interface ViewDraft {
  title?: string;
  description?: string | null;
  active?: boolean;
  position?: number;
  restriction?: Restriction | null;
  all?: Conditions["all"];
  any?: Conditions["any"];
  conditions?: Conditions;
  output?: {
    columns: (string | number)[];
    sort_by?: string;
    sort_order?: "asc" | "desc";
    group_by?: string | null;
  };
}

export interface ViewCount {
  view_id: number;
  value: number | null;
  pretty: string;
  fresh: boolean;
}

/** A view's tickets as rows of its columns. */
export interface ViewPage {
  rows: { ticket: Ticket; [column: string]: unknown }[];
  columns: { id: string | number; title: string }[];
  count: number;
}

export interface Macro extends Kept {
  title: string;
  description: string | null;
  active: boolean;
  position: number;
  restriction: Restriction | null;
  actions: Action[];
}

/** What a macro would make of a ticket; nothing is saved. */
export interface MacroResult {
  ticket: Partial<Ticket> & { comment?: NewComment };
}

export interface Trigger extends Kept {
  title: string;
  description: string | null;
  active: boolean;
  position: number;
  category_id?: string | null;
  conditions: Conditions;
  actions: Action[];
}

export interface Automation extends Kept {
  title: string;
  active: boolean;
  position: number;
  conditions: Conditions;
  actions: Action[];
}

/** A recent ticket that a rule would change, and why. */
export interface TriggerMatch {
  ticket_id: number;
  subject: string | null;
  would: Action[];
  because: string;
}

/** What conditions and actions can be made of. */
export interface Definitions {
  conditions_all: ConditionDefinition[];
  conditions_any: ConditionDefinition[];
  actions: ActionDefinition[];
}

export type ValueType =
  | "list"
  | "text"
  | "textarea"
  | "tags"
  | "autocomplete"
  | "date"
  | "checkbox"
  | "integer"
  | string;

export interface DefinedValue {
  value: string;
  title: string;
  enabled: boolean;
}

export interface ConditionDefinition {
  /** Goes into `field` of a condition. */
  subject: string;
  title: string;
  /** The heading under which it stands. */
  group: string;
  type: ValueType;
  nullable: boolean;
  repeatable: boolean;
  /** A terminal operator takes no value, for instance `changed`. */
  operators: { value: string; title: string; terminal: boolean }[];
  values?: DefinedValue[];
}

export interface ActionDefinition {
  subject: string;
  title: string;
  group: string;
  type: ValueType;
  nullable: boolean;
  repeatable: boolean;
  values?: DefinedValue[];
}

export type TicketFieldType =
  | "subject"
  | "description"
  | "status"
  | "priority"
  | "tickettype"
  | "group"
  | "assignee"
  | "text"
  | "textarea"
  | "checkbox"
  | "date"
  | "integer"
  | "decimal"
  | "regexp"
  | "tagger"
  | "multiselect"
  | "lookup";

export interface TicketField extends Kept {
  type: TicketFieldType;
  title: string;
  raw_title?: string;
  title_in_portal: string;
  description: string;
  active: boolean;
  required: boolean;
  visible_in_portal: boolean;
  editable_in_portal: boolean;
  required_in_portal: boolean;
  regexp_for_validation: string | null;
  position: number;
  /** False for the fields that every ticket has. */
  removable: boolean;
  /** The name by which bots and the API fill it in. */
  key: string;
  custom_field_options?: FieldOption[];
}

export interface FieldOption {
  id?: number;
  name: string;
  value: string;
  default?: boolean;
}

export interface TicketForm extends Kept {
  name: string;
  display_name: string;
  active: boolean;
  default: boolean;
  end_user_visible: boolean;
  position: number;
  ticket_field_ids: number[];
}

/** Where tickets wait for an agent; the first queue whose conditions hold takes a ticket. */
export interface Queue {
  id: string;
  url: string;
  name: string;
  description: string | null;
  priority: number;
  order: number;
  definition: Conditions;
  primary_groups: QueueGroups;
  secondary_groups: QueueGroups;
  created_at: string;
  updated_at: string;
}

export interface QueueGroups {
  count: number;
  groups: { id: number; name?: string }[];
}

export interface QueueDraft {
  name?: string;
  description?: string | null;
  priority?: number;
  order?: number;
  definition?: Conditions;
  primary_groups_id?: number[];
  secondary_groups_id?: number[];
}

/** Where past tickets would have gone under the queues as they were sent. */
export interface QueuePreview {
  matches: { ticket_id: number; subject: string | null; queue: string | null; because: string }[];
  looked_at: number;
}

export interface Shortcut extends Kept {
  /** What follows `/`. */
  name: string;
  message: string;
  tags: string[];
}

/** A text in several languages. `{{dc.name}}` in a macro or an answer stands for the one of the customer. */
export interface ContentItem extends Kept {
  name: string;
  placeholder: string;
  default_locale: string;
  variants: ContentVariant[];
}

export interface ContentVariant {
  locale: string;
  content: string;
}

export type ContentDraft = Partial<Pick<ContentItem, "name" | "default_locale" | "variants">>;
