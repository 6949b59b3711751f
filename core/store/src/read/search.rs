//! Search over tickets, what was said on them, users and agents.
//!
//! Words are found in the index that triggers keep (`migrations/0032_search.sql`); everything else is a condition on rows.
//! Every value is bound, and words reach the index as quoted phrases, so that no question is a wrong statement.

use passerelle_model::desk::{PersonId, Role, TicketId};
use passerelle_model::id::{AppId, UserId};
use passerelle_model::time::Timestamp;

use super::Part;
use crate::rows::{
    Paged, Search, SearchHit, SearchKind, SearchOrder, SearchPerson, SearchPlace, SearchRole, SearchTerm, SearchTest,
};
use crate::value::{Columns as _, Value, values};
use crate::{Store, StoreError};

/// Results of one page at most.
const MAX_PAGE: u32 = 100;
/// Results before a page at most.
const MAX_SKIP: u32 = 10_000;

impl Store {
    /// How many things are found.
    pub async fn search_count(&self, app: AppId, search: &Search) -> Result<u64, StoreError> {
        let question = Question::of(app, search);
        let sql = format!("SELECT count(*) AS n FROM ({})", question.sql);
        self.ask(sql, question.values).await?.first().map_or(Ok(0), |row| row.number("n"))
    }

    /// A part of what is found.
    pub async fn search(&self, app: AppId, search: &Search, part: Part) -> Result<Paged<SearchHit>, StoreError> {
        let mut question = Question::of(app, search);
        let size = part.size.clamp(1, MAX_PAGE);
        let (limit, skip) = (question.bind(size + 1), question.bind(part.skip.min(MAX_SKIP)));
        let direction = if search.ascending { "ASC" } else { "DESC" };
        let sql = format!(
            "SELECT * FROM ({}) ORDER BY place {direction}, number {direction}, user {direction} \
             LIMIT {limit} OFFSET {skip}",
            question.sql
        );
        let rows = self.ask(sql, question.values).await?;
        let mut hits = Vec::new();
        for row in rows.iter().take(size as usize) {
            hits.extend(self.hit(app, row).await?);
        }
        Ok(Paged { rows: hits, has_more: rows.len() > size as usize })
    }

    /// What a row names; none when it has gone meanwhile.
    async fn hit(&self, app: AppId, row: &sqlx::sqlite::SqliteRow) -> Result<Option<SearchHit>, StoreError> {
        let number = row.integer("number")?;
        Ok(match row.text("kind")?.as_str() {
            "ticket" => self.ticket(app, TicketId(number)).await?.map(|found| SearchHit::Ticket(Box::new(found))),
            "agent" => self.agent(app, PersonId(number)).await?.map(|found| SearchHit::Agent(Box::new(found))),
            _ => {
                let user: UserId = row.id("user")?;
                self.user(app, user).await?.map(|found| SearchHit::User(Box::new(found)))
            }
        })
    }
}

/// A statement that gives kind, number, user and place of what is found.
struct Question {
    sql: String,
    values: Vec<Value>,
}

impl Question {
    fn of(app: AppId, search: &Search) -> Self {
        let mut question = Self { sql: String::new(), values: values![app].into() };
        let mut parts = Vec::new();
        if search.kind != Some(SearchKind::User) {
            let conditions = question.conditions(&search.terms, Self::of_ticket);
            let place = ticket_place(search.order);
            parts.push(format!(
                "SELECT 'ticket' AS kind, t.id AS number, NULL AS user, {place} AS place FROM tickets t \
                 WHERE t.app = ?1 AND t.gone = 0{conditions}"
            ));
        }
        if search.kind != Some(SearchKind::Ticket) {
            let conditions = question.conditions(&search.terms, Self::of_user);
            parts.push(format!(
                "SELECT 'user' AS kind, 0 AS number, u.id AS user, u.created_at AS place FROM users u \
                 WHERE u.app = ?1 AND u.removed_at IS NULL{conditions}"
            ));
            let conditions = question.conditions(&search.terms, Self::of_agent);
            let place = if search.order == SearchOrder::Created { "a.created_at" } else { "a.updated_at" };
            parts.push(format!(
                "SELECT 'agent' AS kind, a.id AS number, NULL AS user, {place} AS place FROM agents a \
                 WHERE a.app = ?1 AND a.active{conditions}"
            ));
        }
        question.sql = parts.join(" UNION ALL ");
        question
    }

