//! Reads a letter that came in. Nothing of it is believed: it is bounded, and of markup only the words are kept.

use std::sync::Arc;

use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders as _, PartType};
use passerelle_model::desk::MAX_NOTE;

use super::letter::address;
use super::quotes::without_quotes;

/// Bytes of a letter.
pub const MAX_MAIL_BYTES: usize = 25 * 1024 * 1024;
/// Names of other letters that are looked at.
const MAX_NAMES: usize = 50;
/// Characters of a letter's own name.
const MAX_NAME: usize = 250;
/// Files of one letter that are looked at.
const MAX_FILES: usize = 20;
/// Characters of the name of a file that was not kept.
const MAX_SHOWN: usize = 80;
/// Characters of a line in words: a subject, a sender's or a file's name.
const MAX_SHORT: usize = 200;

/// A letter that came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// The sender's name for it, without brackets; made from the whole letter where it has none.
    pub message_id: String,
    /// The sender's address, in lower case.
    pub from: String,
    /// What the sender is called.
    pub name: Option<String>,
    /// One line.
    pub subject: String,
    /// The words, without what they answer.
    pub text: String,
    /// Names of letters that it says it goes on from, the nearest first.
    pub answers: Vec<String>,
    /// Every address that it was sent to.
    pub to: Vec<String>,
    /// Whether a program wrote it: a notice of absence, a list, a report that a letter came back.
    pub is_automatic: bool,
    /// The letter that came back, by its name.
    pub came_back: Option<String>,
    /// The files that came with it, at most 20.
    pub files: Vec<Enclosed>,
}

/// A file that came with a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    /// What its sender calls it.
    pub name: Option<String>,
    /// What is in it.
    pub bytes: Arc<[u8]>,
}

impl Arrived {
    /// Says in the letter which of its files were not kept, and why.
    pub fn without(&mut self, files: &[(String, String)]) {
        for (name, reason) in files {
            let name: String = line(name).chars().take(MAX_SHOWN).collect();
            self.text.push_str(&format!("\n\n[The file {name} was not kept: {reason}]"));
        }
    }
}

/// Reads a letter as RFC 5322 writes it. None where it is none, or has no sender. Takes a while: it is no work for a
/// thread that others wait for.
pub fn read(raw: &[u8]) -> Option<Arrived> {
    let message = MessageParser::default().parse(raw)?;
    let sender = message.from()?.first()?;
    let from = address(sender.address()?)?.to_lowercase();
    let came_back = came_back(&message);
    let answers =
        [message.in_reply_to(), message.references()].into_iter().flat_map(|value| names(value).into_iter().rev());
    let mut answers: Vec<String> = answers.take(MAX_NAMES).collect();
    answers.dedup();
    Some(Arrived {
        message_id: message.message_id().map_or_else(|| nameless(raw), |id| id.chars().take(MAX_NAME).collect()),
        is_automatic: is_automatic(&message, &from) || came_back.is_some(),
        name: sender.name().map(line).filter(|name| !name.is_empty()),
        subject: message.subject().map(line).unwrap_or_default(),
        text: text(&message),
        to: recipients(&message),
        files: files(&message),
        answers,
        came_back,
        from,
    })
}

fn names(value: &HeaderValue<'_>) -> Vec<String> {
    let short = |id: &str| Some(id.to_owned()).filter(|id| id.len() <= MAX_NAME);
    match value {
        HeaderValue::Text(id) => short(id).into_iter().collect(),
        HeaderValue::TextList(ids) => ids.iter().filter_map(|id| short(id)).collect(),
        _ => Vec::new(),
    }
}

/// A letter without a name is known by what it says.
fn nameless(raw: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    let digest: String = Sha256::digest(raw).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digest}@nameless.invalid")
}

fn line(text: &str) -> String {
    let plain = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    plain.take(MAX_SHORT).collect::<String>().trim().to_owned()
}

/// Whether a program wrote it, RFC 3834 and what programs do that never read it.
fn is_automatic(message: &Message<'_>, from: &str) -> bool {
    let word = |name: &'static str| message.header_raw(name).map(|value| value.trim().to_ascii_lowercase());
    let submitted = word("Auto-Submitted").is_some_and(|word| !word.starts_with("no"));
    let bulk = word("Precedence").is_some_and(|word| ["bulk", "junk", "list", "auto_reply"].contains(&word.as_str()));
    let says_so = ["X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress"];
    let says_so = says_so.into_iter().take(2).any(|name| word(name).is_some());
    let nobody = word("Return-Path").is_some_and(|path| path == "<>");
    let daemon = from.starts_with("mailer-daemon@") || from.starts_with("postmaster@");
    submitted || bulk || says_so || nobody || daemon
}

/// The name of the letter that a report says came back.
fn came_back(message: &Message<'_>) -> Option<String> {
    let kind = message.content_type()?;
    let is_report = kind.ctype() == "multipart" && kind.subtype() == Some("report");
    let status = kind.attribute("report-type").is_some_and(|kind| kind.eq_ignore_ascii_case("delivery-status"));
    if !(is_report && status) {
        return None;
    }
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => inner.message_id().map(str::to_owned),
        // Some reports bring the headers alone, as text.
        PartType::Text(text) => text.lines().find_map(named_in),
        _ => None,
    })
}

