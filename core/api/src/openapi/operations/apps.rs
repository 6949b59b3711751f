//! Apps and keys.

use super::PAGE;
use crate::openapi::description::{Group, Parameter, operation};
use crate::openapi::schema::{id, object};

pub(super) const APPS: Group = Group {
    tag: "Apps",
    about: "The tenants of this installation. Nothing of one app can be reached from another.",
    operations: &[
        operation("CreateApp", "Create an app").takes("AppCreate").creates("app", "App"),
        operation("ListApps", "List the apps").asks(&[OF_ACCOUNT, PAGE]).pages("apps", "App"),
        operation("GetApp", "Read an app").shows("app", "App"),
        operation("UpdateApp", "Change an app")
            .about("Settings and metadata are changed one by one: absent ones stay, `null` gives the default.")
            .takes("AppUpdate")
            .shows("app", "App"),
        operation("DeleteApp", "Delete an app with everything")
            .about("The app and its keys are gone at once; its data is cleared away behind the answer."),
    ],
};

pub(super) const KEYS: Group = Group {
    tag: "Keys",
    about: "API keys of an app, and of one API client (a `custom` integration).",
    operations: &[
        operation("CreateAppKey", "Make a key of the app").takes("KeyCreate").creates("key", "Key"),
        operation("ListAppKeys", "List the keys of the app").lists("keys", "Key"),
        operation("GetAppKey", "Read a key of the app").shows("key", "Key"),
        operation("DeleteAppKey", "Revoke a key of the app"),
        operation("CreateIntegrationKey", "Make a key of an API client").takes("KeyCreate").creates("key", "Key"),
        operation("ListIntegrationKeys", "List the keys of an API client").lists("keys", "Key"),
        operation("GetIntegrationKey", "Read a key of an API client").shows("key", "Key"),
        operation("DeleteIntegrationKey", "Revoke a key of an API client"),
    ],
};

const OF_ACCOUNT: Parameter = Parameter {
    name: "filter",
    about: "Whose apps. There are no service accounts here, so that naming one is refused.",
    is_needed: false,
    schema: || object("").has("serviceAccountId", id()).into(),
};
