//! The kinds of lines, in the order in which they need each other.

use passerelle_model::metadata::Metadata;
use passerelle_model::people::Profile;

use crate::value::{Columns as _, Row};
use crate::{StoreError, map};

/// How a column looks in a line.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// 24 hex characters.
    Id,
    /// A whole number; times are microseconds since 1970.
    Number,
    /// True or false.
    Flag,
    /// A text.
    Text,
    /// Any JSON.
    Document,
}

/// A column of a kind.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) form: Form,
}

/// What a line does when it is taken over.
pub(crate) enum Way {
    /// Adds a row. These columns get these values, because the line does not hold them.
    Insert(&'static [(&'static str, &'static str)]),
    /// Sets the last column of a row that an earlier line added: rows that refer to each other need a second step.
    Link,
}

/// A kind of line.
pub(crate) struct Kind {
    /// The word in `type`.
    pub(crate) word: &'static str,
    pub(crate) table: &'static str,
    pub(crate) columns: &'static [Column],
    /// How many of the first columns name the row; lines come in their order.
    pub(crate) key: usize,
    /// Behind `FROM table t`: joins, and the condition with the app.
    pub(crate) of_app: &'static str,
    /// Columns that lead to a row of the same app, and where that row is: the column's value and the app are filled in.
    pub(crate) parents: &'static [(&'static str, &'static str)],
    pub(crate) way: Way,
    /// Whether the model can read the row; one that it cannot read would stop every list that it stands in.
    pub(crate) reads: fn(&Row) -> Result<(), StoreError>,
    /// Columns of the table that stay behind.
    #[cfg_attr(not(test), expect(dead_code, reason = "the test that compares kinds and tables reads it"))]
    pub(crate) stays: &'static [&'static str],
}

const fn id(name: &'static str) -> Column {
    Column { name, form: Form::Id }
}

const fn number(name: &'static str) -> Column {
    Column { name, form: Form::Number }
}

const fn flag(name: &'static str) -> Column {
    Column { name, form: Form::Flag }
}

const fn text(name: &'static str) -> Column {
    Column { name, form: Form::Text }
}

const fn document(name: &'static str) -> Column {
    Column { name, form: Form::Document }
}

const OWN: &str = "WHERE t.app = ?";
const OWN_AND_STAYING: &str = "WHERE t.app = ? AND t.removed_at IS NULL";
const OF_SWITCHBOARD: &str = "CROSS JOIN switchboards p ON p.id = t.switchboard WHERE p.app = ?";
const OF_USER: &str = "CROSS JOIN users p ON p.id = t.user WHERE p.app = ? AND p.removed_at IS NULL";
const OF_CONVERSATION: &str =
    "CROSS JOIN conversations p ON p.id = t.conversation WHERE p.app = ? AND p.removed_at IS NULL";
const OF_BOTH: &str = "CROSS JOIN users u ON u.id = t.user AND u.removed_at IS NULL \
                       CROSS JOIN conversations p ON p.id = t.conversation WHERE p.app = ? AND p.removed_at IS NULL";

/// An integration comes without its secrets, so that it cannot work yet.
const ASLEEP: &[(&str, &str)] = &[("status", "inactive"), ("status_reason", "imported without its secrets")];

