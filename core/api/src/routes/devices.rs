//! The browsers and phones on which a user has the widget. The widget makes them; here they are read.

use passerelle_model::id::DeviceId;

use crate::call::{Answer, Call, Reply, stored};
use crate::error::ApiError;
use crate::wire::device;

pub(super) async fn list(call: Call) -> Answer {
    let user = call.user().await?;
    let found = stored(call.api.store().devices(user.app, user.id).await)?;
    Reply::all("devices", found.iter().map(device::show).collect())
}

pub(super) async fn get(call: Call) -> Answer {
    let user = call.user().await?;
    let unknown = || ApiError::not_found("device_not_found", "Device not found");
    let id: DeviceId = call.segment("device").parse().map_err(|_| unknown())?;
    let found = stored(call.api.store().device(user.app, user.id, id).await)?.ok_or_else(unknown)?;
    Reply::one("device", device::show(&found))
}
