//! Views: conditions as SQL. What a view lists is what `passerelle-model` says of each ticket; a test compares the two.
//!
//! Values are bound, never written into a statement; the words of lists that the model closes are.

use passerelle_model::desk::{QueueId, RuleId, TicketStatus};
use passerelle_model::id::AppId;
use passerelle_model::rule::{
    Column, Execution, Field, FieldKeys, HOUR_MICROS, Look, Moment, Operator, Plan, Test, Viewer,
};
use passerelle_model::time::Timestamp;

use super::cut;
use crate::rows::{Paged, Ticket};
use crate::value::{Columns, Value, json, values};
use crate::{Store, StoreError, map};

/// Tickets of one page at most.
const MAX_PAGE: u32 = 100;
/// Tickets before a page at most.
const MAX_SKIP: u32 = 10_000;
/// As in the index of the tickets that are not solved, word for word, so that it is used.
const UNSOLVED: &str = "t.status IN ('new', 'open', 'pending', 'hold')";

/// Which tickets are looked for, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// In which app.
    pub app: AppId,
    /// What holds for them.
    pub plan: &'a Plan,
    /// Who looks.
    pub viewer: &'a Viewer,
    /// Where the values of fields are kept.
    pub keys: &'a FieldKeys,
    /// When.
    pub now: Timestamp,
}

/// A part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How many come before it, at most 10,000.
    pub skip: u32,
    /// 1 to 100.
    pub size: u32,
}

impl Store {
    /// How many tickets fit.
    pub async fn count_sought(&self, sought: &Sought<'_>) -> Result<u64, StoreError> {
        let clause = Clause::of(sought);
        let sql = format!("SELECT count(*) AS n FROM tickets t WHERE {}", clause.sql);
        self.ask(sql, clause.values).await?.first().map_or(Ok(0), |row| row.number("n"))
    }

    /// The tickets that fit, grouped and sorted.
    pub async fn tickets_sought(
        &self,
        sought: &Sought<'_>,
        execution: &Execution,
        part: Part,
    ) -> Result<Paged<Ticket>, StoreError> {
        let mut clause = Clause::of(sought);
        let (size, order) = (part.size.clamp(1, MAX_PAGE), order(execution));
        let (limit, skip) = (clause.bind(size + 1), clause.bind(part.skip.min(MAX_SKIP)));
        let sql =
            format!("SELECT t.* FROM tickets t WHERE {} ORDER BY {order} LIMIT {limit} OFFSET {skip}", clause.sql);
        cut(&self.ask(sql, clause.values).await?, size, map::ticket)
    }

    /// A ticket as rules see it.
    pub async fn look_at(&self, ticket: &Ticket) -> Result<Look, StoreError> {
        let rows = self.ask(LOOK, look_values(ticket)).await?;
        rows.first().map(|row| look(ticket, row)).unwrap_or_else(|| Err(nothing()))
    }
}

/// What rules see of a ticket that does not stand in its own row.
pub(crate) const LOOK: &str = "SELECT (SELECT name FROM queues WHERE id = ?) AS queue, \
     coalesce((SELECT CASE WHEN s.id IS NULL THEN 'none' WHEN s.integration IS NULL THEN 'desk' ELSE 'bot' END \
     FROM conversations c LEFT JOIN seats s ON s.id = c.active WHERE c.id = ?), 'none') AS control, \
     (SELECT coalesce(u.profile ->> 'locale', a.locale) FROM people p LEFT JOIN users u ON u.id = p.user \
     LEFT JOIN agents a ON a.id = p.id WHERE p.id = ?) AS locale";

pub(crate) fn look_values(ticket: &Ticket) -> [Value; 3] {
    values![ticket.queue, ticket.conversation, ticket.requester]
}

pub(crate) fn nothing() -> StoreError {
    StoreError::Database("a question without a condition has no answer".into())
}

/// Needs a row of [`LOOK`].
pub(crate) fn look(ticket: &Ticket, row: &impl Columns) -> Result<Look, StoreError> {
    let named = |queue: QueueId| row.maybe_text("queue").map(|name| name.map(|name| (queue, name)));
    Ok(Look {
        subject: ticket.subject.clone(),
        status: ticket.status,
        priority: ticket.priority,
        kind: ticket.kind,
        requester: ticket.requester,
        assignee: ticket.assignee,
        group: ticket.group,
        tags: ticket.tags.clone(),
        fields: ticket.fields.clone(),
        via: ticket.via.clone(),
        form: ticket.form,
        queue: ticket.queue.map_or(Ok(None), named)?,
        control: map::word(row, "control", passerelle_model::rule::Controller::of)?,
        locale: row.maybe_text("locale")?,
        created_at: ticket.created_at,
        updated_at: ticket.updated_at,
        status_at: ticket.status_at,
        assigned_at: ticket.assigned_at,
    })
}

