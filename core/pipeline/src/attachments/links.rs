//! The addresses of files: `{public}/attachments/v2/{app}/{handle}/{file name}`, with a signature where the file is
//! private.
//!
//! An open file's address is its handle, which cannot be guessed. A private one's is signed with a key of the house and
//! runs out; whoever is shown a message is given a fresh one. The file's name is for the reader's eyes only.

use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use passerelle_model::content::{Content, Media, MediaSource};
use passerelle_model::id::AppId;
use passerelle_model::time::{Clock, Timestamp};
use passerelle_store::Secret;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

const PATH: &str = "/attachments/v2/";
/// How the handle of an open file begins.
pub(super) const OPEN: char = 'o';
/// What stays as it is in a path.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// Links made within one quarter of their life are alike, so that a browser's cache knows them again.
const STEPS: i64 = 4;

/// Makes and reads the addresses of files.
pub struct Links {
    base: String,
    key: Secret,
    life: Duration,
    clock: Clock,
}

/// Whether whoever brings an address may read the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The signature fits, for so long.
    Signed(Duration),
    /// The signature fits and has run out.
    TooLate,
    /// The signature does not fit.
    Forged,
    /// There is no signature.
    Unsigned,
}

impl Links {
    /// Addresses below this one, signed with this key, good for at least so long.
    pub fn new(base: &str, key: Secret, life: Duration, clock: Clock) -> Self {
        Self { base: base.trim_end_matches('/').to_owned(), key, life, clock }
    }

    /// Where a file of a message can be read from now on.
    pub fn of(&self, app: AppId, media: &Media) -> String {
        match &media.source {
            MediaSource::Url(url) => url.clone(),
            MediaSource::Handle(handle) => self.to(app, handle, media.file_name.as_deref()),
            // Resolved before a message is recorded.
            MediaSource::Vendor(_) => self.to(app, "unresolved", None),
        }
    }

    /// Where a file that we keep can be read from now on.
    pub fn to(&self, app: AppId, handle: &str, file_name: Option<&str>) -> String {
        let name = utf8_percent_encode(file_name.unwrap_or("file"), PLAIN);
        let open = format!("{}{PATH}{app}/{}/{name}", self.base, utf8_percent_encode(handle, PLAIN));
        if Self::is_open(handle) {
            return open;
        }
        let expires = self.expiry();
        format!("{open}?expires={expires}&signature={}", hex::encode(self.signature(app, handle, expires)))
    }

    /// Puts addresses in place of the files that we keep.
    pub(crate) fn put(&self, app: AppId, content: &mut Content) {
        for media in content.media_mut() {
            if let MediaSource::Handle(_) = media.source {
                media.source = MediaSource::Url(self.of(app, media));
            }
        }
    }

    /// The app and the handle, when the text is an address of ours, signed or not.
    pub fn parse(&self, url: &str) -> Option<(AppId, String)> {
        let rest = url.strip_prefix(&self.base)?.strip_prefix(PATH)?;
        let path = rest.split(['?', '#']).next()?;
        let mut parts = path.splitn(3, '/');
        let (app, handle) = (parts.next()?.parse().ok()?, parts.next()?);
        (!handle.is_empty()).then(|| (app, handle.to_owned()))
    }

    /// Whether a file needs no signature, by its handle.
    pub fn is_open(handle: &str) -> bool {
        handle.starts_with(OPEN)
    }

    /// Checks what an address brings with it.
    pub fn check(&self, app: AppId, handle: &str, expires: Option<&str>, signature: Option<&str>) -> Reader {
        let (Some(expires), Some(signature)) = (expires, signature) else { return Reader::Unsigned };
        let (Ok(seconds), Ok(given)) = (expires.parse::<i64>(), hex::decode(signature)) else { return Reader::Forged };
        if !bool::from(self.signature(app, handle, seconds).ct_eq(&given)) {
            return Reader::Forged;
        }
        let left = self.clock.now().until(Timestamp::from_micros(seconds.saturating_mul(1_000_000)));
        if left.is_zero() { Reader::TooLate } else { Reader::Signed(left) }
    }

    /// Seconds since 1970, at least one life from now.
    fn expiry(&self) -> i64 {
        let now = i64::try_from(self.clock.now().as_millis() / 1000).unwrap_or(i64::MAX / 2);
        let life = i64::try_from(self.life.as_secs()).unwrap_or(i64::MAX / 4).clamp(1, i64::MAX / 4);
        let step = (life / STEPS).max(1);
        (now + life + step - 1) / step * step
    }

