//! Core never names a vendor: what it knows of them it learns from plugins.

use crate::tree::Text;

/// Names that core must not hold. `line` is a common word and is meant in capitals only.
const VENDORS: [&str; 16] = [
    "telegram",
    "whatsapp",
    "messenger",
    "instagram",
    "viber",
    "twilio",
    "vonage",
    "slack",
    "discord",
    "wechat",
    "kakao",
    "apple",
    "zendesk",
    "sunshine",
    "smooch",
    "LINE",
];

/// Where names are data: the closed lists of the Conversations API.
const ALLOWED: [&str; 1] = ["core/api/data/"];

/// Every place in core that names a vendor.
pub fn named_in_core(texts: &[Text]) -> Vec<String> {
    let core = texts.iter().filter(|text| text.path.starts_with("core/") && !text.path.starts_with("core/web/"));
    // Integration tests may take a first-party plugin as their fixture; the code that they test may not know it.
    let code = core.filter(|text| !text.path.contains("/tests/"));
    code.filter(|text| !ALLOWED.iter().any(|folder| text.path.starts_with(folder))).flat_map(named).collect()
}

fn named(text: &Text) -> Vec<String> {
    let mut out = Vec::new();
    for (index, line) in text.content.lines().enumerate() {
        let line = without_media_types(line);
        let found = words(&line).find_map(|word| VENDORS.iter().find(|vendor| is_same(vendor, word)));
        out.extend(found.map(|vendor| format!("{}:{}: {vendor}", text.path, index + 1)));
    }
    out
}

/// A registered media type names the maker of a format, which is no channel.
fn without_media_types(line: &str) -> String {
    VENDORS.iter().fold(line.to_owned(), |line, vendor| line.replace(&format!("application/vnd.{vendor}."), ""))
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty())
}

fn is_same(vendor: &str, word: &str) -> bool {
    if vendor == "LINE" { word == vendor } else { word.eq_ignore_ascii_case(vendor) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_names_no_vendor() {
        let texts = crate::tree::texts(&crate::root()).expect("the repository is readable");
        assert_eq!(named_in_core(&texts), Vec::<String>::new(), "move this knowledge to a plugin or a fixture");
    }

    #[test]
    fn the_check_finds_names_and_no_common_words() {
        let check = |content: &str| named_in_core(&[Text { path: "core/a.rs".into(), content: content.into() }]);
        assert_eq!(check("// as Telegram does\n"), ["core/a.rs:1: telegram"]);
        assert_eq!(check("let x = \"channel-whatsapp\";"), ["core/a.rs:1: whatsapp"]);
        assert_eq!(check("// LINE limits"), ["core/a.rs:1: LINE"]);
        assert_eq!(check("(\"pages\", \"application/vnd.apple.pages\")"), Vec::<String>::new());
        assert_eq!(check("// apple.pages"), ["core/a.rs:1: apple"]);
        assert_eq!(check("// one line of the command line"), Vec::<String>::new());
        let fixture = Text { path: "core/a/tests/it/main.rs".into(), content: "installs(\"channel-telegram\")".into() };
        assert_eq!(named_in_core(&[fixture]), Vec::<String>::new());
    }
}
