//! Cuts off what a letter answers: mail programs put the whole history below the answer.

/// What stands above a history, at the beginning of a line, in lower case.
const MARKERS: &[&str] = &[
    "-----original message-----",
    "-----ursprüngliche nachricht-----",
    "-----message d'origine-----",
    "-----mensaje original-----",
    "________________________________",
    "begin forwarded message:",
];
/// How the line above a quotation ends.
const WROTE: &[&str] = &["wrote:", "a écrit :", "a écrit:", "schrieb:", "escribió:", "ha scritto:", "schreef:"];
/// How the line above a quotation begins; it may go on in the next.
const ON: &[&str] = &["on ", "le ", "am ", "el ", "il ", "op "];

/// The text above the history; the whole text where nothing would be left.
pub(super) fn without_quotes(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let lines: Vec<&str> = text.lines().collect();
    let end = (0..lines.len()).find(|index| is_history(&lines[*index..])).unwrap_or(lines.len());
    let mut kept = &lines[..end];
    while let [above @ .., last] = kept {
        if !(last.trim().is_empty() || last.starts_with('>')) {
            break;
        }
        kept = above;
    }
    let cut = kept.join("\n").trim().to_owned();
    if cut.is_empty() { text.trim().to_owned() } else { cut }
}

/// Whether a history begins with the first of these lines.
fn is_history(lines: &[&str]) -> bool {
    let line = lines[0].trim().to_lowercase();
    if MARKERS.iter().any(|marker| line.starts_with(marker)) {
        return true;
    }
    if ["from:", "de :", "von:"].iter().any(|word| line.starts_with(word)) {
        let below = lines.iter().skip(1).take(4).map(|line| line.trim().to_lowercase());
        return below
            .filter(|line| {
                ["sent:", "to:", "subject:", "envoyé :", "à :", "objet :", "gesendet:", "an:"]
                    .iter()
                    .any(|word| line.starts_with(word))
            })
            .count()
            >= 2;
    }
    if !ON.iter().any(|word| line.starts_with(word)) {
        return false;
    }
    let next = lines.get(1).map_or(String::new(), |next| format!("{line} {}", next.trim().to_lowercase()));
    WROTE.iter().any(|wrote| line.ends_with(wrote) || next.ends_with(wrote))
}

#[cfg(test)]
mod tests {
    use super::without_quotes;

    #[test]
    fn the_history_below_an_answer_is_cut() {
        for (text, expected) in [
            ("Thanks!", "Thanks!"),
            ("Thanks!\r\n\r\n> hello\r\n> there\r\n", "Thanks!"),
            ("Thanks!\n\nOn Mon, 1 Jan 2026 at 10:00, Ada <a@b.example> wrote:\n> hello", "Thanks!"),
            ("Thanks!\n\nOn Mon, 1 Jan 2026 at 10:00, Ada\n<a@b.example> wrote:\n> hello", "Thanks!"),
            ("Merci\n\nLe lun. 1 janv. 2026, Ada a écrit :\n> bonjour", "Merci"),
            ("Danke\n\nAm 1.1.2026 um 10:00 schrieb Ada:\n> hallo", "Danke\n\nAm 1.1.2026 um 10:00 schrieb Ada:"),
            ("Danke\n\nAm 01.01.26 um 10:00 hat Ada geschrieben und Eva schrieb:\n> hallo", "Danke"),
            ("Ok\n-----Original Message-----\nFrom: Ada\nhello", "Ok"),
            ("Ok\n\nFrom: Ada <a@b.example>\nSent: Monday\nTo: Eve\nSubject: x\n\nhello", "Ok"),
            ("From: here to there is far\nand on I go", "From: here to there is far\nand on I go"),
            ("one\n> quoted\nanswered in between\n> more", "one\n> quoted\nanswered in between"),
            ("> only a quotation", "> only a quotation"),
            ("On the other hand, she wrote", "On the other hand, she wrote"),
            ("", ""),
        ] {
            assert_eq!(without_quotes(text), expected, "{text:?}");
        }
    }
}
