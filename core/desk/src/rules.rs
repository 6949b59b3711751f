//! The desk's rules, as pure functions: what a status may become, who is offered a ticket, what a ticket is called.

use std::time::Duration;

use passerelle_model::desk::{AvailabilityStatus, MAX_SUBJECT, MAX_TAG, MAX_TAGS, PersonId, TicketStatus};
use passerelle_model::time::Timestamp;
use passerelle_store::Candidate;

use crate::queues::Step;

/// Whether an agent may change a ticket's status like this. A closed ticket stays as it is, and nothing becomes new again.
pub fn may_become(from: TicketStatus, to: TicketStatus) -> bool {
    from == to || (from != TicketStatus::Closed && to != TicketStatus::New)
}

/// What a ticket becomes when its customer writes. None for a closed one: its conversation is the bot's again.
pub const fn after_customer(status: TicketStatus) -> Option<TicketStatus> {
    match status {
        TicketStatus::New => Some(TicketStatus::New),
        TicketStatus::Open | TicketStatus::Pending | TicketStatus::Hold | TicketStatus::Solved => {
            Some(TicketStatus::Open)
        }
        TicketStatus::Closed => None,
    }
}

/// What a ticket becomes when an agent answers or takes it: it is not new any more.
pub const fn after_agent(status: TicketStatus) -> TicketStatus {
    match status {
        TicketStatus::New => TicketStatus::Open,
        other => other,
    }
}

/// Whether somebody has to work on it.
pub const fn is_waiting(status: TicketStatus) -> bool {
    matches!(status, TicketStatus::New | TicketStatus::Open)
}

/// Who is asked, and why, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Who.
    pub agent: PersonId,
    /// Why.
    pub reason: String,
}

/// Who can be offered a ticket, the best choice first: of those who are online, have room and are in one of the step's groups, the one who has let it pass
/// least lately, then the one with most room, then the one who has been online for longest. Whoever has let the ticket
/// pass is not asked again before `pause` is over.
pub fn choices(candidates: &[Candidate], step: &Step, now: Timestamp, pause: Duration) -> Vec<Choice> {
    let fits = |one: &&Candidate| {
        one.status == AvailabilityStatus::Online
            && one.load < one.capacity
            && (step.groups.is_empty() || step.groups.iter().any(|group| one.groups.contains(group)))
            && one.passed_at.is_none_or(|passed| passed.plus(pause) <= now)
    };
    let room = |one: &Candidate| one.capacity.saturating_sub(one.load);
    let mut fitting: Vec<&Candidate> = candidates.iter().filter(fits).collect();
    fitting.sort_by_key(|one| (one.passed_at, std::cmp::Reverse(room(one)), one.since, one.agent));
    let choice = |one: &Candidate| {
        let reason = format!("online, {}with room for {} of {} tickets", step.words, room(one), one.capacity);
        Choice { agent: one.agent, reason }
    };
    fitting.into_iter().map(choice).collect()
}

/// The subject of a ticket: the first line that says something, cut between characters.
pub fn subject(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("Conversation without words");
    if line.chars().count() <= MAX_SUBJECT {
        return line.to_owned();
    }
    let cut: String = line.chars().take(MAX_SUBJECT - 1).collect();
    format!("{}…", cut.trim_end())
}