/// Forgets the marks of tickets that do not fit any more, or are closed.
pub(crate) fn unmark(rule: RuleId, sought: &Sought<'_>) -> (String, Vec<Value>) {
    let mut clause = Clause::of(sought);
    let rule = clause.bind(rule);
    let fitting = format!("SELECT t.id FROM tickets t WHERE {} AND t.status <> 'closed'", clause.sql);
    (format!("DELETE FROM rule_marks WHERE rule = {rule} AND ticket NOT IN ({fitting})"), clause.values)
}

/// Tickets that fit and have no mark of this rule.
pub(crate) fn unmarked(rule: RuleId, sought: &Sought<'_>, limit: u32) -> (String, Vec<Value>) {
    let mut clause = Clause::of(sought);
    let (rule, limit) = (clause.bind(rule), clause.bind(limit));
    let sql = format!(
        "SELECT t.* FROM tickets t WHERE {} AND t.status <> 'closed' AND NOT EXISTS \
         (SELECT 1 FROM rule_marks m WHERE m.rule = {rule} AND m.ticket = t.id) ORDER BY t.id LIMIT {limit}",
        clause.sql
    );
    (sql, clause.values)
}

/// A condition with the values of its placeholders, which have numbers.
struct Clause {
    sql: String,
    values: Vec<Value>,
}

impl Clause {
    fn of(sought: &Sought<'_>) -> Self {
        let mut clause = Self { sql: "t.app = ?1 AND t.gone = 0".to_owned(), values: values![sought.app].into() };
        if sought.plan.all.iter().any(is_unsolved) {
            clause.sql += " AND ";
            clause.sql += UNSOLVED;
        }
        for test in &sought.plan.all {
            let sql = clause.part(test, sought);
            clause.sql += &format!(" AND ({sql})");
        }
        let any: Vec<String> = sought.plan.any.iter().map(|test| format!("({})", clause.part(test, sought))).collect();
        if !any.is_empty() {
            clause.sql += &format!(" AND ({})", any.join(" OR "));
        }
        clause
    }

    /// A placeholder for this value.
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    /// The words of a value as a list.
    fn bind_words(&mut self, value: &str) -> String {
        let words = json(&value.split_whitespace().collect::<Vec<_>>());
        self.bind(words)
    }

    fn part(&mut self, test: &Test, sought: &Sought<'_>) -> String {
        match &test.field {
            Field::Status => one_of("t.status", &test.fitting_words()),
            Field::Priority => one_of("t.priority", &test.fitting_words()),
            Field::Type => one_of("t.kind", &test.fitting_words()),
            Field::Group => self.group(test, sought.viewer),
            Field::Assignee if test.value == "current_user" => match sought.viewer.agent {
                Some(agent) => self.number("t.assignee", test.operator, Some(agent.0)),
                None => negated("0", test.operator),
            },
            Field::Assignee => self.number("t.assignee", test.operator, test.value.parse().ok()),
            Field::Form => self.number("t.form", test.operator, test.value.parse().ok()),
            Field::Requester => self.number("t.requester", test.operator, test.value.parse().ok()),
            Field::Tags => self.tags(test),
            Field::Channel => negated(&format!("t.via = {}", self.bind(test.value.as_str())), test.operator),
            Field::Queue => self.queue(test),
            Field::Subject => self.subject(test),
            Field::Control => {
                let control = "coalesce((SELECT CASE WHEN s.id IS NULL THEN 'none' WHEN s.integration IS NULL \
                               THEN 'desk' ELSE 'bot' END FROM conversations c LEFT JOIN seats s ON s.id = c.active \
                               WHERE c.id = t.conversation), 'none')";
                negated(&format!("{control} = {}", self.bind(test.value.as_str())), test.operator)
            }
            Field::Locale => self.locale(test),
            Field::Custom(word) => self.custom(test, sought.keys.key(word)),
            Field::Since(moment) => self.since(test, *moment, sought.now),
            // Not of views: the model refuses them.
            Field::Comment | Field::CommentIsPublic | Field::UpdateType => "0".to_owned(),
        }
    }

