//! Which kinds of files are taken, and whether a file is of the kind that its name says.
//!
//! The list is the Conversations API's. Agreement means: for kinds with a signature, the signature; for containers, the
//! names that such a container must hold; for text, that nothing but text is in it, that it does not begin as a web
//! page, and the first words where the kind prescribes them.

use super::sniff::{Mark, Sniff};

/// The type of bytes that nobody knows.
pub(super) const UNKNOWN: &str = "application/octet-stream";

/// Types that browsers may show in place: pictures, sound and films that hold no scripts.
const SHOWN_IN_PLACE: &[&str] = &[
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/webm",
    "video/ogg",
    "audio/ogg",
    "audio/mpeg",
];

/// A kind of file that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// The extension, in small letters.
    pub(super) extension: &'static str,
    /// The MIME type.
    pub(super) media_type: &'static str,
    form: Form,
}

/// What the bytes of a kind look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Png,
    Jpeg,
    Gif,
    Bmp,
    Tiff,
    Webp,
    Heif,
    Pdf,
    SevenZip,
    Zip,
    Office(Mark),
    OpenText,
    Iwork,
    OldOffice(Mark),
    Film,
    Webm,
    Ogg,
    Mp3,
    Aac,
    Amr,
    Wav,
    Avi,
    Asf,
    Mpeg,
    Text(Text),
}

/// What a text begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    Plain,
    Mail,
    Calendar,
    Card,
    Svg,
    Xml,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The list does not have the extension.
    #[error("the file's extension is not allowed")]
    Extension,
    /// The bytes show no kind at all.
    #[error("the file's type could not be found out")]
    Unknown,
    /// The bytes are of a kind that is not taken, or not the one that the name says.
    #[error("the file's type is not allowed")]
    NotAllowed,
}

const fn kind(extension: &'static str, media_type: &'static str, form: Form) -> Kind {
    Kind { extension, media_type, form }
}

/// The extensions of files that are taken, in lower case and without a dot.
pub fn allowed_extensions() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.extension)
}

/// Every kind that is taken. Where a file has no name, the first kind of its form names it.
pub(super) const KINDS: &[Kind] = &[
    kind("png", "image/png", Form::Png),
    kind("jpg", "image/jpeg", Form::Jpeg),
    kind("jpeg", "image/jpeg", Form::Jpeg),
    kind("jfif", "image/jpeg", Form::Jpeg),
    kind("gif", "image/gif", Form::Gif),
    kind("bmp", "image/bmp", Form::Bmp),
    kind("tiff", "image/tiff", Form::Tiff),
    kind("tif", "image/tiff", Form::Tiff),
    kind("webp", "image/webp", Form::Webp),
    kind("heic", "image/heic", Form::Heif),
    kind("heif", "image/heif", Form::Heif),
    kind("pdf", "application/pdf", Form::Pdf),
    kind("7z", "application/x-7z-compressed", Form::SevenZip),
    kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Form::Office(Mark::Word)),
    kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Form::Office(Mark::Sheet)),
    kind(
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        Form::Office(Mark::Slides),
    ),
    kind("ppsx", "application/vnd.openxmlformats-officedocument.presentationml.slideshow", Form::Office(Mark::Slides)),
    kind("odt", "application/vnd.oasis.opendocument.text", Form::OpenText),
    kind("pages", "application/vnd.apple.pages", Form::Iwork),
    kind("numbers", "application/vnd.apple.numbers", Form::Iwork),
    kind("key", "application/vnd.apple.keynote", Form::Iwork),
    kind("zip", "application/zip", Form::Zip),
    kind("doc", "application/msword", Form::OldOffice(Mark::OldWord)),
    kind("xls", "application/vnd.ms-excel", Form::OldOffice(Mark::OldSheet)),
    kind("ppt", "application/vnd.ms-powerpoint", Form::OldOffice(Mark::OldSlides)),
    kind("pps", "application/vnd.ms-powerpoint", Form::OldOffice(Mark::OldSlides)),
    kind("mp4", "video/mp4", Form::Film),
    kind("m4v", "video/x-m4v", Form::Film),
    kind("m4a", "audio/mp4", Form::Film),
    kind("mp4a", "audio/mp4", Form::Film),
    kind("mov", "video/quicktime", Form::Film),
    kind("qt", "video/quicktime", Form::Film),
    kind("3gp", "video/3gpp", Form::Film),
    kind("3g2", "video/3gpp2", Form::Film),
    kind("webm", "video/webm", Form::Webm),
    kind("ogg", "audio/ogg", Form::Ogg),
    kind("oga", "audio/ogg", Form::Ogg),
    kind("opus", "audio/ogg", Form::Ogg),
    kind("ogv", "video/ogg", Form::Ogg),
    kind("mp3", "audio/mpeg", Form::Mp3),
    kind("mpga", "audio/mpeg", Form::Mp3),
    kind("aac", "audio/aac", Form::Aac),
    kind("amr", "audio/amr", Form::Amr),
    kind("wav", "audio/wav", Form::Wav),
    kind("avi", "video/x-msvideo", Form::Avi),
    kind("wmv", "video/x-ms-wmv", Form::Asf),
    kind("mpg", "video/mpeg", Form::Mpeg),
    kind("mpeg", "video/mpeg", Form::Mpeg),
    kind("ics", "text/calendar", Form::Text(Text::Calendar)),
    kind("vcf", "text/vcard", Form::Text(Text::Card)),
    kind("svg", "image/svg+xml", Form::Text(Text::Svg)),
    kind("xml", "application/xml", Form::Text(Text::Xml)),
    kind("txt", "text/plain", Form::Text(Text::Plain)),
    kind("csv", "text/csv", Form::Text(Text::Plain)),
    kind("log", "text/plain", Form::Text(Text::Plain)),
    kind("yaml", "application/yaml", Form::Text(Text::Plain)),
    kind("yml", "application/yaml", Form::Text(Text::Plain)),
    kind("neon", "text/plain", Form::Text(Text::Plain)),
    kind("eml", "message/rfc822", Form::Text(Text::Mail)),
];

