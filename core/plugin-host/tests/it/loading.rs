//! Files that are not sound plugins, and installations that do not fit.

use std::sync::Arc;

use passerelle_model::id::{AppId, IntegrationId};
use passerelle_model::time::Clock;
use passerelle_plugin_host::{
    InstallError, Installation, LoadError, NoSource, Plugin, PluginHost, Secrets, World as PluginWorld, read_manifest,
};
use serde_json::{Value, json};
use wasm_encoder::{
    Component, ComponentImportSection, ComponentTypeRef, ComponentTypeSection, CustomSection, InstanceType,
};

use crate::world::{CANARY, World, component};

const MANIFEST: &str = r#"
    [plugin]
    id = "bot-probe"
    name = "Probe"
    version = "0.1.0"
    world = "bot"
    contract = "0.1"
"#;

fn file(manifest: &str, contract: &str, import: Option<&str>) -> Vec<u8> {
    let mut component = Component::new();
    if let Some(import) = import {
        let mut types = ComponentTypeSection::new();
        types.instance(&InstanceType::new());
        component.section(&types);
        let mut imports = ComponentImportSection::new();
        imports.import(import, ComponentTypeRef::Instance(0));
        component.section(&imports);
    }
    component.section(&CustomSection { name: "passerelle:manifest".into(), data: manifest.as_bytes().into() });
    component.section(&CustomSection { name: "passerelle:contract".into(), data: contract.as_bytes().into() });
    component.finish()
}

#[tokio::test]
async fn a_file_that_is_no_plugin_is_refused_with_what_to_do() {
    let world = World::new(|config| config.max_plugin_bytes = 100_000);
    for (bytes, expected) in [
        (b"hello".to_vec(), "the file is not a wasm component"),
        (b"\0asm\x01\0\0\0".to_vec(), "core wasm module: build it with `passerelle plugin build`"),
        (Component::new().finish(), "has no manifest"),
        (vec![0; 100_001], "100001 bytes, at most 100000"),
        (file("plugin = 1", "0.1.0", None), "the manifest is not sound"),
        (file(MANIFEST, "7.2.0", None), "targets contract version `7.2.0`, this host speaks `0.1`"),
        (file(MANIFEST, "0.10.0", None), "targets contract version `0.10.0`"),
        (file(MANIFEST, "0.1.0", None), "a bot must export `passerelle:plugin/bot@0.1.0`"),
        (
            file(MANIFEST, "0.1.0", Some("passerelle:plugin/media@0.1.0")),
            "a bot cannot import `passerelle:plugin/media@0.1.0`",
        ),
        (
            file(MANIFEST, "0.1.0", Some("wasi:http/outgoing-handler@0.2.0")),
            "a bot cannot import `wasi:http/outgoing-handler@0.2.0`",
        ),
    ] {
        let error = world.host.load(bytes).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
}

#[tokio::test]
async fn a_damaged_file_never_does_more_than_fail() {
    let world = World::new(|_| {});
    let sound = component("hostile");
    for step in 1..20 {
        let cut = sound[..sound.len() * step / 20].to_vec();
        assert!(world.host.load(cut).await.is_err());
    }
}

#[tokio::test]
async fn a_plugin_says_what_it_is() {
    let world = World::new(|_| {});
    let bytes = component("hostile");
    assert_eq!(read_manifest(&bytes).unwrap().plugin.id, "hostile");
    let plugin = world.host.load(bytes.clone()).await.unwrap();
    assert_eq!((plugin.id(), plugin.world()), ("hostile", PluginWorld::Channel));
    assert_eq!(plugin.capabilities().unwrap().channel_type, "hostile");
    assert!(!plugin.abilities().polling);
    assert!(plugin.imports().iter().all(|name| name.starts_with("passerelle:plugin/")), "{:?}", plugin.imports());
    let again = world.host.load(bytes).await.unwrap();
    assert!(Arc::ptr_eq(&plugin, &again));
}

#[tokio::test]
async fn a_compiled_file_is_reused_and_a_damaged_one_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let host = || {
        let config = passerelle_plugin_host::HostConfig {
            max_instances: 10,
            ..passerelle_plugin_host::HostConfig::new(folder.path())
        };
        PluginHost::new(config, Clock::system(), Arc::new(NoSource), Arc::new(NoSource)).unwrap()
    };
    let compiled = || {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        files.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "cwasm")).unwrap()
    };
    let bytes = component("hostile");
    host().load(bytes.clone()).await.unwrap();
    let sound = std::fs::read(compiled()).unwrap();
    let made_at = std::fs::metadata(compiled()).unwrap().modified().unwrap();
    host().load(bytes.clone()).await.unwrap();
    assert_eq!(std::fs::metadata(compiled()).unwrap().modified().unwrap(), made_at);

    let mut damaged = sound.clone();
    damaged[sound.len() / 2] ^= 1;
    std::fs::write(compiled(), &damaged).unwrap();
    host().load(bytes).await.unwrap();
    assert_ne!(std::fs::read(compiled()).unwrap(), damaged);
}

#[tokio::test]
async fn an_installation_must_fit_its_plugin() {
    let world = World::new(|_| {});
    let plugin = world.hostile().await;
    let secrets = || Secrets::from_iter([("canary", CANARY)]);
    let target = json!({ "target": "https://vendor.example" });
    for (settings, secrets, grants, expected) in [
        (json!({}), secrets(), vec![], "setting `/` of `hostile` does not fit: \"target\" is a required property"),
        (json!({ "target": 7 }), secrets(), vec![], "setting `/target` of `hostile` does not fit"),
        (json!({ "target": "x", "colour": 1 }), secrets(), vec![], "colour"),
        (target.clone(), Secrets::default(), vec![], "`hostile` needs the secret `canary`"),
        (target.clone(), Secrets::from_iter([("canary", "x"), ("spare", "x")]), vec![], "no secret named `spare`"),
        (target.clone(), secrets(), vec![], "hosts that are not granted: `https://vendor.example`"),
        (target.clone(), secrets(), vec!["https://other.example"], "`https://vendor.example`"),
        (target.clone(), secrets(), vec!["vendor.example"], "the grant is not sound"),
    ] {
        let error = try_install(&plugin, settings, secrets, &grants).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
    for grant in ["https://vendor.example", "https://*.example", "setting:target"] {
        let installed = try_install(&plugin, target.clone(), secrets(), &[grant]);
        assert_eq!(installed.is_ok(), grant != "https://*.example", "{grant}");
    }
}

fn try_install(
    plugin: &Arc<Plugin>,
    settings: Value,
    secrets: Secrets,
    grants: &[&str],
) -> Result<Installation, InstallError> {
    let grants: Vec<String> = grants.iter().map(|grant| (*grant).to_owned()).collect();
    let (app, integration) = (AppId::from_bytes([1; 12]), IntegrationId::from_bytes([1; 12]));
    Installation::new(plugin.clone(), app, integration, settings, secrets, &grants)
}

#[tokio::test]
async fn load_errors_can_be_told_apart() {
    let world = World::new(|_| {});
    assert_eq!(world.host.load(b"\0asm\x01\0\0\0".to_vec()).await.unwrap_err(), LoadError::CoreModule);
}
