//! The search's language: `type:ticket status<solved assignee:me "exact words" refund*`.
//!
//! Whatever is typed is a question: what is no operator is a word, and an operator whose value means nothing finds
//! nothing.

use std::time::Duration;

use passerelle_model::desk::{PersonId, Priority, Role, TicketStatus, TicketType};
use passerelle_model::rule::FieldKeys;
use passerelle_model::time::Timestamp;
use passerelle_store::{
    Search, SearchKind, SearchOrder, SearchPerson, SearchPlace, SearchRole, SearchTerm, SearchTest,
};

/// Characters of a question; what is beyond is not read.
pub const MAX_QUERY: usize = 1000;
/// Terms of a question; what is beyond is not read.
pub const MAX_TERMS: usize = 32;

/// Who asks, and what the words of the question mean there.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// Who `me` is.
    pub agent: PersonId,
    /// Where the values of fields are kept.
    pub keys: &'a FieldKeys,
    /// When.
    pub now: Timestamp,
}

/// Understands a question.
pub fn parse(query: &str, asker: &Asker<'_>) -> Search {
    let query: String = query.chars().take(MAX_QUERY).collect();
    let mut search = Search::default();
    for token in tokens(&query).into_iter().take(MAX_TERMS) {
        take(&mut search, &token, asker);
    }
    search
}

/// A piece of a question.
#[derive(Debug, Default, PartialEq, Eq)]
struct Token {
    negated: bool,
    /// What stands before the sign, and the sign.
    operator: Option<(String, Sign)>,
    value: String,
    quoted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Is,
    Less,
    LessOrIs,
    Greater,
    GreaterOrIs,
}

