//! The host's abilities as the scripted host offers them: the same names and shapes as the imports of the sandbox.

use super::{Stored, with};

pub(crate) mod clock {
    pub(crate) fn now_ms() -> u64 {
        super::with(|state| state.now_ms)
    }
}

pub(crate) mod random {
    /// Bytes from a fixed sequence, so that tests repeat (xorshift64).
    pub(crate) fn bytes(length: u32) -> Vec<u8> {
        super::with(|state| {
            let next = |_| {
                state.random ^= state.random << 13;
                state.random ^= state.random >> 7;
                state.random ^= state.random << 17;
                state.random.to_le_bytes()[3]
            };
            (0..length.min(4096)).map(next).collect()
        })
    }
}

pub(crate) mod log {
    use crate::log::Level;

    pub(crate) fn emit(level: Level, message: &str) {
        super::with(|state| state.logs.push((level, message.to_owned())));
    }
}

pub(crate) mod kv {
    use super::{Stored, with};
    use crate::kv::Error;

    const MAX_KEY_BYTES: usize = 512;
    const MAX_VALUE_BYTES: usize = 64 * 1024;

    pub(crate) fn get(key: &str) -> Result<Option<Vec<u8>>, Error> {
        with(|state| {
            let found = state.kv.get(key).filter(|stored| stored.is_live(state.now_ms));
            Ok(found.map(|stored| stored.value.clone()))
        })
    }

    pub(crate) fn set(key: &str, value: &[u8], ttl_ms: Option<u64>) -> Result<(), Error> {
        if key.len() > MAX_KEY_BYTES || value.len() > MAX_VALUE_BYTES {
            return Err(Error::TooLarge);
        }
        with(|state| {
            let until_ms = ttl_ms.map(|ttl_ms| state.now_ms.saturating_add(ttl_ms));
            state.kv.insert(key.to_owned(), Stored { value: value.to_vec(), until_ms });
        });
        Ok(())
    }

    pub(crate) fn delete(key: &str) -> Result<(), Error> {
        with(|state| state.kv.remove(key));
        Ok(())
    }
}

pub(crate) mod http {
    use super::with;
    use crate::http::{Error, Request, Response};

    pub(crate) fn send(request: &Request) -> Result<Response, Error> {
        let expected = with(|state| {
            state.requests.push(request.clone());
            state.script.pop_front()
        });
        let Some(exchange) = expected else {
            panic!("the plugin sent a request that the test did not expect: {:?} {}", request.method, request.url);
        };
        exchange.play(request)
    }
}

pub(crate) mod crypto {
    use hmac::{Hmac, KeyInit as _, Mac as _};

    use super::with;
    use crate::crypto::{Algorithm, Error};

    pub(crate) fn sign(algorithm: Algorithm, secret: &str, data: &[u8]) -> Result<Vec<u8>, Error> {
        let key = with(|state| state.secrets.get(secret).cloned()).ok_or(Error::UnknownSecret)?;
        Ok(match algorithm {
            Algorithm::HmacSha256 => {
                let mac = Hmac::<sha2::Sha256>::new_from_slice(&key).expect("a key of any length will do");
                mac.chain_update(data).finalize().into_bytes().to_vec()
            }
            Algorithm::HmacSha1 => {
                let mac = Hmac::<sha1::Sha1>::new_from_slice(&key).expect("a key of any length will do");
                mac.chain_update(data).finalize().into_bytes().to_vec()
            }
        })
    }

    pub(crate) fn verify(algorithm: Algorithm, secret: &str, data: &[u8], mac: &[u8]) -> Result<bool, Error> {
        Ok(sign(algorithm, secret, data)? == mac)
    }

    pub(crate) fn has_secret(name: &str) -> bool {
        with(|state| state.secrets.contains_key(name))
    }
}

pub(crate) mod media {
    use super::with;
    use crate::media::{Error, MAX_READ_BYTES};

    pub(crate) fn read(handle: &str, offset: u64, length: u32) -> Result<Vec<u8>, Error> {
        if length == 0 || length > MAX_READ_BYTES {
            return Err(Error::BadRange);
        }
        with(|state| {
            let bytes = state.media.get(handle).ok_or(Error::NotFound)?;
            let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
            let end = start.saturating_add(length as usize).min(bytes.len());
            Ok(bytes[start..end].to_vec())
        })
    }
}
