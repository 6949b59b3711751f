//! How a letter of ours looks on the wire. Every header is a typed one, so that no text of an agent becomes a header.

use std::time::SystemTime;

use lettre::Address;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use passerelle_model::desk::TicketId;
use passerelle_store::Mail as Row;

use super::config::Postbox;

/// Bytes of the name of a letter that nobody guesses.
const NAME_BYTES: usize = 16;
/// Characters before the `@`, RFC 5321.
const MAX_LOCAL_PART: usize = 64;
/// Characters of an address, RFC 5321.
const MAX_ADDRESS: usize = 254;

/// An address that mail can be sent to; none where the text is none. Only plain ASCII, which every mail server takes.
pub fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let parsed: Address = text.parse().ok().filter(|_| text.is_ascii() && text.len() <= MAX_ADDRESS)?;
    (parsed.domain().contains('.') && !parsed.domain().starts_with('[')).then(|| parsed.to_string())
}

/// A name for a letter about the ticket, without brackets.
pub(super) fn name(postbox: &Postbox, ticket: TicketId) -> Result<String, getrandom::Error> {
    let mut bytes = [0; NAME_BYTES];
    getrandom::fill(&mut bytes)?;
    let secret: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("ticket-{ticket}.{secret}@{}", postbox.from.email.domain()))
}

/// The subject with the ticket's number, by which a reply is known whose mail program forgets what it answers.
pub(super) fn subject(text: &str, ticket: TicketId) -> String {
    let tag = format!("[#{ticket}]");
    if text.contains(&tag) { text.to_owned() } else { format!("{text} {tag}") }
}

/// The letter as it is handed over.
pub(super) fn compose(postbox: &Postbox, mail: &Row, now: SystemTime) -> Result<Message, String> {
    let wrong = |error: &dyn std::fmt::Display| format!("the letter cannot be written: {error}");
    let recipient: Address = mail.recipient.parse().map_err(|error: lettre::address::AddressError| wrong(&error))?;
    let name = match &postbox.from.name {
        Some(house) => format!("{} via {house}", mail.sender_name),
        None => mail.sender_name.clone(),
    };
    let name = one_line(&name);
    let mut letter = Message::builder()
        .from(Mailbox::new(Some(name), postbox.from.email.clone()))
        .to(Mailbox::new(None, recipient))
        .subject(one_line(&mail.subject))
        .date(now)
        .message_id(Some(format!("<{}>", mail.message_id)));
    if let Some(reply_to) = plus_address(postbox, &mail.message_id) {
        letter = letter.reply_to(Mailbox::new(None, reply_to));
    }
    let thread: Vec<String> = mail.thread.iter().filter(|id| is_plain(id)).map(|id| format!("<{id}>")).collect();
    if let Some(last) = thread.last() {
        letter = letter.in_reply_to(last.clone()).references(thread.join(" "));
    }
    letter.header(ContentType::TEXT_PLAIN).body(mail.body.clone()).map_err(|error| wrong(&error))
}

/// `support+ticket-12.…@host`, where the mail server delivers that.
fn plus_address(postbox: &Postbox, message_id: &str) -> Option<Address> {
    let (local, _) = message_id.split_once('@').filter(|_| postbox.plus_addresses)?;
    let user = format!("{}+{local}", postbox.from.email.user());
    Address::new(user, postbox.from.email.domain()).ok().filter(|address| address.user().len() <= MAX_LOCAL_PART)
}

/// A name with a line break in it is one that the library panics on.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// A name that a stranger gave a letter is repeated only where nothing in it could be more than a name.
fn is_plain(id: &str) -> bool {
    (1..=250).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'>')
}

#[cfg(test)]
mod tests {
    use passerelle_model::desk::CommentId;
    use passerelle_model::id::RawId;
    use passerelle_model::time::Timestamp;
    use passerelle_store::{MailState, Secret};

    use super::*;
    use crate::mail::MailConfig;

    fn postbox(plus_addresses: bool) -> Postbox {
        let smtp = Secret::new("smtp://mail.example");
        let from = "Shop <support@shop.example>".to_owned();
        let config = MailConfig { smtp, from, plus_addresses, ..MailConfig::default() };
        config.read().expect("settings").postbox.expect("a server")
    }

    fn mail(sender: &str, subject: &str, thread: &[&str]) -> Row {
        Row {
            id: 1,
            app: RawId::from_bytes([1; 12]).into(),
            ticket: TicketId(12),
            comment: CommentId(1),
            message_id: format!("ticket-12.{}@shop.example", "a".repeat(32)),
            thread: thread.iter().map(|id| (*id).to_owned()).collect(),
            sender_name: sender.to_owned(),
            recipient: "eve@mail.example".to_owned(),
            subject: subject.to_owned(),
            body: "Bonjour, ça va?\n.\nBcc: x@y.example".to_owned(),
            state: MailState::Pending,
            reason: None,
            tries: 0,
            not_before: Timestamp::from_millis(0),
            created_at: Timestamp::from_millis(0),
        }
    }

    fn head(row: &Row, plus: bool) -> String {
        let letter = compose(&postbox(plus), row, SystemTime::UNIX_EPOCH).expect("a letter");
        let text = String::from_utf8(letter.formatted()).expect("ascii");
        assert!(text.is_ascii(), "{text}");
        text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ")
    }

    #[test]
    fn a_letter_carries_its_ticket() {
        let shown = head(&mail("Ada", "Your order [#12]", &["first@a", "second@b"]), true);
        let token = "a".repeat(32);
        for line in [
            "From: \"Ada via Shop\" <support@shop.example>".to_owned(),
            "To: eve@mail.example".to_owned(),
            "Subject: Your order [#12]".to_owned(),
            format!("Message-ID: <ticket-12.{token}@shop.example>"),
            format!("Reply-To: support+ticket-12.{token}@shop.example"),
            "In-Reply-To: <second@b>".to_owned(),
            "References: <first@a> <second@b>".to_owned(),
        ] {
            assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
        }
        assert!(!head(&mail("Ada", "x", &[]), false).contains("Reply-To"));
    }

    #[test]
    fn no_text_becomes_a_header() {
        let evil = "x\r\nBcc: spam@evil.example\r\n\r\nbody";
        let shown = head(&mail(evil, evil, &["a>\r\nBcc: spam@evil.example", "ok@a"]), false);
        assert!(shown.lines().all(|line| !line.to_ascii_lowercase().starts_with("bcc")), "{shown}");
        assert!(shown.contains("References: <ok@a>"), "{shown}");
    }

    #[test]
    fn an_address_is_one_that_mail_can_be_sent_to() {
        for (text, expected) in [
            (" eve@mail.example ", Some("eve@mail.example")),
            ("eve+1@mail.example", Some("eve+1@mail.example")),
            ("eve@localhost", None),
            ("eve@[127.0.0.1]", None),
            ("eve", None),
            ("Eve <eve@mail.example>", None),
            ("eve@mail.example, bob@mail.example", None),
            ("eve@mail.example\r\nRCPT TO:<x@y.example>", None),
            ("ève@mail.example", None),
        ] {
            assert_eq!(address(text).as_deref(), expected, "{text:?}");
        }
        assert_eq!(subject("Your order", TicketId(12)), "Your order [#12]");
        assert_eq!(subject("Re: Your order [#12]", TicketId(12)), "Re: Your order [#12]");
    }
}