/// Every kind.
pub(crate) const KINDS: &[Kind] = &[
    Kind {
        word: "app",
        table: "apps",
        columns: &[id("id"), text("name"), document("settings"), document("metadata"), number("created_at")],
        key: 1,
        of_app: "WHERE t.id = ?",
        parents: &[],
        way: Way::Insert(&[]),
        reads: |row| map::app(row).map(drop),
        stays: &["removed_at"],
    },
    Kind {
        word: "integration",
        table: "integrations",
        columns: &[
            id("id"),
            id("app"),
            text("kind"),
            text("plugin"),
            text("display_name"),
            document("settings"),
            document("granted_hosts"),
            document("metadata"),
            number("created_at"),
        ],
        key: 1,
        of_app: OWN,
        parents: &[],
        way: Way::Insert(ASLEEP),
        reads: |row| map::integration(row).map(drop),
        stays: &["status", "status_reason", "default_responder"],
    },
    Kind {
        word: "switchboard",
        table: "switchboards",
        columns: &[id("id"), id("app"), flag("enabled")],
        key: 1,
        of_app: OWN,
        parents: &[],
        way: Way::Insert(&[]),
        reads: |row| map::switchboard(row).map(drop),
        stays: &["default_seat"],
    },
    Kind {
        word: "switchboardIntegration",
        table: "seats",
        columns: &[
            id("id"),
            id("switchboard"),
            text("name"),
            id("integration"),
            text("integration_type"),
            flag("deliver_standby_events"),
            number("message_history_count"),
        ],
        key: 1,
        of_app: OF_SWITCHBOARD,
        parents: &[
            ("switchboard", "switchboards WHERE id = ? AND app = ?"),
            ("integration", "integrations WHERE id = ? AND app = ?"),
        ],
        way: Way::Insert(&[]),
        reads: |row| map::seat(row).map(drop),
        stays: &["next"],
    },
    Kind {
        word: "nextSwitchboardIntegration",
        table: "seats",
        columns: &[id("id"), id("switchboard"), id("next")],
        key: 1,
        of_app: "CROSS JOIN switchboards p ON p.id = t.switchboard WHERE p.app = ? AND t.next IS NOT NULL",
        parents: &[("switchboard", "switchboards WHERE id = ? AND app = ?")],
        way: Way::Link,
        reads: |_| Ok(()),
        stays: &[],
    },
    Kind {
        word: "defaultSwitchboardIntegration",
        table: "switchboards",
        columns: &[id("id"), id("app"), id("default_seat")],
        key: 1,
        of_app: "WHERE t.app = ? AND t.default_seat IS NOT NULL",
        parents: &[],
        way: Way::Link,
        reads: |_| Ok(()),
        stays: &[],
    },
    Kind {
        word: "defaultResponder",
        table: "integrations",
        columns: &[id("id"), id("app"), id("default_responder")],
        key: 1,
        of_app: "WHERE t.app = ? AND t.default_responder IS NOT NULL",
        parents: &[],
        way: Way::Link,
        reads: |_| Ok(()),
        stays: &[],
    },
    Kind {
        word: "user",
        table: "users",
        columns: &[
            id("id"),
            id("app"),
            text("external_id"),
            document("profile"),
            document("metadata"),
            flag("authenticated"),
            flag("to_be_retained"),
            number("signed_up_at"),
            number("created_at"),
        ],
        key: 1,
        of_app: OWN_AND_STAYING,
        parents: &[],
        way: Way::Insert(&[]),
        reads: |row| {
            row.document::<Profile>("profile")?;
            row.document::<Metadata>("metadata").map(drop)
        },
        stays: &["removed_at"],
    },
    Kind {
        word: "conversation",
        table: "conversations",
        columns: &[
            id("id"),
            id("app"),
            text("kind"),
            id("user"),
            flag("is_default"),
            text("display_name"),
            text("description"),
            text("icon_url"),
            document("metadata"),
            id("active"),
            id("pending"),
            number("control_epoch"),
            number("last_seq"),
            text("channel_type"),
            document("tags"),
            document("fields"),
            document("routing"),
            number("business_last_read"),
            number("last_updated_at"),
            number("created_at"),
        ],
        key: 1,
        of_app: OWN_AND_STAYING,
        parents: &[("user", "users WHERE id = ? AND app = ?")],
        way: Way::Insert(&[]),
        reads: |row| map::conversation(row).map(drop),
        stays: &["removed_at"],
    },
    Kind {
        word: "client",
        table: "clients",
        columns: &[
            id("id"),
            id("user"),
            id("integration"),
            text("channel_type"),
            text("external_id"),
            text("address"),
            id("conversation"),
            text("status"),
            document("profile"),
            number("last_seen_at"),
            number("created_at"),
        ],
        key: 1,
        of_app: OF_BOTH,
        parents: &[
            ("user", "users WHERE id = ? AND app = ?"),
            ("integration", "integrations WHERE id = ? AND app = ?"),
            ("conversation", "conversations WHERE id = ? AND app = ?"),
        ],
        way: Way::Insert(&[]),
        reads: |row| map::client(row).map(drop),
        stays: &[],
    },
    Kind {
        word: "device",
        table: "devices",
        columns: &[
            id("id"),
            id("user"),
            id("client"),
            id("integration"),
            text("kind"),
            text("guid"),
            text("status"),
            document("info"),
            text("app_version"),
            number("last_seen_at"),
        ],
        key: 1,
        of_app: OF_USER,
        parents: &[
            ("user", "users WHERE id = ? AND app = ?"),
            ("integration", "integrations WHERE id = ? AND app = ?"),
        ],
        way: Way::Insert(&[]),
        reads: |row| map::device(row).map(drop),
        // Whoever holds it can push to the phone.
        stays: &["push_token"],
    },
    Kind {
        word: "participant",
        table: "participants",
        columns: &[id("id"), id("conversation"), id("user"), number("unread_count"), number("last_read")],
        key: 1,
        of_app: OF_BOTH,
        parents: &[
            ("conversation", "conversations WHERE id = ? AND app = ?"),
            ("user", "users WHERE id = ? AND app = ?"),
        ],
        way: Way::Insert(&[]),
        reads: |_| Ok(()),
        // The widget says it anew; archives from before it have no such column.
        stays: &["last_received"],
    },
    Kind {
        word: "file",
        table: "media",
        columns: &[
            text("handle"),
            id("app"),
            text("media_type"),
            text("file_name"),
            number("size"),
            text("sha256"),
            text("access"),
            id("conversation"),
            number("created_at"),
        ],
        key: 1,
        of_app: OWN,
        parents: &[],
        // Until its messages are there, nobody may take it for one that was never used.
        way: Way::Insert(&[("for_message", "0")]),
        reads: |row| map::media(row).map(drop),
        stays: &["for_message"],
    },
    Kind {
        word: "message",
        table: "messages",
        columns: &[
            id("conversation"),
            number("seq"),
            id("id"),
            document("author"),
            document("content"),
            text("source_kind"),
            id("source_integration"),
            id("source_client"),
            text("source_original_id"),
            number("source_original_at"),
            document("metadata"),
            document("extras"),
            id("in_reply_to"),
            number("received_at"),
            number("edited_at"),
            number("deleted_at"),
        ],
        key: 2,
        of_app: OF_CONVERSATION,
        parents: &[("conversation", "conversations WHERE id = ? AND app = ?")],
        way: Way::Insert(&[]),
        reads: |row| map::message(row).map(drop),
        stays: &[],
    },
    Kind {
        word: "fileOfMessages",
        table: "media",
        columns: &[text("handle"), id("app"), flag("for_message")],
        key: 1,
        of_app: "WHERE t.app = ? AND t.for_message = 1",
        parents: &[],
        way: Way::Link,
        reads: |_| Ok(()),
        stays: &[],
    },
    Kind {
        word: "messageName",
        table: "message_names",
        columns: &[id("conversation"), id("integration"), text("external_id"), id("message")],
        key: 3,
        of_app: OF_CONVERSATION,
        parents: &[("conversation", "conversations WHERE id = ? AND app = ?")],
        way: Way::Insert(&[]),
        reads: |_| Ok(()),
        stays: &[],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Tables that stay behind, by the reason.
    const LEFT_OUT: &[(&str, &[&str])] = &[
        (
            "secrets, and what opens the house",
            &[
                "secrets",
                "app_keys",
                "oauth_clients",
                "oauth_codes",
                "oauth_grants",
                "oauth_tokens",
                "idempotency",
                "widget_sessions",
                "spent_tokens",
                "agent_setup",
                "agent_sessions",
                "agent_tokens",
            ],
        ),
        (
            "work that waits, and what this process knows of vendors",
            &[
                "raw_inbound",
                "inbound_events",
                "poll_cursors",
                "bot_states",
                "turns",
                "deliveries",
                "plugin_kv",
                "plugins",
                "registrations",
                "webhooks",
                "webhook_attempts",
                "webhook_outbox",
                "webhook_reader",
                "links",
                "removals",
                "media_removed",
                "desk_reader",
                "offers",
                "rule_marks",
                "sayings",
                "availabilities",
            ],
        ),
        ("the log: what moves has happened already", &["events", "log_name"]),
        (
            "made anew from the rows themselves",
            &[
                "media_uses",
                "search_docs",
                "search_words",
                "search_words_config",
                "search_words_data",
                "search_words_docsize",
                "search_words_idx",
            ],
        ),
        // Their numbers are the house's, so that those of two houses collide: they need a translation of their own.
        (
            "the desk's history",
            &[
                "people",
                "agents",
                "agent_groups",
                "group_memberships",
                "tickets",
                "ticket_comments",
                "comment_files",
                "mails",
                "mails_in",
                "ticket_audits",
                "ticket_followers",
                "audit_logs",
                "rules",
                "ticket_fields",
                "ticket_forms",
                "queues",
                "shortcuts",
                "content_items",
                "agent_statuses",
            ],
        ),
    ];

    #[tokio::test]
    async fn every_table_leaves_or_stays_by_decision() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = crate::Store::open(folder.path(), &crate::StoreConfig::default()).await.expect("a store");
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                   AND name <> '_sqlx_migrations'";
        let rows = store.ask(sql, []).await.expect("a read");
        let real: BTreeSet<String> = rows.iter().map(|row| sqlx::Row::get(row, "name")).collect();
        let stays = LEFT_OUT.iter().flat_map(|(_, tables)| tables.iter().copied());
        let known = KINDS.iter().map(|kind| kind.table).chain(stays).map(str::to_owned).collect();
        assert_eq!(real, known, "put a new table into `KINDS` or `LEFT_OUT`");
        store.close().await;
    }

    #[tokio::test]
    async fn every_column_leaves_or_stays_by_decision() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = crate::Store::open(folder.path(), &crate::StoreConfig::default()).await.expect("a store");
        for table in KINDS.iter().map(|kind| kind.table).collect::<BTreeSet<_>>() {
            let rows = store.ask(format!("SELECT name FROM pragma_table_info('{table}')"), []).await.expect("a read");
            let real: BTreeSet<String> = rows.iter().map(|row| sqlx::Row::get(row, "name")).collect();
            let kinds = || KINDS.iter().filter(|kind| kind.table == table);
            let leaves = kinds().flat_map(|kind| kind.columns).map(|column| column.name);
            let known: BTreeSet<String> =
                leaves.chain(kinds().flat_map(|kind| kind.stays).copied()).map(str::to_owned).collect();
            assert_eq!(real, known, "`{table}`: put new columns into `columns` or `stays`");
        }
        store.close().await;
    }
}
