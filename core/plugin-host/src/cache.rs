//! Compiled plugins on disk, named by the digest of the plugin and of the engine's settings.
//!
//! Compiled code is run as it is, so only files that this host wrote may be read back: each has a MAC beside it under
//! a key that only this machine's user can read. A file that does not fit its MAC is made anew, which is no error.

use std::fs::{self, OpenOptions, Permissions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use subtle::ConstantTimeEq;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::error::{HostError, LoadError};
use crate::verify::hmac_sha256;

const KEY_FILE: &str = "key";
const KEY_BYTES: usize = 32;

/// The folder with compiled plugins.
pub(crate) struct Cache {
    folder: PathBuf,
    key: Vec<u8>,
    engine_hash: String,
}

impl Cache {
    pub(crate) fn open(folder: &Path, engine: &Engine) -> Result<Self, HostError> {
        let failed = |error| HostError::Cache { folder: folder.display().to_string(), error };
        fs::create_dir_all(folder).map_err(failed)?;
        fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(failed)?;
        let key = read_or_make_key(&folder.join(KEY_FILE)).map_err(failed)?;
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Ok(Self { folder: folder.to_owned(), key, engine_hash: format!("{:016x}", hasher.finish()) })
    }

    /// The compiled component: from disk if it is there and sound, otherwise made now. Takes up to seconds.
    pub(crate) fn component(&self, engine: &Engine, digest: &str, bytes: &[u8]) -> Result<Component, LoadError> {
        let path = self.folder.join(format!("{digest}-{}.cwasm", self.engine_hash));
        if let Some(component) = self.read(engine, &path) {
            return Ok(component);
        }
        let component =
            Component::from_binary(engine, bytes).map_err(|error| LoadError::Compile(format!("{error:#}")))?;
        if let Err(error) = self.write(&path, &component) {
            tracing::warn!(%error, path = %path.display(), "a compiled plugin cannot be kept");
        }
        Ok(component)
    }

    fn read(&self, engine: &Engine, path: &Path) -> Option<Component> {
        let compiled = fs::read(path).ok()?;
        let mac = fs::read(path.with_extension("mac")).ok()?;
        if !bool::from(mac.ct_eq(&self.mac(path, &compiled))) {
            tracing::warn!(path = %path.display(), "a compiled plugin is damaged, it is compiled again");
            return None;
        }
        deserialize(engine, path)
            .map_err(|error| tracing::warn!(%error, path = %path.display(), "a compiled plugin is compiled again"))
            .ok()
    }

    fn write(&self, path: &Path, component: &Component) -> io::Result<()> {
        let compiled = component.serialize().map_err(|error| io::Error::other(format!("{error:#}")))?;
        let mac = self.mac(path, &compiled);
        replace_file(path, &compiled)?;
        replace_file(&path.with_extension("mac"), &mac)
    }

    /// Over the name too, so that one plugin's code cannot be put in another's place.
    fn mac(&self, path: &Path, compiled: &[u8]) -> Vec<u8> {
        let name = path.file_name().map(|name| name.as_encoded_bytes().to_vec()).unwrap_or_default();
        hmac_sha256(&self.key, &[&name, compiled].concat())
    }
}

/// The one place where compiled code is taken from disk.
#[expect(unsafe_code, reason = "the caller checked the MAC of the file, in a folder that only this user can write to")]
fn deserialize(engine: &Engine, path: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the bytes are those that `Component::serialize` gave this host: their MAC was checked with a key that
    // is private to this user, who is also the only one that can change the file afterwards.
    unsafe { Component::deserialize_file(engine, path) }
}

fn read_or_make_key(path: &Path) -> io::Result<Vec<u8>> {
    match fs::read(path) {
        Ok(key) if key.len() == KEY_BYTES => Ok(key),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => {
            let mut key = vec![0; KEY_BYTES];
            getrandom::fill(&mut key).map_err(io::Error::other)?;
            replace_file(path, &key)?;
            Ok(key)
        }
    }
}

/// Writes beside the file and renames, so that no reader sees half of it.
fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut random = [0u8; 8];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let beside = path.with_extension(format!("new-{}", hex::encode(random)));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    let written = file.write_all(bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What is left over is of no use; that it cannot be removed changes nothing about the error.
        let _ = fs::remove_file(&beside);
    }
    written
}