    /// A placeholder for this value.
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    fn conditions(&mut self, terms: &[SearchTerm], of: fn(&mut Self, &SearchTest) -> String) -> String {
        let condition = |term: &SearchTerm| {
            let sql = of(self, &term.test);
            // What is unknown does not hold, also where it must not.
            if term.negated { format!(" AND NOT coalesce(({sql}), 0)") } else { format!(" AND ({sql})") }
        };
        terms.iter().map(condition).collect()
    }

    /// The texts of these kinds in which the words stand.
    fn docs(&mut self, column: &str, kinds: &str, text: &str, prefix: bool, place: SearchPlace) -> String {
        let column_filter = match place {
            SearchPlace::Anywhere => "",
            SearchPlace::Subject => "subject : ",
            SearchPlace::Said => "words : ",
        };
        let text = text.replace('\0', " ").replace('"', "\"\"");
        let phrase = self.bind(format!("{column_filter}\"{text}\"{}", if prefix { " *" } else { "" }));
        format!(
            "SELECT d.{column} FROM search_words JOIN search_docs d ON d.id = search_words.rowid \
             WHERE search_words MATCH {phrase} AND d.app = ?1 AND d.kind IN ({kinds})"
        )
    }

    fn of_ticket(&mut self, test: &SearchTest) -> String {
        match test {
            SearchTest::Words { text, prefix, place } => {
                let own = self.docs("ticket", "'ticket', 'comment'", text, *prefix, *place);
                let said = self.docs("conversation", "'message'", text, *prefix, *place);
                format!("t.id IN ({own}) OR (t.conversation IS NOT NULL AND t.conversation IN ({said}))")
            }
            SearchTest::Number(number) => format!("t.id = {}", self.bind(*number)),
            SearchTest::Status(words) => listed("t.status", words.iter().map(|word| Some(word.as_str())).collect()),
            SearchTest::Priority(words) => {
                listed("t.priority", words.iter().map(|word| word.map(|word| word.as_str())).collect())
            }
            SearchTest::Type(word) => listed("t.kind", vec![word.map(|word| word.as_str())]),
            SearchTest::Tag(None) => "t.tags = '[]'".to_owned(),
            SearchTest::Tag(Some(tag)) => {
                format!("EXISTS (SELECT 1 FROM json_each(t.tags) e WHERE e.value = {})", self.bind(tag.as_str()))
            }
            SearchTest::Person(role, person) => self.person(*role, person),
            SearchTest::Group(None) => "t.agent_group IS NULL".to_owned(),
            SearchTest::Group(Some(name)) => {
                let name = self.bind(name.as_str());
                format!(
                    "t.agent_group IN (SELECT g.id FROM agent_groups g WHERE g.app = ?1 \
                     AND (g.name = {name} COLLATE NOCASE OR CAST(g.id AS TEXT) = {name}))"
                )
            }
            SearchTest::Via(channel) => format!("t.via = {} COLLATE NOCASE", self.bind(channel.as_str())),
            SearchTest::Field(name, value) => self.field(name.as_deref(), value),
            SearchTest::Created(from, until) => self.time("t.created_at", *from, *until),
            SearchTest::Updated(from, until) => self.time("t.updated_at", *from, *until),
            SearchTest::Solved(from, until) => {
                format!("t.status = 'solved' AND {}", self.time("t.status_at", *from, *until))
            }
            SearchTest::Role(_) | SearchTest::Never => "0".to_owned(),
        }
    }

    fn of_user(&mut self, test: &SearchTest) -> String {
        match test {
            SearchTest::Words { text, prefix, place: SearchPlace::Anywhere } => {
                let found = self.docs("key", "'user'", text, *prefix, SearchPlace::Anywhere);
                format!("u.id IN ({found})")
            }
            SearchTest::Number(number) => {
                format!("u.id IN (SELECT p.user FROM people p WHERE p.id = {})", self.bind(*number))
            }
            SearchTest::Created(from, until) | SearchTest::Updated(from, until) => {
                self.time("u.created_at", *from, *until)
            }
            SearchTest::Role(None) => "1".to_owned(),
            _ => "0".to_owned(),
        }
    }

