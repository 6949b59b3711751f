//! Turns a core module into a component whose world is exactly what the module imports and exports.

use std::borrow::Cow;
use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail, ensure};
use wasm_encoder::{CustomSection, Encode as _, Section as _};
use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding};

use crate::contract;

/// Custom section that holds the manifest's text.
pub(crate) const MANIFEST_SECTION: &str = "passerelle:manifest";
/// Custom section that holds the contract's version.
pub(crate) const CONTRACT_SECTION: &str = "passerelle:contract";

/// A component and what it can be seen to use.
pub(crate) struct Component {
    /// The file.
    pub(crate) bytes: Vec<u8>,
    /// Interfaces of the contract that it exports, such as `channel`.
    pub(crate) exports: BTreeSet<String>,
    /// Host abilities that it imports, such as `http`.
    pub(crate) imports: BTreeSet<String>,
}

/// Makes the component, with the manifest inside.
pub(crate) fn make(module: &[u8], manifest: &str) -> Result<Component> {
    let (imports, exports) = interfaces(module)?;
    ensure!(
        !exports.is_empty(),
        "the module exports nothing of the contract: end `src/lib.rs` with `passerelle_sdk::channel!(YourType);`, \
         `bot!` or `router!`"
    );
    let built = contract::world_of(imports.iter().map(String::as_str), exports.iter().map(String::as_str))?;
    let mut module = module.to_vec();
    wit_component::embed_component_metadata(&mut module, &built.resolve, built.world, StringEncoding::UTF8, false)?;
    let mut bytes = ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .and_then(|encoder| encoder.encode())
        .context("the module does not fit the contract; was it built with another version of the SDK?")?;
    append_section(&mut bytes, MANIFEST_SECTION, manifest);
    append_section(&mut bytes, CONTRACT_SECTION, contract::version());
    Ok(Component { bytes, exports, imports })
}

/// The interfaces of the contract that a core module imports and exports.
fn interfaces(module: &[u8]) -> Result<(BTreeSet<String>, BTreeSet<String>)> {
    let (mut imports, mut exports) = (BTreeSet::new(), BTreeSet::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload.context("the compiler's output is not a wasm module")? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    if is_wasi(import.module) {
                        continue;
                    }
                    imports.insert(interface(import.module).with_context(|| foreign(import.module, import.name))?);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let name = export?.name;
                    if let Some((owner, _)) = name.split_once('#')
                        && !name.starts_with("cabi_post_")
                    {
                        exports
                            .insert(interface(owner).with_context(|| format!("`{owner}` is no part of the contract"))?);
                    }
                }
            }
            _ => {}
        }
    }
    imports.remove("types");
    Ok((imports, exports))
}

/// Interfaces of WASI preview 2 are not ours to describe: whoever imports them brings their description along, in a section
/// of the module that the encoder reads. Which of them do anything is for the host to say.
fn is_wasi(module: &str) -> bool {
    module.starts_with("wasi:")
}

/// The name within the contract of `passerelle:plugin/NAME@VERSION`.
fn interface(full: &str) -> Result<String> {
    let Some((name, version)) = full
        .strip_prefix(contract::PACKAGE)
        .and_then(|rest| rest.strip_prefix('/'))
        .and_then(|rest| rest.split_once('@'))
    else {
        bail!("`{full}` is not an interface of `{}`", contract::PACKAGE)
    };
    let known = contract::version();
    ensure!(version == known, "`{full}` is of another version of the contract than this command's {known}");
    Ok(name.to_owned())
}

fn foreign(module: &str, name: &str) -> String {
    format!(
        "the plugin needs `{name}` from `{module}`, which the host does not offer: a dependency expects a browser, \
         an operating system or another host. Turn that feature off, or use the SDK's own modules instead"
    )
}

fn append_section(component: &mut Vec<u8>, name: &str, text: &str) {
    let section = CustomSection { name: Cow::Borrowed(name), data: Cow::Borrowed(text.as_bytes()) };
    component.push(section.id());
    section.encode(component);
}
