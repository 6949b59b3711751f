//! One-time codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds), the second proof when signing in.
//!
//! A code is good once: the time step that it belongs to is kept, and older ones are refused.

use passerelle_store::{OneTime, Secret};
use totp_rs::{Builder, Totp};

/// Bytes of a secret, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// Steps by which the agent's clock may differ.
const SKEW: u16 = 1;
/// Who the authenticator says the codes are for.
const ISSUER: &str = "Passerelle";

/// The system gives no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes: {0}")]
pub struct NoSecret(getrandom::Error);

/// A new secret, of which the agent has shown no code yet.
pub fn begin() -> Result<OneTime, NoSecret> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(NoSecret)?;
    let secret = totp_rs::Secret::new_stack(bytes).to_base32();
    Ok(OneTime { secret: Secret::new(secret), confirmed: false, step: 0 })
}

/// What an authenticator app reads from a picture: an `otpauth://` address. None when the secret is none of ours.
pub fn address(one_time: &OneTime, email: &str) -> Option<String> {
    totp(one_time, email)?.to_url().ok()
}

/// The time step of a code that is good now and was not used before.
pub fn step_of(one_time: &OneTime, code: &str, now_seconds: u64) -> Option<u64> {
    let step = totp(one_time, "agent")?.check(code.trim(), now_seconds)?;
    (step > one_time.step).then_some(step)
}

fn totp(one_time: &OneTime, email: &str) -> Option<Totp> {
    let secret = totp_rs::Secret::try_from_base32(one_time.secret.reveal()).ok()?;
    let builder = Builder::new().with_secret(secret).with_skew(SKEW).with_issuer(Some(ISSUER));
    builder.with_account_name(email.replace(':', "")).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's test vectors.
    fn known() -> OneTime {
        OneTime { secret: Secret::new("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned()), confirmed: true, step: 0 }
    }

    #[test]
    fn codes_are_those_of_the_standard_and_good_once() {
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(step_of(&known(), code, seconds), Some(seconds / 30), "{code}");
        }
        let used = OneTime { step: 1, ..known() };
        assert_eq!(step_of(&used, "287082", 59), None, "a used code is void");
        assert_eq!(step_of(&known(), "287082", 59 + 30), Some(1), "clocks differ");
        for (code, seconds) in [("287082", 59 + 60), ("287083", 59), ("", 59), ("28708", 59), ("abcdef", 59)] {
            assert_eq!(step_of(&known(), code, seconds), None, "{code} at {seconds}");
        }
    }

    #[test]
    fn a_new_secret_has_an_address_for_authenticators() {
        let (first, second) = (begin().expect("a secret"), begin().expect("a secret"));
        assert_ne!(first.secret, second.secret);
        let address = address(&first, "ada@shop.example").expect("an address");
        assert!(address.starts_with("otpauth://totp/Passerelle:ada%40shop.example?secret="), "{address}");
        assert!(!first.confirmed);
    }
}
