//! What the desk promised, and what of it was broken.

use std::collections::{HashMap, HashSet};

use passerelle_test_support::database::{DeskPicture, TicketRow};

use super::worker::Word;

/// Notes that are kept.
const MAX_NOTES: usize = 30;

/// The sum of all checks.
#[derive(Debug, Default)]
pub(crate) struct DeskVerdict {
    words: usize,
    accepted: usize,
    tickets: usize,
    /// Comments that were acknowledged and are not there, or are there twice.
    lost: u64,
    /// Tickets that somebody has to work on and that nobody has and nobody is asked about.
    orphans: u64,
    /// Conversations that two sides believe to have.
    torn: u64,
    /// What went wrong, in words.
    pub(crate) notes: Vec<String>,
}

impl DeskVerdict {
    /// Everything on one line.
    pub(crate) fn line(&self, cycles: u32, seed: u64) -> String {
        format!(
            "desk cycles={cycles} comments={} accepted={} tickets={} lost={} orphans={} torn={} seed={seed}",
            self.words, self.accepted, self.tickets, self.lost, self.orphans, self.torn
        )
    }

    /// Whether every promise held, and something was there to hold them on.
    pub(crate) fn is_clean(&self) -> bool {
        self.words > 0 && self.accepted > 0 && self.lost + self.orphans + self.torn == 0 && self.notes.is_empty()
    }

    /// How much was acknowledged so far.
    pub(super) fn count(&mut self, words: usize, accepted: usize) {
        (self.words, self.accepted) = (words, accepted);
    }

    /// Everything that was acknowledged is there, once: for the customer where it was meant for the customer.
    pub(super) fn judge_words(&mut self, said: &[Word], desk: &DeskPicture) {
        for word in said {
            let place = if word.public { &desk.messages } else { &desk.notes };
            let count = place.iter().filter(|text| **text == word.text).count();
            if count != 1 {
                self.lost += 1;
                let kind = if word.public { "message" } else { "note" };
                self.note(format!("{kind} `{}` on ticket {} is there {count} times", word.text, word.ticket));
            }
        }
    }

    /// An offer that an agent was told to have is that agent's.
    pub(super) fn judge_accepted(&mut self, accepted: &[i64], desk: &DeskPicture) {
        let known: HashSet<i64> = desk.accepted.iter().copied().collect();
        for offer in accepted.iter().filter(|offer| !known.contains(offer)) {
            self.lost += 1;
            self.note(format!("offer {offer} was accepted and is not"));
        }
    }

    /// What must hold between conversations and tickets at rest.
    pub(super) fn judge_tickets(&mut self, desk: &DeskPicture) {
        self.tickets = desk.tickets.len();
        let mut living: HashMap<&str, Vec<&TicketRow>> = HashMap::new();
        for ticket in desk.tickets.iter().filter(|ticket| ticket.status != "closed") {
            living.entry(&ticket.conversation).or_default().push(ticket);
            self.judge_ticket(ticket, desk);
        }
        for conversation in &desk.at_desk {
            match living.get(conversation.as_str()).map_or(0, Vec::len) {
                1 => {}
                count => self.tear(format!("conversation {conversation} is at the desk with {count} tickets")),
            }
        }
    }

    fn judge_ticket(&mut self, ticket: &TicketRow, desk: &DeskPicture) {
        let at_desk = desk.at_desk.contains(&ticket.conversation);
        let needs_work = matches!(ticket.status.as_str(), "new" | "open");
        if at_desk && needs_work && !ticket.has_owner && !ticket.is_queued {
            self.orphans += 1;
            self.note(format!("ticket {} has neither an agent nor a place in the queue", ticket.id));
        }
        if !at_desk && ticket.is_queued {
            self.tear(format!("ticket {} waits for an agent, and its conversation is somebody else's", ticket.id));
        }
        if ticket.has_owner && ticket.is_queued {
            self.tear(format!("ticket {} has an agent and waits for one", ticket.id));
        }
    }

    fn tear(&mut self, note: String) {
        self.torn += 1;
        self.note(note);
    }

    pub(super) fn note(&mut self, note: String) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(note);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(id: i64, status: &str, has_owner: bool, is_queued: bool) -> TicketRow {
        TicketRow { id, status: status.to_owned(), conversation: "c".to_owned(), has_owner, is_queued }
    }

    #[test]
    fn each_kind_of_damage_is_seen() {
        let check = |at_desk: bool, tickets: Vec<TicketRow>, expected: (u64, u64)| {
            let at_desk = if at_desk { vec!["c".to_owned()] } else { Vec::new() };
            let desk = DeskPicture { at_desk, tickets, ..DeskPicture::default() };
            let mut verdict = DeskVerdict::default();
            verdict.judge_tickets(&desk);
            assert_eq!((verdict.orphans, verdict.torn), expected, "{desk:?} {:?}", verdict.notes);
        };
        check(true, vec![ticket(1, "open", true, false)], (0, 0));
        check(true, vec![ticket(1, "new", false, true)], (0, 0));
        check(true, vec![ticket(1, "pending", false, false)], (0, 0));
        check(false, vec![ticket(1, "open", true, false)], (0, 0)); // Handed back, to be wrapped up.
        check(true, vec![ticket(1, "open", false, false)], (1, 0));
        check(true, vec![ticket(1, "closed", true, false)], (0, 1));
        check(true, Vec::new(), (0, 1));
        check(false, vec![ticket(1, "open", false, true)], (0, 1));
        check(true, vec![ticket(1, "open", true, true)], (0, 1));
    }

    #[test]
    fn a_lost_and_a_doubled_comment_are_seen() {
        let word = |text: &str, public| Word { ticket: 1, text: text.to_owned(), public };
        let check = |messages: &[&str], notes: &[&str], expected: u64| {
            let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
            let desk = DeskPicture { messages: own(messages), notes: own(notes), ..DeskPicture::default() };
            let mut verdict = DeskVerdict::default();
            verdict.judge_words(&[word("a", true), word("b", false)], &desk);
            assert_eq!(verdict.lost, expected, "{desk:?}");
        };
        check(&["a"], &["b"], 0);
        check(&["a", "a"], &["b"], 1);
        check(&["a"], &[], 1);
        check(&["b"], &["a"], 2);
    }

    #[test]
    fn a_run_in_which_nothing_was_said_proves_nothing() {
        assert!(!DeskVerdict::default().is_clean());
    }
}
