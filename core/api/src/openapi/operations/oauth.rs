//! Tokens of OAuth clients. The consent page and the exchange of codes take no key and stand beside the table.

use crate::openapi::description::{Group, operation};

pub(super) const OAUTH: Group = Group {
    tag: "OAuth",
    about: "What a program does with the token that an administrator gave it at `/oauth/authorize` and `/oauth/token`.",
    operations: &[
        operation("GetTokenInfo", "Ask which app the caller is bound to").refuses(&[404]).shows("app", "BoundApp"),
        operation("RevokeAuthorization", "Give the caller's grant back")
            .about("The caller's tokens, webhooks and keys end with it.")
            .refuses(&[404]),
    ],
};