/// Tags as they are kept: lower case, without white space, each once, as many as fit.
pub fn tags(wanted: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for tag in wanted {
        let tag = tag.trim().to_lowercase().replace(char::is_whitespace, "_");
        let fits = (1..=MAX_TAG).contains(&tag.chars().count()) && kept.len() < MAX_TAGS;
        if fits && !kept.contains(&tag) {
            kept.push(tag);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use passerelle_model::desk::GroupId;

    use super::*;

    #[test]
    fn a_status_goes_where_it_may() {
        use TicketStatus::{Closed, Hold, New, Open, Pending, Solved};
        for (from, to, may) in [
            (New, Open, true),
            (New, Solved, true),
            (New, Closed, true),
            (Open, Pending, true),
            (Pending, Hold, true),
            (Solved, Open, true),
            (Solved, Closed, true),
            (Open, Open, true),
            (New, New, true),
            (Closed, Closed, true),
            (Open, New, false),
            (Solved, New, false),
            (Closed, Open, false),
            (Closed, Solved, false),
        ] {
            assert_eq!(may_become(from, to), may, "{from:?} → {to:?}");
        }
        let written: Vec<_> = TicketStatus::ALL.iter().map(|status| after_customer(*status)).collect();
        assert_eq!(written, [Some(New), Some(Open), Some(Open), Some(Open), Some(Open), None]);
        let answered: Vec<_> = TicketStatus::ALL.iter().map(|status| after_agent(*status)).collect();
        assert_eq!(answered, [Open, Open, Pending, Hold, Solved, Closed]);
    }

    const NOW: i64 = 1000;

    fn who(agent: i64, status: AvailabilityStatus, load: u32, group: i64, passed: Option<i64>) -> Candidate {
        Candidate {
            agent: PersonId(agent),
            status,
            since: Timestamp::from_millis(agent),
            capacity: 2,
            load,
            groups: vec![GroupId(group)],
            passed_at: passed.map(|seconds| Timestamp::from_millis(seconds * 1000)),
        }
    }

    fn step(group: Option<i64>) -> Step {
        let words = if group.is_some() { "in the ticket's group, " } else { "" };
        Step { groups: group.map(GroupId).into_iter().collect(), words: words.to_owned() }
    }

    #[test]
    fn a_ticket_is_offered_to_whoever_can_take_it() {
        use AvailabilityStatus::{Away, Offline, Online, TransfersOnly};
        let now = Timestamp::from_millis(NOW * 1000);
        let pause = Duration::from_secs(30);
        let check = |group: Option<i64>, candidates: &[Candidate], expected: Option<i64>| {
            let chosen = choices(candidates, &step(group), now, pause);
            let chosen = chosen.first().map(|choice| choice.agent.0);
            assert_eq!(chosen, expected, "{group:?} {candidates:?}");
        };
        check(None, &[], None);
        check(None, &[who(1, Away, 0, 7, None), who(2, Offline, 0, 7, None), who(3, TransfersOnly, 0, 7, None)], None);
        check(None, &[who(1, Online, 2, 7, None)], None); // No room.
        check(None, &[who(1, Online, 1, 7, None), who(2, Online, 0, 7, None)], Some(2)); // Most room.
        check(None, &[who(2, Online, 0, 7, None), who(1, Online, 0, 7, None)], Some(1)); // Online for longest.
        check(Some(8), &[who(1, Online, 0, 7, None), who(2, Online, 1, 8, None)], Some(2)); // The group's.
        check(Some(9), &[who(1, Online, 0, 7, None)], None);
        check(None, &[who(1, Online, 0, 7, Some(NOW - 10)), who(2, Online, 1, 7, None)], Some(2)); // Passed just now.
        check(None, &[who(1, Online, 0, 7, Some(NOW - 29))], None);
        check(None, &[who(1, Online, 0, 7, Some(NOW - 30))], Some(1)); // The pause is over.
        check(None, &[who(1, Online, 0, 7, Some(NOW - 40)), who(2, Online, 1, 7, Some(NOW - 50))], Some(2));
    }

    #[test]
    fn a_choice_says_why() {
        let now = Timestamp::from_millis(0);
        let one = who(1, AvailabilityStatus::Online, 1, 7, None);
        let choice = choices(std::slice::from_ref(&one), &step(Some(7)), now, Duration::ZERO);
        assert_eq!(choice[0].reason, "online, in the ticket's group, with room for 1 of 2 tickets");
    }

    #[test]
    fn a_subject_is_one_line_and_tags_are_words() {
        assert_eq!(subject("\n  My order \nis late"), "My order");
        assert_eq!(subject(" \n"), "Conversation without words");
        assert_eq!(subject(&"é".repeat(150)), "é".repeat(150));
        assert_eq!(subject(&"é".repeat(151)), format!("{}…", "é".repeat(149)));
        let wanted = ["VIP", "vip", " late order ", "", &"x".repeat(81)].map(str::to_owned);
        assert_eq!(tags(wanted), ["vip", "late_order"]);
        assert_eq!(tags((0..100).map(|n| n.to_string())).len(), MAX_TAGS);
    }
}