fn named_in(line: &str) -> Option<String> {
    let (name, value) = line.split_once(':')?;
    let id = value.trim().strip_prefix('<')?.strip_suffix('>')?;
    name.eq_ignore_ascii_case("message-id").then(|| id.to_owned())
}

fn recipients(message: &Message<'_>) -> Vec<String> {
    let named = [message.to(), message.cc()].into_iter().flatten();
    let mut all: Vec<String> =
        named.flat_map(|list| list.iter()).filter_map(|one| one.address()).map(str::to_lowercase).collect();
    let seen = ["Delivered-To", "X-Original-To", "Envelope-To"].into_iter().filter_map(|name| message.header_raw(name));
    all.extend(seen.map(|value| value.trim().trim_matches(['<', '>']).to_lowercase()));
    all.truncate(MAX_NAMES);
    all
}

/// What it says: its plain text, and failing that the words of its markup.
fn text(message: &Message<'_>) -> String {
    let body = message.body_text(0).unwrap_or_default();
    let clean: String =
        body.chars().filter(|letter| *letter == '\n' || *letter == '\t' || !letter.is_control()).collect();
    let mut text: String = without_quotes(&clean).chars().take(MAX_NOTE - 4096).collect();
    if text.is_empty() {
        text.push_str("(a letter without words)");
    }
    text
}

/// The files that came with it; the words of the letter are none.
fn files(message: &Message<'_>) -> Vec<Enclosed> {
    let enclosed = message
        .attachments()
        .filter(|part| !matches!(part.body, PartType::Text(_) | PartType::Html(_)) || part.attachment_name().is_some());
    let kept = enclosed.map(|part| Enclosed { name: part.attachment_name().map(line), bytes: part.contents().into() });
    kept.filter(|file| !file.bytes.is_empty()).take(MAX_FILES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(head: &str, body: &str) -> Arrived {
        let raw = format!("From: Eve <Eve@Mail.Example>\r\nTo: support@shop.example\r\n{head}\r\n\r\n{body}");
        read(raw.as_bytes()).expect("a letter")
    }

    #[test]
    fn of_a_letter_the_words_are_kept() {
        let plain =
            letter("Message-ID: <1@mail.example>\r\nSubject: =?utf-8?q?R=C3=A9?=", "Bonjour\r\n\r\n> hello\r\n");
        assert_eq!((plain.message_id.as_str(), plain.from.as_str()), ("1@mail.example", "eve@mail.example"));
        assert_eq!((plain.subject.as_str(), plain.text.as_str()), ("Ré", "Bonjour"));
        assert_eq!((plain.name.as_deref(), plain.is_automatic), (Some("Eve"), false));
        let html = "<html><head><style>p{}</style></head><body><p>1 &lt; 2</p><script>alert(1)</script>\
                    <img src=x onerror=alert(2)><b>bold</b></body></html>";
        let html = letter("Content-Type: text/html; charset=utf-8", html);
        assert_eq!(html.text, "1 < 2\nbold");
        let both = "--b\r\nContent-Type: text/html\r\n\r\n<p>markup</p>\r\n--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n--b--";
        let both = letter("Content-Type: multipart/alternative; boundary=b", both);
        assert_eq!(both.text, "plain", "the plain text is preferred, wherever it stands");
        let file = "--b\r\nContent-Type: text/plain\r\n\r\nlook\r\n--b\r\nContent-Type: application/pdf\r\n\
                    Content-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n--b--";
        let file = letter("Content-Type: multipart/mixed; boundary=b", file);
        let enclosed = Enclosed { name: Some("a.pdf".to_owned()), bytes: (*b"x").into() };
        assert_eq!((file.text.as_str(), file.files.as_slice()), ("look", [enclosed].as_slice()));
        assert_eq!(plain.files, []);
        assert_eq!(letter("X: y", "same").message_id, letter("X: y", "same").message_id, "a repeat is known");
    }

    #[test]
    fn what_it_answers_stands_in_its_head() {
        let answer =
            letter("In-Reply-To: <b@x>\r\nReferences: <a@x> <b@x>\r\nDelivered-To: support+t@shop.example", "hi");
        assert_eq!(answer.answers, ["b@x", "a@x"]);
        assert_eq!(answer.to, ["support@shop.example", "support+t@shop.example"]);
    }

    #[test]
    fn what_programs_write_is_known() {
        for (head, automatic) in [
            ("Subject: hello", false),
            ("Auto-Submitted: no", false),
            ("Auto-Submitted: auto-replied", true),
            ("Precedence: bulk", true),
            ("Precedence: first-class", false),
            ("X-Autoreply: yes", true),
            ("Return-Path: <>", true),
        ] {
            assert_eq!(letter(head, "hi").is_automatic, automatic, "{head}");
        }
        let report = "--b\r\nContent-Type: text/plain\r\n\r\nno such user\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
                      Message-ID: <ticket-12.aa@shop.example>\r\nSubject: x\r\n\r\nbody\r\n--b--";
        let head = "Content-Type: multipart/report; report-type=delivery-status; boundary=b";
        let report = letter(head, report);
        assert_eq!(report.came_back.as_deref(), Some("ticket-12.aa@shop.example"));
        assert!(report.is_automatic);
    }

    #[test]
    fn what_is_no_letter_is_none() {
        for raw in ["", "hello", "Subject: nobody wrote this\r\n\r\nx", "From: no address\r\n\r\nx"] {
            assert_eq!(read(raw.as_bytes()), None, "{raw:?}");
        }
    }
}
