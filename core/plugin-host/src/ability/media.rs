//! Bytes of files, for the rare plugin that must look inside.

use crate::bindings::passerelle::plugin::media;
use crate::state::CallState;

const MAX_RANGE_BYTES: u32 = 256 << 10;

impl media::Host for CallState {
    async fn read(
        &mut self,
        handle: String,
        offset: u64,
        length: u32,
    ) -> wasmtime::Result<Result<Vec<u8>, media::Error>> {
        self.count_host_call()?;
        if !(1..=MAX_RANGE_BYTES).contains(&length) {
            return Ok(Err(media::Error::BadRange));
        }
        let Some(installation) = &self.installation else { return Ok(Err(media::Error::NotFound)) };
        match self.services.media.read(installation.app(), &handle, offset, length).await {
            Ok(Some(bytes)) => Ok(Ok(bytes)),
            Ok(None) => Ok(Err(media::Error::NotFound)),
            // The contract knows no word for it and a guest could do nothing: the call ends and may be repeated.
            Err(error) => Err(error.into()),
        }
    }
}
