//! From the bytes of a file to a plugin that can be called.
//!
//! Everything that can be found out without running the file is found out first. The trial run at the end makes an
//! instance and asks for the exports that are there, because only that shows whether their types fit.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use passerelle_model::delivery::Capabilities;
use sha2::{Digest, Sha256};
use wasmtime::component::{Instance, Linker};
use wasmtime::{Engine, Store};

use crate::artifact::Artifact;
use crate::bindings::exports::passerelle::plugin::channel as wit;
use crate::cache::Cache;
use crate::call::Call;
use crate::config::HostConfig;
use crate::convert;
use crate::error::{Fault, LoadError};
use crate::manifest::World;
use crate::plugin::{Exports, Plugin};
use crate::state::{CallState, Services};

/// Time for the trial run, which computes nothing.
const TRIAL: Duration = Duration::from_secs(5);

/// SHA-256 of a plugin file in hex.
pub fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Checks, compiles and links. Blocks for up to seconds.
pub(crate) fn prepare(
    engine: &Engine,
    linker: &Linker<CallState>,
    cache: &Cache,
    config: &HostConfig,
    digest: String,
    bytes: &[u8],
) -> Result<Plugin, LoadError> {
    if bytes.len() > config.max_plugin_bytes {
        return Err(LoadError::TooLarge { bytes: bytes.len(), limit: config.max_plugin_bytes });
    }
    let artifact = Artifact::read(bytes)?;
    artifact.check_world()?;
    let component = cache.component(engine, &digest, bytes)?;
    let compile = |error: wasmtime::Error| LoadError::Compile(format!("{error:#}"));
    let pre = linker.instantiate_pre(&component).map_err(compile)?;
    let exports = Exports::find(&artifact, &pre).map_err(compile)?;
    let Artifact { manifest, imports, .. } = artifact;
    let schema = jsonschema::validator_for(&manifest.settings)
        .map_err(|error| LoadError::Manifest(format!("settings is not a JSON Schema: {error}")))?;
    let limits = manifest.limits.within(config.limits.of(manifest.plugin.world));
    Ok(Plugin { digest, manifest, imports, limits, schema, capabilities: OnceLock::new(), pre, exports })
}

/// Makes an instance, checks the types of all exports, and asks a channel what it can show.
pub(crate) async fn try_out(engine: &Engine, services: Arc<Services>, plugin: &Arc<Plugin>) -> Result<(), LoadError> {
    let call = Call { services, plugin: plugin.clone(), installation: None, name: "trial", wall: TRIAL };
    let finished = call.run(engine, |store, instance| Box::pin(ask(store, instance))).await;
    let failed = |fault: Fault| LoadError::Trial(fault.to_string());
    let Some(answer) = finished.result.map_err(failed)? else { return Ok(()) };
    let capabilities = convert::capabilities(answer).map_err(|invalid| failed(invalid.into()))?;
    check_channel_type(plugin, &capabilities)?;
    // The cell was empty: a plugin is tried once, before anybody else has it.
    let _ = plugin.capabilities.set(capabilities);
    Ok(())
}

fn check_channel_type(plugin: &Plugin, capabilities: &Capabilities) -> Result<(), LoadError> {
    let declared = plugin.manifest.channel.as_ref().map(|channel| channel.type_name.as_str());
    if declared == Some(capabilities.channel_type.as_str()) {
        return Ok(());
    }
    Err(LoadError::Trial(format!(
        "its capabilities say `{}`, its manifest says `{}`: use one word for both",
        capabilities.channel_type,
        declared.unwrap_or_default()
    )))
}

async fn ask(store: &mut Store<CallState>, instance: Instance) -> wasmtime::Result<Option<wit::Capabilities>> {
    let plugin = store.data().plugin.clone();
    let exports = &plugin.exports;
    macro_rules! check {
        ($($ability:ident),+) => {
            $(if let Some(indices) = &exports.$ability {
                indices.load(&mut *store, &instance)?;
            })+
        };
    }
    check!(polling, activities, webhook_setup, media_resolver, account, bot, router);
    match &exports.channel {
        Some(indices) if plugin.world() == World::Channel => {
            let channel = indices.load(&mut *store, &instance)?;
            channel.call_describe(store).await.map(Some)
        }
        _ => Ok(None),
    }
}
