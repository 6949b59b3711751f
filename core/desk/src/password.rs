//! Passwords of agents: argon2id with 19 MiB, two passes and one lane, the least that OWASP's cheat sheet on password
//! storage asks for. Slow on purpose: callers run it where it holds up nobody.

use std::sync::OnceLock;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use passerelle_store::Secret;

/// Characters of a password at least.
pub const MIN_PASSWORD: usize = 10;
/// Characters of a password at most.
pub const MAX_PASSWORD: usize = 256;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Why a password cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// It is too short or too long.
    #[error("needs {MIN_PASSWORD} to {MAX_PASSWORD} characters")]
    Length,
    /// The machine does not play along.
    #[error("the password cannot be hashed: {0}")]
    Machine(String),
}

fn argon() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None);
    let params = params.map_err(|error| PasswordError::Machine(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// What is kept of a password.
pub fn hash(password: &str) -> Result<Secret, PasswordError> {
    if !(MIN_PASSWORD..=MAX_PASSWORD).contains(&password.chars().count()) {
        return Err(PasswordError::Length);
    }
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| PasswordError::Machine(error.to_string()))?;
    let hash = argon()?.hash_password_with_salt(password.as_bytes(), &salt);
    Ok(Secret::new(hash.map_err(|error| PasswordError::Machine(error.to_string()))?.to_string()))
}

/// Whether a password is the one of which this was kept.
pub fn is_right(password: &str, kept: &Secret) -> bool {
    let fits = |argon: Argon2<'_>| argon.verify_password(password.as_bytes(), kept.reveal()).is_ok();
    password.chars().count() <= MAX_PASSWORD && argon().is_ok_and(fits)
}

/// Takes as long as [`is_right`]: for an address that nobody has, so that strangers cannot find out which ones are known.
pub fn fits_nobody(password: &str) {
    static NOBODY: OnceLock<Option<Secret>> = OnceLock::new();
    let kept = NOBODY.get_or_init(|| hash("a password of nobody").ok());
    // The answer is thrown away; the work is the point.
    std::hint::black_box(kept.as_ref().is_some_and(|kept| is_right(password, kept)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_fits_and_no_two_hashes_are_alike() {
        let (first, second) = (hash("correct horse").expect("a hash"), hash("correct horse").expect("a hash"));
        assert!(first.reveal().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", first.reveal());
        assert_ne!(first, second);
        assert!(is_right("correct horse", &first) && is_right("correct horse", &second));
        assert!(!is_right("correct horsf", &first) && !is_right("", &first));
        assert!(!is_right("correct horse", &Secret::new("no hash".to_owned())));
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        assert!(matches!(hash("short"), Err(PasswordError::Length)));
        assert!(matches!(hash(&"x".repeat(257)), Err(PasswordError::Length)));
    }
}
