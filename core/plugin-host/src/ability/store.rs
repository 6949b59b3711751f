//! The small store of an installation. Reads go to the house, writes wait for the end of the call.

use std::time::Duration;

use crate::bindings::passerelle::plugin::kv;
use crate::source::KvUnavailable;
use crate::state::{CallState, PendingWrite};

const MAX_KEY_BYTES: usize = 512;
const MAX_VALUE_BYTES: usize = 64 << 10;

impl kv::Host for CallState {
    async fn get(&mut self, key: String) -> wasmtime::Result<Result<Option<Vec<u8>>, kv::Error>> {
        self.count_host_call()?;
        if let Some(write) = self.writes.get(&key) {
            return Ok(Ok(write.value.clone()));
        }
        let Some(installation) = &self.installation else { return Ok(Err(kv::Error::Unavailable)) };
        if key.len() > MAX_KEY_BYTES {
            return Ok(Err(kv::Error::TooLarge));
        }
        Ok(self.services.kv.get(installation.integration(), &key).await.map_err(into_unavailable))
    }

    async fn set(
        &mut self,
        key: String,
        value: Vec<u8>,
        ttl_ms: Option<u64>,
    ) -> wasmtime::Result<Result<(), kv::Error>> {
        self.count_host_call()?;
        if key.len() > MAX_KEY_BYTES || value.len() > MAX_VALUE_BYTES {
            return Ok(Err(kv::Error::TooLarge));
        }
        if let Err(error) = self.check_quota(key.len() + value.len()).await {
            return Ok(Err(error));
        }
        let expires_at = ttl_ms.map(|ttl| self.services.clock.now().plus(Duration::from_millis(ttl)));
        self.writes.insert(key, PendingWrite { value: Some(value), expires_at });
        Ok(Ok(()))
    }

    fn delete(&mut self, key: String) -> wasmtime::Result<Result<(), kv::Error>> {
        self.count_host_call()?;
        if key.len() > MAX_KEY_BYTES {
            return Ok(Err(kv::Error::TooLarge));
        }
        self.writes.insert(key, PendingWrite { value: None, expires_at: None });
        Ok(Ok(()))
    }
}

impl CallState {
    /// Counts stored and waiting bytes. A value that replaces another is counted beside it, to be on the safe side.
    async fn check_quota(&mut self, more: usize) -> Result<(), kv::Error> {
        let installation = self.installation.as_ref().ok_or(kv::Error::Unavailable)?;
        let stored = self.services.kv.used_bytes(installation.integration()).await.map_err(into_unavailable)?;
        let waiting: usize =
            self.writes.iter().map(|(key, write)| key.len() + write.value.as_ref().map_or(0, Vec::len)).sum();
        let total = stored.saturating_add((waiting + more) as u64);
        if total > self.limits().kv_bytes { Err(kv::Error::Quota) } else { Ok(()) }
    }
}

fn into_unavailable(_: KvUnavailable) -> kv::Error {
    kv::Error::Unavailable
}
