//! Names of files as they are shown. A name is never a path of ours: files are stored under their handles.

use unicode_normalization::UnicodeNormalization as _;

/// Bytes of a name.
const MAX_NAME: usize = 255;
/// Bytes of an extension; longer ones are none.
const MAX_EXTENSION: usize = 16;
/// Names that one system or another gives to its devices.
const RESERVED: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The extension of a name, in small letters, without its dot. It is taken from the name as it will be shown.
pub(super) fn extension_of(name: &str) -> Option<String> {
    let name = harmless(name);
    let (stem, extension) = name.rsplit_once('.')?;
    let fits = !extension.is_empty() && extension.len() <= MAX_EXTENSION;
    (fits && !stem.is_empty()).then(|| extension.to_ascii_lowercase())
}

/// The name to show: the last part of a path, composed (NFC), without control and direction characters, at most 255
/// bytes. Where nothing is left, or there is no extension, `extension` helps out.
pub(super) fn cleaned(given: &str, extension: &str) -> String {
    let name = harmless(given);
    let (stem, ending) = match extension_of(given) {
        Some(_) => name.rsplit_once('.').unwrap_or((&name, extension)),
        None => (name.as_str(), extension),
    };
    let stem = stem.trim_matches([' ', '.']);
    let stem = if stem.is_empty() { "file" } else { stem };
    let guard = if is_reserved(stem) { "_" } else { "" };
    let room = MAX_NAME - ending.len() - 1 - guard.len();
    format!("{guard}{}.{ending}", &stem[..stem.floor_char_boundary(room)])
}

fn harmless(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    // A name of ten thousand bytes is not worth composing; what is cut here is cut below anyway. The end is kept.
    let from = last.ceil_char_boundary(last.len().saturating_sub(4 * MAX_NAME));
    let kept = last[from..].nfc().filter(|c| !is_hidden(*c));
    let kept: String = kept.map(|c| if "<>:\"|?*;".contains(c) { '_' } else { c }).collect();
    kept.trim_matches([' ', '.']).to_owned()
}

/// Characters that are not seen, or that change how others are seen.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFF}' | '\u{E0000}'..='\u{E0FFF}')
}

fn is_reserved(stem: &str) -> bool {
    let stem = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    RESERVED.contains(&stem.as_str()) || numbered.is_some_and(|rest| rest.chars().count() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_without_their_tricks() {
        for (given, shown) in [
            ("a.png", "a.png"),
            ("Über uns.PNG", "Über uns.PNG"),
            ("U\u{308}ber.png", "Über.png"),
            ("../../etc/passwd.png", "passwd.png"),
            ("C:\\Windows\\system32\\a.png", "a.png"),
            ("/etc/a.png", "a.png"),
            ("..", "file.png"),
            ("", "file.png"),
            ("   ", "file.png"),
            ("/", "file.png"),
            ("noextension", "noextension.png"),
            (".png", "png.png"),
            ("a.png.", "a.png"),
            ("a.png   ", "a.png"),
            ("invoice\u{202E}gpj.png", "invoicegpj.png"),
            ("a\u{200B}b\u{FEFF}.png", "ab.png"),
            ("a\u{2066}b\u{2069}.png", "ab.png"),
            ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie_ x=1.png"),
            ("a\0b.png", "ab.png"),
            ("a\u{7f}\u{85}\u{9b}.png", "a.png"),
            ("a\"; filename=\"b.exe.png", "a__ filename=_b.exe.png"),
            ("con.png", "_con.png"),
            ("NUL.tar.png", "_NUL.tar.png"),
            ("com1.png", "_com1.png"),
            ("LPT9.png", "_LPT9.png"),
            ("common.png", "common.png"),
            ("file.tar.gz.png", "file.tar.gz.png"),
            ("発注書.png", "発注書.png"),
            ("👩‍👩‍👧.png", "👩👩👧.png"),
            ("%2e%2e%2fa.png", "%2e%2e%2fa.png"),
            ("a.png::$DATA", "a.png__$DATA"),
            ("~$a.png", "~$a.png"),
            ("-rf.png", "-rf.png"),
        ] {
            assert_eq!(cleaned(given, "png"), shown, "{given:?}");
        }
    }

    #[test]
    fn a_name_never_grows_beyond_its_bound_and_keeps_its_extension() {
        for letter in ["x", "ü", "発", "👩", "\u{1D15E}", " .", "\u{FB2C}"] {
            for count in [100, 254, 255, 256, 10_000] {
                let shown = cleaned(&format!("{}.jpeg", letter.repeat(count)), "jpeg");
                assert!(shown.len() <= MAX_NAME && shown.ends_with(".jpeg"), "{letter} {count}: {}", shown.len());
            }
        }
    }

    #[test]
    fn the_extension_is_that_of_the_shown_name() {
        for (given, extension) in [
            ("a.PNG", Some("png")),
            ("a", None),
            (".png", None),
            ("a.", None),
            ("a.png.", Some("png")),
            ("a.gpj\u{202E}.exe", Some("exe")),
            ("a.exe\u{200B}", Some("exe")),
            ("x/y.z/a", None),
            ("a.png/../b.exe", Some("exe")),
            ("a.averyverylongextension", None),
        ] {
            assert_eq!(extension_of(given).as_deref(), extension, "{given:?}");
        }
    }
}