/// Parts a question at white space outside of quotes.
fn tokens(query: &str) -> Vec<Token> {
    let (mut tokens, mut rest) = (Vec::new(), query.trim_start());
    while !rest.is_empty() {
        let (token, after) = token(rest);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

fn token(text: &str) -> (Token, &str) {
    let (negated, text) = match text.strip_prefix('-') {
        Some(rest) if !rest.is_empty() && !rest.starts_with(char::is_whitespace) => (true, rest),
        _ => (false, text),
    };
    let (operator, text) = operator(text);
    let (value, quoted, rest) = match text.strip_prefix('"') {
        Some(inner) => {
            let end = inner.find('"').unwrap_or(inner.len());
            (&inner[..end], true, inner.get(end + 1..).unwrap_or_default())
        }
        None => {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            (&text[..end], false, &text[end..])
        }
    };
    (Token { negated, operator, value: value.to_owned(), quoted }, rest)
}

/// A known word before a sign; an unknown one belongs to the words that are looked for.
fn operator(text: &str) -> (Option<(String, Sign)>, &str) {
    let end = text.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).unwrap_or(text.len());
    let (word, rest) = (text[..end].to_ascii_lowercase(), &text[end..]);
    let signs =
        [("<=", Sign::LessOrIs), (">=", Sign::GreaterOrIs), ("<", Sign::Less), (">", Sign::Greater), (":", Sign::Is)];
    let sign = signs.into_iter().find(|(sign, _)| rest.starts_with(sign));
    match sign {
        Some((text, sign)) if is_known(&word) => (Some((word, sign)), &rest[text.len()..]),
        _ => (None, text),
    }
}

const KNOWN: &[&str] = &[
    "type",
    "status",
    "priority",
    "ticket_type",
    "tags",
    "assignee",
    "requester",
    "submitter",
    "group",
    "created",
    "updated",
    "solved",
    "via",
    "subject",
    "description",
    "comment",
    "fieldvalue",
    "order_by",
    "sort",
    "role",
    "name",
    "email",
    "phone",
];
const CUSTOM: &str = "custom_field_";

fn is_known(word: &str) -> bool {
    KNOWN.contains(&word) || word.strip_prefix(CUSTOM).is_some_and(|key| !key.is_empty())
}

fn take(search: &mut Search, token: &Token, asker: &Asker<'_>) {
    let value = token.value.as_str();
    let test = match token.operator.as_ref().map(|(word, sign)| (word.as_str(), *sign)) {
        None => return add(search, token, words(token, SearchPlace::Anywhere)),
        Some(("type", _)) => match value {
            "ticket" => return search.kind = Some(SearchKind::Ticket),
            "user" => return search.kind = Some(SearchKind::User),
            word => TicketType::of(word).map_or(SearchTest::Never, |kind| SearchTest::Type(Some(kind))),
        },
        Some(("order_by", _)) => return search.order = order(value),
        Some(("sort", _)) => return search.ascending = value == "asc",
        Some(("ticket_type", _)) => maybe(value, TicketType::of).map_or(SearchTest::Never, SearchTest::Type),
        Some(("status", sign)) => statuses(value, sign),
        Some(("priority", sign)) => priorities(value, sign),
        Some(("tags", _)) => {
            for tag in value.split([' ', ',']).filter(|tag| !tag.is_empty()) {
                let tag = Some(tag.to_lowercase()).filter(|tag| tag != "none");
                add(search, token, Some(SearchTest::Tag(tag)));
            }
            return;
        }
        Some(("assignee", _)) => SearchTest::Person(SearchRole::Assignee, person(value, asker)),
        Some(("requester", _)) => SearchTest::Person(SearchRole::Requester, person(value, asker)),
        Some(("submitter", _)) => SearchTest::Person(SearchRole::Submitter, person(value, asker)),
        Some(("group", _)) => SearchTest::Group(Some(value.to_owned()).filter(|name| name != "none")),
        Some(("created", sign)) => time(value, sign, asker.now, SearchTest::Created),
        Some(("updated", sign)) => time(value, sign, asker.now, SearchTest::Updated),
        Some(("solved", sign)) => time(value, sign, asker.now, SearchTest::Solved),
        Some(("via", _)) => SearchTest::Via(value.to_owned()),
        Some(("subject", _)) => return add(search, token, words(token, SearchPlace::Subject)),
        Some(("description" | "comment", _)) => return add(search, token, words(token, SearchPlace::Said)),
        Some(("name" | "email" | "phone", _)) => {
            search.kind = Some(SearchKind::User);
            return add(search, token, words(token, SearchPlace::Anywhere));
        }
        Some(("fieldvalue", _)) => SearchTest::Field(None, value.to_owned()),
        Some(("role", _)) => match value {
            "end-user" => SearchTest::Role(None),
            word => Role::of(word).map_or(SearchTest::Never, |role| SearchTest::Role(Some(role))),
        },
        Some((custom, _)) => {
            let key = asker.keys.key(custom.trim_start_matches(CUSTOM));
            SearchTest::Field(Some(key.to_owned()), value.to_owned())
        }
    };
    add(search, token, Some(test));
}

fn add(search: &mut Search, token: &Token, test: Option<SearchTest>) {
    if let Some(test) = test
        && search.terms.len() < MAX_TERMS
    {
        search.terms.push(SearchTerm { negated: token.negated, test });
    }
}

/// Words to look for; none where nothing in them can be found.
fn words(token: &Token, place: SearchPlace) -> Option<SearchTest> {
    let is_number = place == SearchPlace::Anywhere && !token.quoted && token.value.starts_with('#');
    if let Some(number) = is_number.then(|| token.value[1..].parse().ok()).flatten() {
        return Some(SearchTest::Number(number));
    }
    let prefix = !token.quoted && token.value.ends_with('*');
    let text = if token.quoted { token.value.as_str() } else { token.value.trim_end_matches('*') };
    let can_be_found = text.chars().any(char::is_alphanumeric);
    can_be_found.then(|| SearchTest::Words { text: text.to_owned(), prefix, place })
}

fn order(word: &str) -> SearchOrder {
    match word {
        "created" | "created_at" => SearchOrder::Created,
        "priority" => SearchOrder::Priority,
        "status" => SearchOrder::Status,
        "ticket_type" => SearchOrder::Type,
        _ => SearchOrder::Updated,
    }
}

/// A word of a list, or nothing for `none`.
fn maybe<T>(word: &str, of: fn(&str) -> Option<T>) -> Option<Option<T>> {
    if word == "none" { Some(None) } else { of(&word.to_ascii_lowercase()).map(Some) }
}

impl Sign {
    fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Is => order.is_eq(),
            Self::Less => order.is_lt(),
            Self::LessOrIs => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrIs => order.is_ge(),
        }
    }
}

