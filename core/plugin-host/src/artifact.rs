//! What can be read off a plugin file without compiling it: manifest, contract version, imports and exports.

use wasmparser::{ComponentExternalKind, Encoding, Parser, Payload};

use crate::error::LoadError;
use crate::manifest::{CONTRACT, Manifest, World};

/// Name of the custom section with the manifest, as TOML text.
pub const MANIFEST_SECTION: &str = "passerelle:manifest";
/// Name of the custom section with the contract's full version.
pub const CONTRACT_SECTION: &str = "passerelle:contract";
const PACKAGE: &str = "passerelle:plugin/";
/// Parts of WASI preview 2 that are linked. Sockets and files are there to link against, but refuse or are empty.
const WASI: [&str; 6] = ["wasi:io/", "wasi:clocks/", "wasi:random/", "wasi:cli/", "wasi:filesystem/", "wasi:sockets/"];

/// What a plugin file holds.
pub(crate) struct Artifact {
    pub(crate) manifest: Manifest,
    pub(crate) imports: Vec<String>,
    pub(crate) exports: Vec<String>,
}

/// Reads the manifest of a plugin file without compiling it.
pub fn read_manifest(component: &[u8]) -> Result<Manifest, LoadError> {
    Artifact::read(component).map(|artifact| artifact.manifest)
}

#[derive(Default)]
struct Found {
    manifest: Option<Vec<u8>>,
    contract: Option<Vec<u8>>,
    imports: Vec<String>,
    exports: Vec<String>,
}

impl Artifact {
    /// Reads the file and its manifest. Whether imports and exports fit the world is for `check_world` to say.
    pub(crate) fn read(component: &[u8]) -> Result<Self, LoadError> {
        let found = scan(component)?;
        if let Some(contract) = found.contract {
            check_contract(&String::from_utf8_lossy(&contract))?;
        }
        let text = found.manifest.ok_or(LoadError::NoManifest)?;
        let text = str::from_utf8(&text).map_err(|_| LoadError::Manifest("it is not UTF-8".into()))?;
        let manifest = Manifest::parse(text).map_err(|error| LoadError::Manifest(error.to_string()))?;
        Ok(Self { manifest, imports: found.imports, exports: found.exports })
    }

    /// Refuses what the world does not offer, and what lacks the world's required export.
    pub(crate) fn check_world(&self) -> Result<(), LoadError> {
        let world = self.manifest.plugin.world;
        let imports: Vec<String> = self.imports.iter().filter(|name| !may_import(world, name)).cloned().collect();
        if !imports.is_empty() {
            return Err(LoadError::Imports { world, imports });
        }
        let required = world.to_string();
        if self.exports.iter().any(|name| interface(name) == Some(&required)) {
            return Ok(());
        }
        Err(LoadError::Exports { world, exports: vec![format!("{PACKAGE}{required}@{CONTRACT}.0")] })
    }

    /// Whether the component exports this interface of the contract.
    pub(crate) fn exports(&self, name: &str) -> bool {
        self.exports.iter().any(|export| interface(export) == Some(name))
    }
}

fn check_contract(found: &str) -> Result<(), LoadError> {
    let fits = found.strip_prefix(CONTRACT).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let found = || found.chars().take(64).collect();
    fits.then_some(()).ok_or_else(|| LoadError::Contract { found: found(), spoken: CONTRACT })
}

/// The interface's own name, when it belongs to the contract.
fn interface(name: &str) -> Option<&str> {
    let name = name.strip_prefix(PACKAGE)?;
    Some(name.split_once('@').map_or(name, |(name, _)| name))
}

fn may_import(world: World, name: &str) -> bool {
    match interface(name) {
        Some("types" | "log") => true,
        Some("http" | "kv" | "clock" | "random" | "crypto") => world != World::Router,
        Some("media") => world == World::Channel,
        // A component that shares a type between two of its exports names the interface of the type as an import.
        Some("channel") => world == World::Channel,
        Some(_) => false,
        None => WASI.iter().any(|part| name.starts_with(part)),
    }
}

fn scan(bytes: &[u8]) -> Result<Found, LoadError> {
    let mut found = Found::default();
    // Sections of the component itself are at depth 0; those of the modules inside it are not ours.
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(|error| LoadError::NotWasm(error.to_string()))?;
        match payload {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => return Err(LoadError::CoreModule),
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            payload if depth == 0 => found.take(payload).map_err(|error| LoadError::NotWasm(error.to_string()))?,
            _ => {}
        }
    }
    Ok(found)
}

impl Found {
    fn take(&mut self, payload: Payload<'_>) -> wasmparser::Result<()> {
        match payload {
            Payload::CustomSection(section) if section.name() == MANIFEST_SECTION => {
                self.manifest = Some(section.data().to_vec());
            }
            Payload::CustomSection(section) if section.name() == CONTRACT_SECTION => {
                self.contract = Some(section.data().to_vec());
            }
            Payload::ComponentImportSection(section) => {
                for import in section {
                    self.imports.push(import?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ComponentExternalKind::Instance {
                        self.exports.push(export.name.name.to_owned());
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}
