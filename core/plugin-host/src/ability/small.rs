//! Time, random bytes, and signatures with keys that stay here.

use subtle::ConstantTimeEq;

use crate::bindings::passerelle::plugin::{clock, crypto, random, types};
use crate::state::CallState;
use crate::verify::{hmac_sha1, hmac_sha256};

const MAX_RANDOM_BYTES: u32 = 4096;

impl types::Host for CallState {}

impl clock::Host for CallState {
    fn now_ms(&mut self) -> wasmtime::Result<u64> {
        self.count_host_call()?;
        Ok(self.services.clock.now().as_millis())
    }
}

impl random::Host for CallState {
    fn bytes(&mut self, length: u32) -> wasmtime::Result<Vec<u8>> {
        self.count_host_call()?;
        let mut bytes = vec![0; length.min(MAX_RANDOM_BYTES) as usize];
        getrandom::fill(&mut bytes).map_err(|error| wasmtime::Error::msg(error.to_string()))?;
        Ok(bytes)
    }
}

impl CallState {
    fn mac(&self, algorithm: crypto::Algorithm, secret: &str, data: &[u8]) -> Result<Vec<u8>, crypto::Error> {
        let secrets = self.installation.as_ref().map(|installation| installation.secrets());
        let key = secrets.and_then(|secrets| secrets.get(secret)).ok_or(crypto::Error::UnknownSecret)?;
        Ok(match algorithm {
            crypto::Algorithm::HmacSha256 => hmac_sha256(key.as_bytes(), data),
            crypto::Algorithm::HmacSha1 => hmac_sha1(key.as_bytes(), data),
        })
    }
}

impl crypto::Host for CallState {
    fn sign(
        &mut self,
        algorithm: crypto::Algorithm,
        secret: String,
        data: Vec<u8>,
    ) -> wasmtime::Result<Result<Vec<u8>, crypto::Error>> {
        self.count_host_call()?;
        Ok(self.mac(algorithm, &secret, &data))
    }

    fn verify(
        &mut self,
        algorithm: crypto::Algorithm,
        secret: String,
        data: Vec<u8>,
        mac: Vec<u8>,
    ) -> wasmtime::Result<Result<bool, crypto::Error>> {
        self.count_host_call()?;
        Ok(self.mac(algorithm, &secret, &data).map(|expected| expected.ct_eq(&mac).into()))
    }

    fn has_secret(&mut self, name: String) -> wasmtime::Result<bool> {
        self.count_host_call()?;
        let value = self.installation.as_ref().and_then(|installation| installation.secrets().get(&name));
        Ok(value.is_some_and(|value| !value.is_empty()))
    }
}