    fn number(&mut self, column: &str, operator: Operator, wanted: Option<i64>) -> String {
        match operator {
            Operator::Present => format!("{column} IS NOT NULL"),
            Operator::NotPresent => format!("{column} IS NULL"),
            operator => {
                let value = self.bind(wanted);
                negated(&format!("{column} IS {value}"), operator)
            }
        }
    }

    fn group(&mut self, test: &Test, viewer: &Viewer) -> String {
        if test.value != "current_groups" {
            return self.number("t.agent_group", test.operator, test.value.parse().ok());
        }
        let groups = self.bind(json(&viewer.groups));
        let is = format!("coalesce(t.agent_group IN (SELECT value FROM json_each({groups})), 0)");
        negated(&is, test.operator)
    }

    fn tags(&mut self, test: &Test) -> String {
        match test.operator {
            Operator::Present => "t.tags <> '[]'".to_owned(),
            Operator::NotPresent => "t.tags = '[]'".to_owned(),
            operator => {
                let words = self.bind_words(&test.value);
                let any = format!(
                    "EXISTS (SELECT 1 FROM json_each(t.tags) e WHERE e.value IN (SELECT value FROM json_each({words})))"
                );
                negated(&any, operator)
            }
        }
    }

    fn queue(&mut self, test: &Test) -> String {
        if !test.operator.needs_value() || test.value.is_empty() {
            return self.number("t.queue", test.operator, None);
        }
        let value = self.bind(test.value.as_str());
        let is = format!(
            "EXISTS (SELECT 1 FROM queues q WHERE q.id = t.queue AND (q.name = {value} OR CAST(q.id AS TEXT) = {value}))"
        );
        negated(&is, test.operator)
    }

    fn subject(&mut self, test: &Test) -> String {
        if matches!(test.operator, Operator::Is | Operator::IsNot) {
            let value = self.bind(test.value.as_str());
            return negated(&format!("instr(t.words, {value}) > 0"), test.operator);
        }
        let words = self.bind_words(&test.value);
        let any =
            format!("EXISTS (SELECT 1 FROM json_each({words}) w WHERE instr(t.words, ' ' || w.value || ' ') > 0)");
        negated(&any, test.operator)
    }

    fn locale(&mut self, test: &Test) -> String {
        let locale = "lower(coalesce((SELECT coalesce(u.profile ->> 'locale', a.locale) FROM people p \
                      LEFT JOIN users u ON u.id = p.user LEFT JOIN agents a ON a.id = p.id \
                      WHERE p.id = t.requester), ''))";
        let (exact, variety) = (self.bind(test.value.as_str()), self.bind(format!("{}-", test.value)));
        let length = test.value.chars().count() + 1;
        negated(&format!("({locale} = {exact} OR substr({locale}, 1, {length}) = {variety})"), test.operator)
    }

    /// As `Test::holds` does it: numbers compare as numbers, flags as words, everything else as text.
    fn custom(&mut self, test: &Test, key: &str) -> String {
        let key = self.bind(key);
        let known = format!("EXISTS (SELECT 1 FROM json_each(t.fields) e WHERE e.key = {key}");
        let number = test.value.parse::<f64>().ok().filter(|number| number.is_finite()).map(|found| found.to_string());
        let text = test.value.as_str();
        match test.operator {
            Operator::Present => format!("{known})"),
            Operator::NotPresent => format!("NOT {known})"),
            Operator::LessThan | Operator::GreaterThan => {
                let sign = if test.operator == Operator::LessThan { "<" } else { ">" };
                let (text, number) = (self.bind(text), self.bind(number));
                format!(
                    "{known} AND CASE e.type WHEN 'text' THEN e.value {sign} {text} WHEN 'integer' THEN \
                     e.value {sign} CAST({number} AS REAL) WHEN 'real' THEN e.value {sign} CAST({number} AS REAL) END)"
                )
            }
            Operator::Includes | Operator::NotIncludes => {
                let words = self.bind_words(text);
                let any = format!(
                    "{known} AND e.type = 'text' AND EXISTS (SELECT 1 FROM json_each({words}) w \
                     WHERE instr(' ' || e.value || ' ', ' ' || w.value || ' ') > 0))"
                );
                negated(&any, test.operator)
            }
            operator => {
                let (word, number) = (self.bind(text), self.bind(number));
                let is = format!(
                    "{known} AND CASE e.type WHEN 'text' THEN e.value = {word} WHEN 'integer' THEN \
                     e.value = CAST({number} AS REAL) WHEN 'real' THEN e.value = CAST({number} AS REAL) \
                     ELSE e.type = {word} END)"
                );
                if !text.is_empty() {
                    return negated(&is, operator);
                }
                // A ticket without the field has nothing there, too.
                let none = format!("NOT EXISTS (SELECT 1 FROM json_each(t.fields) e WHERE e.key = {key})");
                negated(&format!("({is} OR {none})"), operator)
            }
        }
    }