fn statuses(value: &str, sign: Sign) -> SearchTest {
    let Some(wanted) = TicketStatus::of(&value.to_ascii_lowercase()) else { return SearchTest::Never };
    SearchTest::Status(TicketStatus::ALL.iter().copied().filter(|one| sign.holds(one.cmp(&wanted))).collect())
}

fn priorities(value: &str, sign: Sign) -> SearchTest {
    let Some(wanted) = maybe(value, Priority::of) else { return SearchTest::Never };
    let all = Priority::ALL.iter().copied().map(Some).chain([None]);
    SearchTest::Priority(all.filter(|one| sign.holds(one.cmp(&wanted))).collect())
}

fn person(value: &str, asker: &Asker<'_>) -> SearchPerson {
    match value {
        "me" => SearchPerson::Number(asker.agent),
        "none" => SearchPerson::Nobody,
        name => match name.parse() {
            Ok(number) => SearchPerson::Number(number),
            Err(_) => SearchPerson::Named(name.to_owned()),
        },
    }
}

/// A stretch of time: a day or an instant, or so many hours, days, weeks, months or years ago.
fn time(
    value: &str,
    sign: Sign,
    now: Timestamp,
    test: fn(Option<Timestamp>, Option<Timestamp>) -> SearchTest,
) -> SearchTest {
    let Some((start, end)) = ago(value, now).or_else(|| day(value)) else { return SearchTest::Never };
    match sign {
        Sign::Is => test(Some(start), Some(end)),
        Sign::Less => test(None, Some(start)),
        Sign::LessOrIs => test(None, Some(end)),
        Sign::Greater => test(Some(end), None),
        Sign::GreaterOrIs => test(Some(start), None),
    }
}

/// An instant before now, such as `4hours`; `updated>4hours` is what has changed since.
fn ago(value: &str, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let end = value.find(|letter: char| !letter.is_ascii_digit())?;
    let count: u64 = value[..end].parse().ok()?;
    let seconds = match value[end..].trim_end_matches('s') {
        "minute" => 60,
        "hour" => 3600,
        "day" => 86_400,
        "week" => 7 * 86_400,
        "month" => 30 * 86_400,
        "year" => 365 * 86_400,
        _ => return None,
    };
    let micros = i64::try_from(count.checked_mul(seconds)?.checked_mul(1_000_000)?).ok()?;
    let at = Timestamp::from_micros(now.as_micros().checked_sub(micros)?);
    Some((at, at))
}

/// The beginning and the end of a day, `2026-11-28`, or an instant of it, `2026-11-28T12:00:00Z`.
fn day(value: &str) -> Option<(Timestamp, Timestamp)> {
    let (date, clock) = value.split_once('T').map_or((value, None), |(date, clock)| (date, Some(clock)));
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let start = Timestamp::from_millis(days_since_1970(year, month, day) * 86_400_000);
    let Some(clock) = clock else { return Some((start, start.plus(Duration::from_secs(86_400)))) };
    let mut parts = clock.trim_end_matches('Z').splitn(3, ':').map(|part| part.parse::<u64>().ok());
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let seconds = parts.next().unwrap_or(Some(0))?;
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let at = start.plus(Duration::from_secs(hours * 3600 + minutes * 60 + seconds));
    Some((at, at))
}