    fn signature(&self, app: AppId, handle: &str, expires: i64) -> Vec<u8> {
        // A key of any length is a key for HMAC.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.reveal().as_bytes()) else { return Vec::new() };
        mac.update(format!("{app}/{handle}/{expires}").as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    const APP: AppId = AppId::from_bytes([7; 12]);

    fn links(life_s: u64) -> (Links, Arc<AtomicI64>) {
        let seconds = Arc::new(AtomicI64::new(1_700_000_000));
        let told = Arc::clone(&seconds);
        let clock = Clock::from_fn(move || Timestamp::from_millis(told.load(Ordering::SeqCst) * 1000));
        (Links::new("https://gw.example.org/", Secret::new("key"), Duration::from_secs(life_s), clock), seconds)
    }

    fn query(url: &str) -> (String, String) {
        let (_, query) = url.split_once("?expires=").expect("signed");
        let (expires, signature) = query.split_once("&signature=").expect("signed");
        (expires.to_owned(), signature.to_owned())
    }

    #[test]
    fn an_open_file_has_a_plain_address_and_a_private_one_a_signed_one() {
        let (links, _) = links(900);
        let open = links.to(APP, "o12", Some("a b\u{fc}.png"));
        assert_eq!(open, format!("https://gw.example.org/attachments/v2/{APP}/o12/a%20b%C3%BC.png"));
        let private = links.to(APP, "s12", Some("a.png"));
        let (expires, signature) = query(&private);
        let Reader::Signed(left) = links.check(APP, "s12", Some(&expires), Some(&signature)) else {
            panic!("the signature fits")
        };
        assert!((900..=1125).contains(&left.as_secs()), "{left:?}");
        for url in [&open, &private] {
            assert_eq!(links.parse(url).map(|(app, handle)| (app, handle.len())), Some((APP, 3)), "{url}");
        }
    }

    #[test]
    fn a_link_lives_its_life_and_no_longer_than_a_quarter_more() {
        let (links, seconds) = links(100);
        for second in 0..60 {
            seconds.store(1_700_000_000 + second, Ordering::SeqCst);
            let (expires, signature) = query(&links.to(APP, "s1", None));
            let after = |passed: i64| {
                seconds.store(1_700_000_000 + second + passed, Ordering::SeqCst);
                links.check(APP, "s1", Some(&expires), Some(&signature))
            };
            assert!(matches!(after(99), Reader::Signed(_)), "{second}");
            assert_eq!(after(125), Reader::TooLate, "{second}");
        }
    }

    #[test]
    fn forged_addresses_open_nothing() {
        let (links, _) = links(900);
        let (expires, signature) = query(&links.to(APP, "s1", None));
        let later = (expires.parse::<i64>().expect("a number") + 1).to_string();
        let other = AppId::from_bytes([8; 12]);
        let swapped = signature.replace(|c: char| c.is_ascii_digit(), "0");
        for (app, handle, expires, signature) in [
            (APP, "s2", &expires, &signature),
            (other, "s1", &expires, &signature),
            (APP, "s1", &later, &signature),
            (APP, "s1", &expires, &swapped),
            (APP, "s1", &expires, &signature[..10].to_owned()),
            (APP, "s1", &expires, &String::new()),
            (APP, "s1", &expires, &"zz".to_owned()),
            (APP, "s1", &"soon".to_owned(), &signature),
        ] {
            assert_eq!(links.check(app, handle, Some(expires), Some(signature)), Reader::Forged, "{handle} {expires}");
        }
        assert_eq!(links.check(APP, "s1", None, Some(&signature)), Reader::Unsigned);
        assert_eq!(links.check(APP, "s1", Some(&expires), None), Reader::Unsigned);
    }

    #[test]
    fn only_our_own_addresses_are_ours() {
        let (links, _) = links(900);
        for url in [
            "https://evil.example/attachments/v2/070707070707070707070707/o1/a.png",
            "https://gw.example.org.evil.example/attachments/v2/070707070707070707070707/o1/a.png",
            "https://gw.example.org/attachments/v2/x/o1/a.png",
            "https://gw.example.org/attachments/v2/070707070707070707070707",
            "https://gw.example.org/attachments/v2/070707070707070707070707/",
            "https://gw.example.org/v2/apps",
            "",
        ] {
            assert_eq!(links.parse(url), None, "{url}");
        }
    }
}
