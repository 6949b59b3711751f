//! A call that an agent made: noted with its facts. The house dials nothing.

use passerelle_model::desk::{AuditId, MAX_NOTE, TicketId};
use passerelle_store::{CallFacts, Said, Tx};

use crate::change::note_via;
use crate::{Act, DeskError};

/// Characters of a phone number.
const MAX_PHONE: usize = 32;
/// Digits of a phone number that somebody can be called by.
const MIN_DIGITS: usize = 3;
/// Seconds of the longest call.
const MAX_DURATION: u64 = 24 * 3600;

/// A call that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// On which ticket it is noted.
    pub ticket: TicketId,
    /// The number, as people write it.
    pub phone: String,
    /// What was said.
    pub note: String,
    /// How long it took, in seconds.
    pub duration_seconds: Option<u64>,
}

/// Notes a call, for agents only.
pub async fn log_call(tx: &mut Tx<'_>, act: &Act, call: &Call) -> Result<AuditId, DeskError> {
    if !is_phone(&call.phone) {
        let reason = format!("should be a phone number: digits, `+`, `(`, `)`, `-` and spaces, at most {MAX_PHONE}");
        return Err(DeskError::invalid("phone", reason));
    }
    if call.duration_seconds.is_some_and(|seconds| seconds > MAX_DURATION) {
        return Err(DeskError::invalid("duration_seconds", "should be at most a day"));
    }
    let note = call.note.trim();
    if note.is_empty() || note.chars().count() > MAX_NOTE {
        return Err(DeskError::invalid("note", format!("needs 1 to {MAX_NOTE} characters")));
    }
    let comment = note_via(tx, act, call.ticket, Said::Text(note.to_owned()), false, "voice").await?;
    let facts = CallFacts { phone: call.phone.trim().to_owned(), duration_seconds: call.duration_seconds };
    tx.set_comment_call(comment.ok_or(DeskError::NotFound("the note"))?, &facts);
    tx.last_audit(call.ticket).await?.ok_or(DeskError::NotFound("the audit"))
}

fn is_phone(text: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_digit() || "+()- ".contains(letter);
    text.len() <= MAX_PHONE
        && text.chars().all(fits)
        && text.rfind('+').is_none_or(|place| place == 0)
        && text.chars().filter(char::is_ascii_digit).count() >= MIN_DIGITS
}

#[cfg(test)]
mod tests {
    use super::is_phone;

    #[test]
    fn a_number_is_one_that_can_be_called() {
        for (text, fits) in [
            ("+33612345678", true),
            ("(030) 123-45 67", true),
            ("112", true),
            ("+", false),
            ("12", false),
            ("1+23456", false),
            ("tel:123456", false),
            ("123;ext=4", false),
            ("1".repeat(33).as_str(), false),
        ] {
            assert_eq!(is_phone(text), fits, "{text}");
        }
    }
}
