/** The pages for admins, in the order of their list. Each part is a piece of code of its own, loaded when it is opened. */
import { lazy } from "react";
import type { Route } from "../shell/routes";
import "./admin.css";
import { named } from "./navigation";

const people = {
  agents: lazy(async () => ({ default: (await import("./people/agents")).AgentsPage })),
  groups: lazy(async () => ({ default: (await import("./people/groups")).GroupsPage })),
  statuses: lazy(async () => ({ default: (await import("./people/statuses")).StatusesPage })),
};
const rules = {
  views: lazy(async () => ({ default: (await import("./rules/views")).ViewsPage })),
  view: lazy(async () => ({ default: (await import("./rules/view-page")).ViewEditPage })),
  macros: lazy(async () => ({ default: (await import("./rules/macros")).MacrosPage })),
  macro: lazy(async () => ({ default: (await import("./rules/macro-page")).MacroPage })),
  shortcuts: lazy(async () => ({ default: (await import("./rules/shortcuts")).ShortcutsPage })),
  contents: lazy(async () => ({ default: (await import("./rules/contents")).ContentsPage })),
  fields: lazy(async () => ({ default: (await import("./rules/fields")).FieldsPage })),
  forms: lazy(async () => ({ default: (await import("./rules/forms")).FormsPage })),
  triggers: lazy(async () => ({ default: (await import("./rules/triggers")).TriggersPage })),
  trigger: lazy(async () => ({ default: (await import("./rules/trigger-page")).TriggerPage })),
  automations: lazy(async () => ({ default: (await import("./rules/automations")).AutomationsPage })),
  automation: lazy(async () => ({ default: (await import("./rules/automation-page")).AutomationPage })),
  queues: lazy(async () => ({ default: (await import("./rules/queues")).QueuesPage })),
  queue: lazy(async () => ({ default: (await import("./rules/queue-page")).QueuePage })),
};
const channels = {
  integrations: lazy(async () => ({ default: (await import("./channels/integrations")).IntegrationsPage })),
  integration: lazy(async () => ({ default: (await import("./channels/integration-page")).IntegrationPage })),
  widgets: lazy(async () => ({ default: (await import("./widget/widgets")).WidgetsPage })),
  widget: lazy(async () => ({ default: (await import("./widget/widget-page")).WidgetPage })),
  plugins: lazy(async () => ({ default: (await import("./channels/plugins")).PluginsPage })),
  plugin: lazy(async () => ({ default: (await import("./channels/plugin-page")).PluginPage })),
  parked: lazy(async () => ({ default: (await import("./channels/parked")).ParkedPage })),
};
const programs = {
  keys: lazy(async () => ({ default: (await import("./api/keys")).KeysPage })),
  webhooks: lazy(async () => ({ default: (await import("./api/webhooks")).WebhooksPage })),
  clientNew: lazy(async () => ({ default: (await import("./api/client-new")).ClientNewPage })),
  client: lazy(async () => ({ default: (await import("./api/client-page")).ClientPage })),
  audit: lazy(async () => ({ default: (await import("./log/audit-log")).AuditLogPage })),
};

const inPeople = { section: named("people") };
const inWork = { section: named("work") };
const inRules = { section: named("rules") };
const inChannels = { section: named("channels") };
const inPrograms = { section: named("programs") };

export const routes: Route[] = [
  { path: "/admin/agents", title: named("agents"), icon: "user", component: people.agents, ...inPeople },
  { path: "/admin/groups", title: named("groups"), icon: "group", component: people.groups, ...inPeople },
  {
    path: "/admin/availability",
    title: named("availability"),
    icon: "clock",
    component: people.statuses,
    ...inPeople,
  },

  { path: "/admin/views", title: named("views"), icon: "views", component: rules.views, ...inWork },
  { path: "/admin/views/:id", component: rules.view },
  { path: "/admin/macros", title: named("macros"), icon: "bolt", component: rules.macros, ...inWork },
  { path: "/admin/macros/:id", component: rules.macro },
  {
    path: "/admin/shortcuts",
    title: named("shortcuts"),
    icon: "keyboard",
    component: rules.shortcuts,
    ...inWork,
  },
  { path: "/admin/content", title: named("contents"), icon: "globe", component: rules.contents, ...inWork },
  { path: "/admin/fields", title: named("fields"), icon: "tag", component: rules.fields, ...inWork },
  { path: "/admin/forms", title: named("forms"), icon: "file", component: rules.forms, ...inWork },

  { path: "/admin/triggers", title: named("triggers"), icon: "play", component: rules.triggers, ...inRules },
  { path: "/admin/triggers/:id", component: rules.trigger },
  {
    path: "/admin/automations",
    title: named("automations"),
    icon: "history",
    component: rules.automations,
    ...inRules,
  },
  { path: "/admin/automations/:id", component: rules.automation },
  { path: "/admin/queues", title: named("queues"), icon: "list", component: rules.queues, ...inRules },
  { path: "/admin/queues/:id", component: rules.queue },

  {
    path: "/admin/integrations",
    title: named("integrations"),
    icon: "plug",
    component: channels.integrations,
    ...inChannels,
  },
  { path: "/admin/integrations/new/:plugin", component: channels.integration },
  { path: "/admin/integrations/:id", component: channels.integration },
  {
    path: "/admin/widget",
    title: named("widget"),
    icon: "palette",
    component: channels.widgets,
    ...inChannels,
  },
  { path: "/admin/widget/:id", component: channels.widget },
  {
    path: "/admin/plugins",
    title: named("plugins"),
    icon: "shield",
    component: channels.plugins,
    ...inChannels,
  },
  { path: "/admin/plugins/:id", component: channels.plugin },
  {
    path: "/admin/parked",
    title: named("parked"),
    icon: "warning",
    component: channels.parked,
    ...inChannels,
  },

  { path: "/admin/keys", title: named("keys"), icon: "key", component: programs.keys, ...inPrograms },
  {
    path: "/admin/webhooks",
    title: named("webhooks"),
    icon: "outside",
    component: programs.webhooks,
    ...inPrograms,
  },
  { path: "/admin/webhooks/new", component: programs.clientNew },
  { path: "/admin/webhooks/:id", component: programs.client },
  { path: "/admin/audit", title: named("audit"), icon: "history", component: programs.audit, ...inPrograms },
];
