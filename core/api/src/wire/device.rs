//! Devices on the wire.

use passerelle_store::Device;
use serde_json::{Map, Value};

use super::content::put;
use super::{people, time};

/// A device.
pub(crate) fn show(device: &Device) -> Value {
    let mut shown = Map::new();
    put(&mut shown, "id", Some(&device.id.to_string()));
    put(&mut shown, "type", Some(&device.kind));
    put(&mut shown, "guid", Some(&device.guid));
    put(&mut shown, "clientId", Some(&device.client.to_string()));
    put(&mut shown, "status", Some(if device.is_active { "active" } else { "inactive" }));
    put(&mut shown, "integrationId", Some(&device.integration.to_string()));
    put(&mut shown, "lastSeen", Some(&time::show(device.last_seen_at)));
    put(&mut shown, "pushNotificationToken", device.push_token.as_deref());
    put(&mut shown, "appVersion", device.app_version.as_deref());
    if !device.info.is_empty() {
        shown.insert("info".to_owned(), people::metadata(&device.info));
    }
    shown.into()
}
