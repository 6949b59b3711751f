//! Names and bytes, side by side. The bytes are the beginnings of such files, as short as they may be.

use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0";
const PDF: &[u8] = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";
const EXE: &[u8] = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF\0\0";
const ELF: &[u8] = &{
    let mut bytes = [0; 64];
    (bytes[0], bytes[1], bytes[2], bytes[3], bytes[4]) = (0x7F, b'E', b'L', b'F', 2);
    bytes
};
const HTML: &[u8] = b"<!DOCTYPE html>\n<html><script>alert(1)</script></html>";
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const MP4: &[u8] = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2";
const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0a.txthello";

fn decided(extension: Option<&str>, bytes: &[u8]) -> Result<&'static str, Refusal> {
    let mut sniff = Sniff::default();
    bytes.chunks(7).for_each(|piece| sniff.see(piece));
    decide(extension, &sniff).map(|kind| kind.media_type)
}

fn zip(names: &[&str]) -> Vec<u8> {
    names.iter().fold(Vec::new(), |mut all, name| {
        all.extend_from_slice(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        all.extend_from_slice(&(name.len() as u16).to_le_bytes());
        all.extend_from_slice(b"\0\0");
        all.extend_from_slice(name.as_bytes());
        all
    })
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn ole(name: &str) -> Vec<u8> {
    [OLE, &[0; 504], &wide(name), &[0; 8]].concat()
}

#[test]
fn the_list_is_the_published_one_and_zip() {
    let published = "3g2 3gp 7z aac amr avi bmp csv doc docx eml gif heic heif ics jfif jpeg jpg key log m4a m4v mov mp3 \
        mp4 mp4a mpeg mpg mpga neon numbers odt oga ogg ogv opus pages pdf png pps ppsx ppt pptx qt svg tif tiff txt vcf \
        wav webm webp wmv xls xlsx xml yaml yml zip";
    let mut ours: Vec<_> = KINDS.iter().map(|kind| kind.extension).collect();
    ours.sort_unstable();
    assert_eq!(ours, published.split_whitespace().collect::<Vec<_>>());
    assert_eq!(ours.len(), 59);
}

#[test]
fn files_that_are_what_they_say_are_taken() {
    let office = |part| zip(&["[Content_Types].xml", "_rels/.rels", part]);
    let open_text = [&zip(&["mimetype"])[..], b"application/vnd.oasis.opendocument.text"].concat();
    let table: Vec<(&[&str], Vec<u8>, &str)> = vec![
        (&["png"], PNG.into(), "image/png"),
        (&["jpg", "jpeg", "jfif"], JPEG.into(), "image/jpeg"),
        (&["gif"], b"GIF89a\x01\0\x01\0".into(), "image/gif"),
        (&["bmp"], b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0".into(), "image/bmp"),
        (&["tif", "tiff"], b"II*\0\x08\0\0\0".into(), "image/tiff"),
        (&["webp"], b"RIFF\x24\0\0\0WEBPVP8 ".into(), "image/webp"),
        (&["heic"], b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".into(), "image/heic"),
        (&["heif"], b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic".into(), "image/heif"),
        (&["pdf"], PDF.into(), "application/pdf"),
        (&["7z"], b"7z\xBC\xAF\x27\x1C\0\x04".into(), "application/x-7z-compressed"),
        (&["zip"], ZIP.into(), "application/zip"),
        (&["zip"], b"PK\x05\x06\0\0\0\0".into(), "application/zip"),
        (&["docx"], office("word/document.xml"), KINDS[13].media_type),
        (&["xlsx"], office("xl/workbook.xml"), KINDS[14].media_type),
        (&["pptx"], office("ppt/presentation.xml"), KINDS[15].media_type),
        (&["ppsx"], office("ppt/presentation.xml"), KINDS[16].media_type),
        (&["odt"], open_text, "application/vnd.oasis.opendocument.text"),
        (&["pages"], zip(&["Index/Document.iwa"]), "application/vnd.apple.pages"),
        (&["numbers"], zip(&["Index/Tables/x.iwa"]), "application/vnd.apple.numbers"),
        (&["key"], zip(&["Data/a.png", "Index.zip"]), "application/vnd.apple.keynote"),
        (&["doc"], ole("WordDocument"), "application/msword"),
        (&["xls"], ole("Workbook"), "application/vnd.ms-excel"),
        (&["ppt", "pps"], ole("PowerPoint Document"), "application/vnd.ms-powerpoint"),
        (&["mp4"], MP4.into(), "video/mp4"),
        (&["m4a", "mp4a"], b"\0\0\0\x20ftypM4A \0\0\0\0".into(), "audio/mp4"),
        (&["m4v"], b"\0\0\0\x20ftypM4V \0\0\0\0".into(), "video/x-m4v"),
        (&["mov", "qt"], b"\0\0\0\x14ftypqt  \0\0\0\0".into(), "video/quicktime"),
        (&["mov"], b"\0\0\x10\0moov\0\0\0\x6cmvhd".into(), "video/quicktime"),
        (&["3gp"], b"\0\0\0\x14ftyp3gp4\0\0\0\0".into(), "video/3gpp"),
        (&["3g2"], b"\0\0\0\x14ftyp3g2a\0\0\0\0".into(), "video/3gpp2"),
        (&["webm"], b"\x1A\x45\xDF\xA3\x01\0\0\0\0\0\0\x1F\x42\x86\x81\x01\x42\xF7\x81\x01\x42\xF2\x81\x04\x42\xF3\x81\x08\x42\x82\x84webm".into(), "video/webm"),
        (&["ogg", "oga", "opus"], b"OggS\0\x02\0\0".into(), "audio/ogg"),
        (&["ogv"], b"OggS\0\x02\0\0".into(), "video/ogg"),
        (&["mp3", "mpga"], b"ID3\x03\0\0\0\0".into(), "audio/mpeg"),
        (&["mp3"], b"\xFF\xFB\x90\x64\0".into(), "audio/mpeg"),
        (&["aac"], b"\xFF\xF1\x50\x80".into(), "audio/aac"),
        (&["amr"], b"#!AMR\n\x3c".into(), "audio/amr"),
        (&["wav"], b"RIFF\x24\0\0\0WAVEfmt ".into(), "audio/wav"),
        (&["avi"], b"RIFF\x24\0\0\0AVI LIST".into(), "video/x-msvideo"),
        (&["wmv"], b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\0\xAA\0\x62\xCE\x6C".into(), "video/x-ms-wmv"),
        (&["mpg", "mpeg"], b"\0\0\x01\xBA\x44\0".into(), "video/mpeg"),
        (&["txt", "log", "neon"], "Grüße\tan alle\n".into(), "text/plain"),
        (&["txt"], b"caf\xE9 in Latin-1".into(), "text/plain"),
        (&["txt"], [&[0xFF, 0xFE][..], &wide("wide")].concat(), "text/plain"),
        (&["csv"], b"a;b\n1;2\n".into(), "text/csv"),
        (&["yaml", "yml"], b"a: 1\n".into(), "application/yaml"),
        (&["eml"], b"Received: from x\r\nSubject: hi\r\n\r\nhello".into(), "message/rfc822"),
        (&["ics"], b"BEGIN:VCALENDAR\r\nEND:VCALENDAR".into(), "text/calendar"),
        (&["vcf"], b"begin:vcard\r\nend:vcard".into(), "text/vcard"),
        (&["xml"], b"<?xml version=\"1.0\"?>\n<!-- x --><order/>".into(), "application/xml"),
        (&["svg"], b"\xEF\xBB\xBF<?xml version=\"1.0\"?><!DOCTYPE svg><svg xmlns=\"x\"/>".into(), "image/svg+xml"),
    ];
    for (extensions, bytes, media_type) in table {
        for extension in extensions {
            assert_eq!(decided(Some(extension), &bytes), Ok(media_type), "{extension}");
        }
    }
}

#[test]
fn files_in_disguise_are_not_taken() {
    use Refusal::{Extension, NotAllowed, Unknown};
    let macros = zip(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]);
    let table: Vec<(&str, &[u8], Refusal)> = vec![
        ("exe", EXE, Extension),
        ("html", HTML, Extension),
        ("js", b"alert(1)", Extension),
        ("svgz", b"\x1f\x8b", Extension),
        ("php", b"<?php", Extension),
        ("docm", &macros, Extension),
        ("png ", PNG, Extension),
        ("png", HTML, NotAllowed),
        ("png", JPEG, NotAllowed),
        ("png", EXE, NotAllowed),
        ("png", b"<svg onload=alert(1)>", NotAllowed),
        ("png", b"GIF89a=1;alert(1)//", NotAllowed),
        ("png", b"\0\0\0\0\0\0\0\0", Unknown),
        ("png", b"", Unknown),
        ("jpg", PNG, NotAllowed),
        ("jpg", HTML, NotAllowed),
        ("jpg", ELF, NotAllowed),
        ("gif", b"GIF88a", NotAllowed),
        ("gif", HTML, NotAllowed),
        ("pdf", EXE, NotAllowed),
        ("pdf", HTML, NotAllowed),
        ("pdf", ZIP, NotAllowed),
        ("pdf", b"<html>%PDF-1.7", NotAllowed),
        ("pdf", b"MZ%PDF-1.7", NotAllowed),
        ("zip", EXE, NotAllowed),
        ("zip", b"Rar!\x1A\x07\0", NotAllowed),
        ("docx", ZIP, NotAllowed),
        ("docx", &macros, NotAllowed),
        ("docx", OLE, NotAllowed),
        ("xlsx", b"<html><table>", NotAllowed),
        ("odt", ZIP, NotAllowed),
        ("pages", ZIP, NotAllowed),
        ("doc", EXE, NotAllowed),
        ("doc", b"{\\rtf1", NotAllowed),
        ("doc", OLE, NotAllowed),
        ("xls", HTML, NotAllowed),
        ("mp4", EXE, NotAllowed),
        ("mp4", b"\0\0\0\x18ftypheic", NotAllowed),
        ("heic", MP4, NotAllowed),
        ("mp3", ELF, NotAllowed),
        ("mp3", b"\xFF\xFF\xFF\xFF", NotAllowed),
        ("ogg", b"Oggs", NotAllowed),
        ("wav", b"RIFF\x24\0\0\0AVI LIST", NotAllowed),
        ("webm", b"\x1A\x45\xDF\xA3\0\0", Unknown),
        ("bmp", b"BMW drives well", NotAllowed),
        ("txt", EXE, NotAllowed),
        ("txt", PDF, NotAllowed),
        ("txt", HTML, NotAllowed),
        ("txt", b"  \n<ScRiPt>alert(1)</script>", NotAllowed),
        ("txt", b"\xFF\xFE<\0h\0t\0m\0l\0>\0", NotAllowed),
        ("csv", b"<html><body>", NotAllowed),
        ("csv", b"a,b\0c", Unknown),
        ("log", b"<!-- --><html>", NotAllowed),
        ("yaml", b"<svg onload=alert(1)>", NotAllowed),
        ("eml", b"just words", NotAllowed),
        ("eml", HTML, NotAllowed),
        ("ics", b"BEGIN:VCARD", NotAllowed),
        ("vcf", HTML, NotAllowed),
        ("xml", HTML, NotAllowed),
        ("xml", b"<x:html xmlns:x='http://www.w3.org/1999/xhtml'>", NotAllowed),
        ("xml", b"not xml", NotAllowed),
        ("svg", b"<?xml version='1.0'?><html/>", NotAllowed),
        ("svg", PNG, NotAllowed),
    ];
    for (extension, bytes, refusal) in table {
        assert_eq!(decided(Some(extension), bytes), Err(refusal), "{extension} {:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_file_without_a_name_is_what_its_bytes_are() {
    for (bytes, expected) in [
        (PNG, Ok("image/png")),
        (PDF, Ok("application/pdf")),
        (ZIP, Ok("application/zip")),
        (b"just words", Ok("text/plain")),
        (HTML, Err(Refusal::NotAllowed)),
        (EXE, Err(Refusal::NotAllowed)),
        (b"\x01\x02\x03", Err(Refusal::Unknown)),
        (b"", Err(Refusal::Unknown)),
    ] {
        assert_eq!(decided(None, bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(decided(None, &zip(&["[Content_Types].xml", "word/document.xml"])), Ok(KINDS[13].media_type));
}

#[test]
fn what_cannot_become_right_is_refused_before_its_end() {
    let mut sniff = Sniff::default();
    sniff.see(&[b'<'; 100]);
    assert!(check_so_far(Some("png"), &sniff).is_ok(), "too early to tell");
    sniff.see(&[b'x'; 5000]);
    assert!(check_so_far(Some("png"), &sniff).is_err());
    assert!(check_so_far(None, &sniff).is_ok(), "words");
    assert!(check_so_far(Some("exe"), &Sniff::default()).is_err());
    let mut sniff = Sniff::default();
    sniff.see(&[ZIP, &[0; 5000]].concat());
    assert!(check_so_far(Some("docx"), &sniff).is_ok(), "the names may still come");
    assert!(decide(Some("docx"), &sniff).is_err());
}
