//! Judges the three records. Pure: what was seen comes in, what is wrong goes out.

use std::collections::{HashMap, HashSet};

use crate::talk::number_in;

/// Notes kept; more are counted only.
const MAX_NOTES: usize = 40;

/// What a run found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Texts that the gateway acknowledged.
    pub(crate) acked: u64,
    /// Acknowledged texts that are not there, and answers that ended nowhere.
    pub(crate) lost: u64,
    /// Texts, answers or conversations that are there twice.
    pub(crate) duplicated: u64,
    /// Neighbours in the wrong order, and holes in the numbering of events.
    pub(crate) reordered: u64,
    /// Answers that did not arrive, or perhaps not, and whose delivery says so.
    pub(crate) explained: u64,
    /// What exactly.
    pub(crate) notes: Vec<String>,
}

/// Everything seen of one conversation.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Its name at the channel.
    pub(crate) name: String,
    /// Numbers that were acknowledged.
    pub(crate) acked: Vec<u64>,
    /// How many conversations of the gateway carry this name.
    pub(crate) conversations: usize,
    /// The user's texts in the API, in its order.
    pub(crate) written: Vec<String>,
    /// The bot's texts in the API, in its order.
    pub(crate) answered: Vec<String>,
    /// What arrived at the channel, in order.
    pub(crate) arrived: Vec<String>,
    /// Texts whose delivery ended as failed or uncertain.
    pub(crate) explained: HashSet<String>,
    /// Sequence numbers of the conversation's events, in order.
    pub(crate) events: Vec<u64>,
}

impl Verdict {
    /// Whether every promise was kept.
    pub(crate) fn is_clean(&self) -> bool {
        self.acked > 0 && self.lost == 0 && self.duplicated == 0 && self.reordered == 0
    }

    /// The one line.
    pub(crate) fn line(&self, cycles: u32, seed: u64) -> String {
        let Self { acked, lost, duplicated, reordered, .. } = self;
        format!("cycles={cycles} acked={acked} lost={lost} duplicated={duplicated} reordered={reordered} seed={seed}")
    }

    /// Adds what is wrong with one conversation.
    pub(crate) fn judge(&mut self, seen: &Seen) {
        self.acked += seen.acked.len() as u64;
        if seen.conversations != 1 && !seen.acked.is_empty() {
            self.duplicated += seen.conversations.saturating_sub(1) as u64;
            self.note(format!("`{}` has {} conversations", seen.name, seen.conversations));
        }
        let written = self.numbers(seen, "the user's texts", &seen.written);
        let answered = self.numbers(seen, "the bot's texts", &seen.answered);
        let arrived = self.numbers(seen, "the channel's texts", &seen.arrived);
        for number in &seen.acked {
            if !written.contains(number) {
                self.lose(format!("`{}` #{number} was acknowledged and is not there", seen.name));
            }
        }
        for number in &written {
            if !answered.contains(number) {
                self.lose(format!("`{}` #{number} was not answered", seen.name));
            } else if !arrived.contains(number) {
                self.missing(seen, *number);
            }
        }
        self.judge_events(seen);
    }

    /// Adds what is wrong with what the API wrote: every acknowledged message is there once, and was told once.
    pub(crate) fn judge_posts(&mut self, name: &str, acked: &[u64], written: &[String], told: &[String]) {
        self.acked += acked.len() as u64;
        let seen = Seen { name: name.to_owned(), ..Seen::default() };
        let written = self.numbers(&seen, "the API's texts", written);
        for number in acked {
            if !written.contains(number) {
                self.lose(format!("`{name}` #{number} was acknowledged and is not there"));
            }
        }
        self.judge_whole(&seen, &written, told);
    }

    /// Adds what is wrong with what a webhook told of the user's texts and the bot's answers.
    pub(crate) fn judge_told(&mut self, seen: &Seen, told: &[String]) {
        let (answers, texts): (Vec<String>, Vec<String>) =
            told.iter().cloned().partition(|text| text.starts_with("echo: "));
        for (written, told) in [(&seen.written, texts), (&seen.answered, answers)] {
            let written = written.iter().filter_map(|text| number_in(&seen.name, text)).collect();
            self.judge_whole(seen, &written, &told);
        }
    }

    fn judge_whole(&mut self, seen: &Seen, written: &HashSet<u64>, told: &[String]) {
        let told = self.numbers(seen, "the webhook's texts", told);
        for number in written.difference(&told) {
            self.lose(format!("`{}` #{number} was told by no webhook", seen.name));
        }
    }

    /// The numbers in these texts; repeats and inversions are counted.
    fn numbers(&mut self, seen: &Seen, what: &str, texts: &[String]) -> HashSet<u64> {
        let numbers: Vec<_> = texts.iter().filter_map(|text| number_in(&seen.name, text)).collect();
        let mut times: HashMap<u64, u64> = HashMap::new();
        for number in &numbers {
            *times.entry(*number).or_default() += 1;
        }
        for (number, times) in times.iter().filter(|(_, times)| **times > 1) {
            self.duplicated += times - 1;
            self.note(format!("{what} of `{}` hold #{number} {times} times", seen.name));
        }
        for pair in numbers.windows(2).filter(|pair| pair[0] > pair[1]) {
            self.reordered += 1;
            self.note(format!("{what} of `{}` hold #{} before #{}", seen.name, pair[0], pair[1]));
        }
        times.into_keys().collect()
    }

