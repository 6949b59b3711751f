//! What guests may call: the host's side of the contract's imports. `log` has a module of its own.

mod http;
mod media;
mod multipart;
mod request;
mod small;
mod store;

use wasmtime::component::{HasSelf, Linker};

pub(crate) use request::{fill_headers, fill_url, granted_url};

use crate::bindings::passerelle::plugin as imports;
use crate::state::CallState;

/// A linker with every ability. A component that imports less gets less; what a world may import is checked before.
pub(crate) fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<CallState>> {
    let mut linker = Linker::new(engine);
    imports::http::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
    imports::kv::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
    imports::log::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
    imports::clock::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
    imports::random::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
    imports::crypto::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
    imports::media::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    Ok(linker)
}