impl Kind {
    /// Whether anything written is of this kind.
    pub(super) fn is_plain_text(&self) -> bool {
        self.form == Form::Text(Text::Plain)
    }
}

/// Whether browsers may show files of this type inside of a page.
pub fn is_shown_in_place(media_type: &str) -> bool {
    SHOWN_IN_PLACE.contains(&media_type)
}

/// The kind of a whole file: by its extension, or by its bytes where it has none.
pub(super) fn decide(extension: Option<&str>, sniff: &Sniff) -> Result<&'static Kind, Refusal> {
    find(extension, sniff, true)
}

/// Whether the file may still become one of a kind that is taken, by what has come of it.
pub(super) fn check_so_far(extension: Option<&str>, sniff: &Sniff) -> Result<(), Refusal> {
    if sniff.has_whole_head() {
        return find(extension, sniff, false).map(drop);
    }
    let is_listed = extension.is_none_or(|extension| KINDS.iter().any(|kind| kind.extension == extension));
    if is_listed { Ok(()) } else { Err(Refusal::Extension) }
}

fn find(extension: Option<&str>, sniff: &Sniff, whole: bool) -> Result<&'static Kind, Refusal> {
    let Some(extension) = extension else {
        return KINDS.iter().find(|kind| fits(kind.form, sniff, whole)).ok_or_else(|| misfit(sniff));
    };
    let kind = KINDS.iter().find(|kind| kind.extension == extension).ok_or(Refusal::Extension)?;
    if fits(kind.form, sniff, whole) { Ok(kind) } else { Err(misfit(sniff)) }
}

/// A file that is of some kind is of the wrong one.
fn misfit(sniff: &Sniff) -> Refusal {
    let known = infer::get(sniff.head()).is_some() || KINDS.iter().any(|kind| fits(kind.form, sniff, false));
    if known || begins_as_page(sniff.head()) { Refusal::NotAllowed } else { Refusal::Unknown }
}

fn fits(form: Form, sniff: &Sniff, whole: bool) -> bool {
    let head = sniff.head();
    let is_zip = head.starts_with(b"PK\x03\x04");
    match form {
        Form::Zip => is_zip || head.starts_with(b"PK\x05\x06"),
        Form::Office(part) => {
            is_zip && (!whole || sniff.has(Mark::OfficeXml) && sniff.has(part)) && !sniff.has(Mark::Macros)
        }
        Form::OpenText => is_zip && head.get(30..).is_some_and(|name| name.starts_with(OPEN_TEXT)),
        Form::Iwork => is_zip && (!whole || sniff.has(Mark::Iwork)),
        Form::OldOffice(part) => head.starts_with(OLD_OFFICE) && (!whole || sniff.has(part)),
        Form::Film => film_brand(head).is_some_and(|brand| !HEIF_BRANDS.contains(&brand) && !brand.starts_with(b"avi")),
        Form::Heif => film_brand(head).is_some_and(|brand| HEIF_BRANDS.contains(&brand)),
        Form::Tiff => head.starts_with(b"II*\0") || head.starts_with(b"MM\0*"),
        Form::Text(text) => sniff.can_be_text() && text_fits(text, head),
        Form::Aac => signed(head, &["audio/aac"]) || head.starts_with(b"ADIF") || head.starts_with(b"ID3"),
        Form::Mp3 => signed(head, &["audio/mpeg"]) || is_mpeg_sound(head),
        Form::Bmp => head.starts_with(b"BM") && head.get(6..10) == Some(&[0; 4]),
        Form::Mpeg => head.starts_with(b"\0\0\x01\xBA") || head.starts_with(b"\0\0\x01\xB3"),
        Form::Png => signed(head, &["image/png"]),
        Form::Jpeg => signed(head, &["image/jpeg"]),
        Form::Gif => head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a"),
        Form::Webp => signed(head, &["image/webp"]),
        Form::Pdf => head.starts_with(b"%PDF-"),
        Form::SevenZip => signed(head, &["application/x-7z-compressed"]),
        Form::Webm => head.starts_with(b"\x1A\x45\xDF\xA3") && names_webm(head),
        Form::Ogg => head.starts_with(b"OggS\0"),
        Form::Amr => head.starts_with(b"#!AMR"),
        Form::Wav => signed(head, &["audio/x-wav"]),
        Form::Avi => signed(head, &["video/x-msvideo"]),
        Form::Asf => signed(head, &["video/x-ms-wmv"]),
    }
}