    fn missing(&mut self, seen: &Seen, number: u64) {
        let answer = format!("echo: {}", crate::talk::words(&seen.name, number));
        if seen.explained.contains(&answer) {
            self.explained += 1;
        } else {
            self.lose(format!("the answer to `{}` #{number} did not arrive and nothing says why", seen.name));
        }
    }

    fn judge_events(&mut self, seen: &Seen) {
        for (index, number) in seen.events.iter().enumerate() {
            if *number != index as u64 + 1 {
                self.reordered += 1;
                self.note(format!("event {} of `{}` has the number {number}", index + 1, seen.name));
                return;
            }
        }
    }

    fn lose(&mut self, note: String) {
        self.lost += 1;
        self.note(note);
    }

    pub(crate) fn note(&mut self, note: String) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(note);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(numbers: &[u64], prefix: &str) -> Vec<String> {
        numbers.iter().map(|number| format!("{prefix}c #{number}")).collect()
    }

    fn seen(acked: &[u64], written: &[u64], answered: &[u64], arrived: &[u64]) -> Seen {
        Seen {
            name: "c".to_owned(),
            acked: acked.to_vec(),
            conversations: 1,
            written: texts(written, ""),
            answered: texts(answered, "echo: "),
            arrived: texts(arrived, "echo: "),
            explained: HashSet::from(["echo: c #9".to_owned()]),
            events: vec![1, 2, 3],
        }
    }

    /// Lost, duplicated, reordered, explained.
    fn check(seen: &Seen, expected: (u64, u64, u64, u64)) {
        let mut verdict = Verdict::default();
        verdict.judge(seen);
        let found = (verdict.lost, verdict.duplicated, verdict.reordered, verdict.explained);
        assert_eq!(found, expected, "{seen:?} {:?}", verdict.notes);
    }

    #[test]
    fn each_kind_of_damage_is_seen() {
        let whole: &[u64] = &[1, 2, 3];
        check(&seen(whole, whole, whole, whole), (0, 0, 0, 0));
        check(&seen(&[1, 2, 3], &[1, 3], &[1, 3], &[1, 3]), (1, 0, 0, 0));
        check(&seen(&[1], &[1, 2], &[1, 2], &[1, 2]), (0, 0, 0, 0));
        check(&seen(whole, &[1, 2, 2, 3], whole, whole), (0, 1, 0, 0));
        check(&seen(whole, whole, &[1, 1, 2, 3], whole), (0, 1, 0, 0));
        check(&seen(whole, whole, whole, &[1, 2, 3, 3]), (0, 1, 0, 0));
        check(&seen(whole, &[1, 3, 2], whole, whole), (0, 0, 1, 0));
        check(&seen(whole, whole, whole, &[2, 1, 3]), (0, 0, 1, 0));
        check(&seen(whole, whole, &[1, 2], &[1, 2]), (1, 0, 0, 0));
        check(&seen(whole, whole, whole, &[1, 2]), (1, 0, 0, 0));
        check(&seen(&[9], &[9], &[9], &[]), (0, 0, 0, 1));
    }

    #[test]
    fn a_hole_in_the_log_and_a_second_conversation_are_seen() {
        check(&Seen { events: vec![1, 3], ..seen(&[1], &[1], &[1], &[1]) }, (0, 0, 1, 0));
        check(&Seen { conversations: 2, ..seen(&[1], &[1], &[1], &[1]) }, (0, 1, 0, 0));
    }

    #[test]
    fn what_a_webhook_did_not_tell_or_told_wrongly_is_seen() {
        for (told, expected) in [
            (vec!["c #1", "c #2", "echo: c #1", "echo: c #2"], (0, 0, 0)),
            (vec!["c #1", "echo: c #1", "echo: c #2"], (1, 0, 0)),
            (vec!["c #1", "c #2", "c #2", "echo: c #1", "echo: c #2"], (0, 1, 0)),
            (vec!["c #2", "c #1", "echo: c #1", "echo: c #2"], (0, 0, 1)),
        ] {
            let mut verdict = Verdict::default();
            let told: Vec<String> = told.into_iter().map(str::to_owned).collect();
            verdict.judge_told(&seen(&[1, 2], &[1, 2], &[1, 2], &[]), &told);
            assert_eq!((verdict.lost, verdict.duplicated, verdict.reordered), expected, "{told:?}");
        }
    }

    #[test]
    fn what_the_api_wrote_is_there_once() {
        for (written, expected) in
            [(vec!["c #1", "c #2"], (0, 0)), (vec!["c #1"], (1, 0)), (vec!["c #1", "c #1", "c #2"], (0, 1))]
        {
            let mut verdict = Verdict::default();
            let written: Vec<String> = written.into_iter().map(str::to_owned).collect();
            let told = ["c #1".to_owned(), "c #2".to_owned()];
            verdict.judge_posts("c", &[1, 2], &written, &told);
            assert_eq!((verdict.lost, verdict.duplicated), expected, "{written:?}");
        }
    }

    #[test]
    fn a_run_in_which_nothing_was_acknowledged_proves_nothing() {
        assert!(!Verdict::default().is_clean());
    }
}
