//! A guest with WASI preview 2 in it: clocks, random numbers and lines for the log are there, the machine is not.

use std::io::Write;
use std::sync::{Arc, Mutex};

use passerelle_model::id::{AppId, IntegrationId};
use passerelle_plugin_host::{Installation, Secrets};
use serde_json::json;
use tokio::net::TcpListener;

use crate::world::{World, component};

/// What was logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn installed(world: &World) -> Installation {
    let plugin = world.host.load(component("channel-wasi")).await.unwrap();
    let (app, integration) = (AppId::from_bytes([1; 12]), IntegrationId::from_bytes([1; 12]));
    Installation::new(plugin, app, integration, json!({}), Secrets::default(), &[]).unwrap()
}

#[tokio::test]
async fn clocks_and_random_numbers_are_there() {
    let world = World::new(|_| {});
    let guest = installed(&world).await;
    let before = jiff::Timestamp::now().as_second();
    let told: i64 = world.answer(&guest, "clock").await.parse().unwrap();
    assert!((before..=jiff::Timestamp::now().as_second()).contains(&told), "{told} is not now");
    assert_eq!(world.answer(&guest, "random").await, "true", "two random numbers are alike");
}

#[tokio::test]
async fn what_a_guest_prints_is_a_line_of_the_log() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _set = tracing::subscriber::set_default(subscriber);
    let world = World::new(|_| {});
    let guest = installed(&world).await;
    assert_eq!(world.answer(&guest, "print hello from inside").await, "true");
    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let line = logged.lines().find(|line| line.contains("hello from inside")).unwrap_or_else(|| panic!("{logged}"));
    assert!(line.contains("channel-wasi"), "the line does not name the plugin: {line}");
}

#[tokio::test]
async fn the_machine_is_not_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let world = World::new(|_| {});
    let guest = installed(&world).await;
    assert_eq!(world.answer(&guest, "environment").await, "0 variables, 0 arguments");
    assert_eq!(world.answer(&guest, "folders").await, "0");
    let connected = world.answer(&guest, &format!("connect {port}")).await;
    assert!(connected.starts_with("no "), "{connected}");
    let looked_up = world.answer(&guest, "look-up localhost").await;
    assert_ne!(looked_up, "asked", "a name was looked up");
    let tried = tokio::time::timeout(std::time::Duration::from_millis(200), listener.accept()).await;
    assert!(tried.is_err(), "a connection came");
}