    fn since(&mut self, test: &Test, moment: Moment, now: Timestamp) -> String {
        let (condition, column) = match moment {
            Moment::Status(status) => (format!("t.status = '{}'", status.as_str()), "t.status_at"),
            Moment::Created => ("1".to_owned(), "t.created_at"),
            Moment::Updated => ("1".to_owned(), "t.updated_at"),
            Moment::Assigned => ("t.assignee IS NOT NULL".to_owned(), "t.assigned_at"),
        };
        let hours = test.value.parse::<i64>().unwrap_or_default();
        let before = |hours: i64| now.as_micros().saturating_sub(hours * HOUR_MICROS);
        let time = match test.operator {
            Operator::LessThan => format!("{column} > {}", self.bind(before(hours))),
            Operator::GreaterThan => format!("{column} < {}", self.bind(before(hours))),
            _ => {
                let (upper, lower) = (self.bind(before(hours)), self.bind(before(hours + 1)));
                format!("{column} <= {upper} AND {column} > {lower}")
            }
        };
        format!("{condition} AND {time}")
    }
}

/// The condition, or its opposite where the operator says so. The condition is never unknown.
fn negated(is: &str, operator: Operator) -> String {
    match operator {
        Operator::IsNot | Operator::NotIncludes => format!("NOT ({is})"),
        _ => is.to_owned(),
    }
}

/// Words of the model's lists; the empty one stands for none.
fn one_of(column: &str, words: &[&'static str]) -> String {
    let listed: Vec<_> = words.iter().filter(|word| !word.is_empty()).map(|word| format!("'{word}'")).collect();
    let listed = format!("{column} IN ({})", listed.join(", "));
    if words.contains(&"") { format!("{column} IS NULL OR {listed}") } else { listed }
}

fn is_unsolved(test: &Test) -> bool {
    let is_solved =
        |word: &&str| [TicketStatus::Solved, TicketStatus::Closed].iter().any(|status| status.as_str() == *word);
    test.field == Field::Status && !test.fitting_words().iter().any(is_solved)
}

fn order(execution: &Execution) -> String {
    let direction = |descending: bool| if descending { "DESC" } else { "ASC" };
    let mut parts = Vec::new();
    if let Some(group) = execution.group_by {
        parts.push(format!("{} {}", place(group), direction(execution.group_descending)));
    }
    let descending = direction(execution.sort_descending);
    if execution.sort_by != Column::Id {
        parts.push(format!("{} {descending}", place(execution.sort_by)));
    }
    parts.push(format!("t.id {descending}"));
    parts.join(", ")
}

/// What a column sorts by.
const fn place(column: Column) -> &'static str {
    match column {
        Column::Id => "t.id",
        Column::Subject => "t.subject COLLATE NOCASE",
        Column::Requester => {
            "(SELECT coalesce(a.name, u.profile ->> 'displayName', u.profile ->> 'givenName', u.profile ->> 'surname') \
             FROM people p LEFT JOIN users u ON u.id = p.user LEFT JOIN agents a ON a.id = p.id \
             WHERE p.id = t.requester) COLLATE NOCASE"
        }
        Column::Assignee => "(SELECT a.name FROM agents a WHERE a.id = t.assignee) COLLATE NOCASE",
        Column::Group => "(SELECT g.name FROM agent_groups g WHERE g.id = t.agent_group) COLLATE NOCASE",
        Column::Status => {
            "CASE t.status WHEN 'new' THEN 0 WHEN 'open' THEN 1 WHEN 'pending' THEN 2 WHEN 'hold' THEN 3 \
             WHEN 'solved' THEN 4 ELSE 5 END"
        }
        Column::Priority => {
            "CASE t.priority WHEN 'low' THEN 1 WHEN 'normal' THEN 2 WHEN 'high' THEN 3 WHEN 'urgent' THEN 4 ELSE 0 END"
        }
        Column::Type => "t.kind",
        Column::Channel => "t.via",
        Column::Created => "t.created_at",
        Column::Updated => "t.updated_at",
        Column::Queued => "t.queued_at",
    }
}