const OLD_OFFICE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const OPEN_TEXT: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.text";
const HEIF_BRANDS: &[&[u8]] = &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
/// How a film begins that was written before brands were.
const OLD_FILM: &[&[u8]] = &[b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"];

fn signed(head: &[u8], types: &[&str]) -> bool {
    infer::get(head).is_some_and(|found| types.contains(&found.mime_type()))
}

/// The document type stands in the first element of a Matroska file.
fn names_webm(head: &[u8]) -> bool {
    memchr::memmem::find(&head[..head.len().min(64)], b"\x42\x82\x84webm").is_some()
}

fn film_brand(head: &[u8]) -> Option<&[u8]> {
    match head.get(4..8)? {
        b"ftyp" => head.get(8..12),
        name => OLD_FILM.contains(&name).then_some(name),
    }
}

/// The sync word of MPEG sound, layer 1 to 3, with a rate that exists.
fn is_mpeg_sound(head: &[u8]) -> bool {
    let [0xFF, second, third, ..] = head else { return false };
    second & 0xE0 == 0xE0 && second & 0x18 != 0x08 && second & 0x06 != 0 && third & 0xF0 != 0xF0 && third & 0x0C != 0x0C
}

fn text_fits(text: Text, head: &[u8]) -> bool {
    if head.starts_with(b"%PDF") || head.starts_with(b"GIF8") {
        return false;
    }
    let words = beginning(head);
    let starts = |word: &[u8]| words.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    match text {
        Text::Plain => !begins_as_page(head),
        Text::Mail => !begins_as_page(head) && begins_with_header(words),
        Text::Calendar => starts(b"BEGIN:VCALENDAR"),
        Text::Card => starts(b"BEGIN:VCARD"),
        Text::Xml => words.starts_with(b"<") && root(words) != Some(b"html".to_vec()),
        Text::Svg => words.starts_with(b"<") && root(words) == Some(b"svg".to_vec()),
    }
}

/// A name, a colon and a value, or the line that a mailbox puts before each mail.
fn begins_with_header(words: &[u8]) -> bool {
    let line = words.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    let is_name = !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    line.starts_with(b"From ") || (is_name && name.len() < line.len())
}

/// The text after marks of its encoding and white space, with the zero bytes of wide characters left out.
fn beginning(head: &[u8]) -> &[u8] {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    head.trim_ascii_start()
}

/// Whether a browser that guesses would take it for a web page.
fn begins_as_page(head: &[u8]) -> bool {
    let narrow: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0 && byte.is_ascii()).collect();
    let words = narrow.trim_ascii_start();
    let is_page = infer::get(words).is_some_and(|found| found.mime_type() == "text/html");
    let is_html = root(words).is_some_and(|name| PAGES.contains(&name.as_slice()));
    let declared = words.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"<!doctype"));
    words.starts_with(b"<") && (is_page || is_html || declared)
}

const PAGES: &[&[u8]] = &[b"html", b"head", b"body", b"script", b"svg", b"iframe", b"img", b"style", b"meta", b"link"];

/// The name of the first element, in small letters and without its prefix; declarations and comments are passed over.
fn root(mut words: &[u8]) -> Option<Vec<u8>> {
    loop {
        words = words.trim_ascii_start();
        let rest = words.strip_prefix(b"<")?;
        let end: &[u8] = match rest.first()? {
            b'?' => b"?>",
            b'!' if rest.starts_with(b"!--") => b"-->",
            b'!' => b">",
            _ => {
                let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b':').count();
                let name = rest[..length].to_ascii_lowercase();
                return Some(name.rsplit(|byte| *byte == b':').next().unwrap_or_default().to_vec());
            }
        };
        words = &words[memchr::memmem::find(words, end)? + end.len()..];
    }
}

#[cfg(test)]
#[path = "kind_tests.rs"]
mod tests;