/// Days between 1970-01-01 and a day of the Gregorian calendar. Years begin in March, so that the leap day is the last.
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (century, year_of) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_century = year_of * 365 + year_of / 4 - year_of / 100 + day_of_year;
    century * 146_097 + day_of_century - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use SearchTest::{Created, Field, Group, Never, Number, Person, Status, Tag, Type, Updated, Via};

    fn understand(query: &str) -> Search {
        let keys = FieldKeys::from_iter([(passerelle_model::desk::TicketFieldId(7), "order".to_owned())]);
        parse(query, &Asker { agent: PersonId(5), keys: &keys, now: Timestamp::from_millis(1_800_000_000_000) })
    }

    fn check(query: &str, expected: &[SearchTest]) {
        let found: Vec<_> = understand(query).terms.into_iter().map(|term| term.test).collect();
        assert_eq!(found, expected, "{query}");
    }

    fn said(text: &str, prefix: bool, place: SearchPlace) -> SearchTest {
        SearchTest::Words { text: text.to_owned(), prefix, place }
    }

    #[test]
    fn questions_are_understood() {
        use SearchPerson::{Named, Nobody};
        use SearchPlace::{Anywhere, Said, Subject};
        let millis = |millis| Some(Timestamp::from_millis(millis));
        check("", &[]);
        check("late order", &[said("late", false, Anywhere), said("order", false, Anywhere)]);
        check("\"late order\" refu*", &[said("late order", false, Anywhere), said("refu", true, Anywhere)]);
        check("\"open end", &[said("open end", false, Anywhere)]);
        check("!? - * \"\"", &[]);
        check("http://x.example", &[said("http://x.example", false, Anywhere)]);
        check("#12", &[Number(12)]);
        check("status<solved", &[Status(TicketStatus::ALL[..4].to_vec())]);
        check("status:OPEN", &[Status(vec![TicketStatus::Open])]);
        check("status:done", &[Never]);
        check("priority>normal", &[SearchTest::Priority(vec![Some(Priority::High), Some(Priority::Urgent)])]);
        check("priority:none", &[SearchTest::Priority(vec![None])]);
        check("ticket_type:question type:task", &[Type(Some(TicketType::Question)), Type(Some(TicketType::Task))]);
        check("tags:VIP tags:\"a b\"", &[Tag(Some("vip".into())), Tag(Some("a".into())), Tag(Some("b".into()))]);
        check("tags:none", &[Tag(None)]);
        check("assignee:me", &[Person(SearchRole::Assignee, SearchPerson::Number(PersonId(5)))]);
        check("assignee:none", &[Person(SearchRole::Assignee, Nobody)]);
        check("requester:\"Mina M\"", &[Person(SearchRole::Requester, Named("Mina M".into()))]);
        check("submitter:9", &[Person(SearchRole::Submitter, SearchPerson::Number(PersonId(9)))]);
        check("group:\"Level 2\" group:none", &[Group(Some("Level 2".into())), Group(None)]);
        check("via:letters", &[Via("letters".into())]);
        check("subject:late description:fire*", &[said("late", false, Subject), said("fire", true, Said)]);
        check("fieldvalue:A-7", &[Field(None, "A-7".into())]);
        check("custom_field_7:A", &[Field(Some("order".into()), "A".into())]);
        check("created:2026-01-01", &[Created(millis(1_767_225_600_000), millis(1_767_312_000_000))]);
        check("created>2024-02-29", &[Created(millis(1_709_251_200_000), None)]);
        check("updated<=2026-01-01T10:30:00Z", &[Updated(None, millis(1_767_263_400_000))]);
        check("updated>4hours", &[Updated(millis(1_800_000_000_000 - 4 * 3_600_000), None)]);
        check("created>yesterday created<2026-13-01", &[Never, Never]);
        check("updated>99999999999999999999years", &[Never]);
    }

    #[test]
    fn a_question_says_what_and_in_which_order() {
        let search = understand("type:user -tags:x -ada order_by:created sort:asc");
        assert_eq!((search.kind, search.order), (Some(SearchKind::User), SearchOrder::Created));
        assert!(search.ascending && search.terms.iter().all(|term| term.negated));
        assert_eq!(understand("name:ada").kind, Some(SearchKind::User));
        assert_eq!(understand("type:ticket x").kind, Some(SearchKind::Ticket));
        assert_eq!(understand(&"x ".repeat(600)).terms.len(), MAX_TERMS);
    }
}