    fn of_agent(&mut self, test: &SearchTest) -> String {
        match test {
            SearchTest::Words { text, prefix, place: SearchPlace::Anywhere } => {
                let found = self.docs("key", "'agent'", text, *prefix, SearchPlace::Anywhere);
                format!("a.id IN ({found})")
            }
            SearchTest::Number(number) => format!("a.id = {}", self.bind(*number)),
            SearchTest::Created(from, until) => self.time("a.created_at", *from, *until),
            SearchTest::Updated(from, until) => self.time("a.updated_at", *from, *until),
            SearchTest::Role(Some(Role::Admin)) => "a.role = 'admin'".to_owned(),
            SearchTest::Role(Some(Role::Agent)) => "a.role = 'agent'".to_owned(),
            _ => "0".to_owned(),
        }
    }

    fn person(&mut self, role: SearchRole, person: &SearchPerson) -> String {
        let column = match role {
            SearchRole::Assignee => "t.assignee",
            SearchRole::Requester => "t.requester",
            SearchRole::Submitter => "t.submitter",
        };
        match person {
            SearchPerson::Nobody => format!("{column} IS NULL"),
            SearchPerson::Number(number) => format!("{column} = {}", self.bind(*number)),
            SearchPerson::Named(name) => {
                let exact = self.bind(name.as_str());
                let agents = format!(
                    "SELECT a.id FROM agents a WHERE a.app = ?1 AND (a.name = {exact} COLLATE NOCASE OR a.email = {exact})"
                );
                let users = self.docs("key", "'user'", name, false, SearchPlace::Anywhere);
                format!("{column} IN ({agents}) OR {column} IN (SELECT p.id FROM people p WHERE p.user IN ({users}))")
            }
        }
    }

    fn field(&mut self, name: Option<&str>, value: &str) -> String {
        let value = self.bind(value);
        let name = name.map(|name| format!("e.key = {} AND ", self.bind(name))).unwrap_or_default();
        format!(
            "EXISTS (SELECT 1 FROM json_each(t.fields) e WHERE {name}\
             CASE e.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'real' THEN \
             CASE WHEN e.value = CAST(e.value AS INTEGER) THEN CAST(CAST(e.value AS INTEGER) AS TEXT) \
             ELSE CAST(e.value AS TEXT) END ELSE CAST(e.value AS TEXT) END = {value} COLLATE NOCASE)"
        )
    }

    fn time(&mut self, column: &str, from: Option<Timestamp>, until: Option<Timestamp>) -> String {
        let from = from.map(|from| format!("{column} >= {}", self.bind(from)));
        let until = until.map(|until| format!("{column} < {}", self.bind(until)));
        let parts: Vec<String> = from.into_iter().chain(until).collect();
        if parts.is_empty() { "1".to_owned() } else { parts.join(" AND ") }
    }
}

/// Words of the model's lists.
fn listed(column: &str, words: Vec<Option<&'static str>>) -> String {
    let known: Vec<_> = words.iter().flatten().map(|word| format!("'{word}'")).collect();
    let known = format!("{column} IN ({})", known.join(", "));
    if words.contains(&None) { format!("{column} IS NULL OR {known}") } else { known }
}

const fn ticket_place(order: SearchOrder) -> &'static str {
    match order {
        SearchOrder::Updated => "t.updated_at",
        SearchOrder::Created => "t.created_at",
        SearchOrder::Priority => {
            "CASE t.priority WHEN 'low' THEN 1 WHEN 'normal' THEN 2 WHEN 'high' THEN 3 WHEN 'urgent' THEN 4 ELSE 0 END"
        }
        SearchOrder::Status => {
            "CASE t.status WHEN 'new' THEN 0 WHEN 'open' THEN 1 WHEN 'pending' THEN 2 WHEN 'hold' THEN 3 \
             WHEN 'solved' THEN 4 ELSE 5 END"
        }
        SearchOrder::Type => {
            "CASE t.kind WHEN 'problem' THEN 1 WHEN 'incident' THEN 2 WHEN 'question' THEN 3 WHEN 'task' THEN 4 ELSE 0 END"
        }
    }
}
