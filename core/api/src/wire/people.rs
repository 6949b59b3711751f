//! Users, clients and participants on the wire.

use passerelle_model::metadata::{Metadata, Scalar};
use passerelle_model::people::{Author, ClientStatus, Identity, IdentityKind, Profile};
use passerelle_store::{Client, Participant, User};
use serde_json::{Map, Value, json};

use super::content::put;
use super::{closed, time};

/// Characters of a name or an e-mail address.
pub(crate) const MAX_NAME: usize = 128;
/// Characters of a language tag.
pub(crate) const MAX_LOCALE: usize = 64;
/// Characters of a URL.
pub(crate) const MAX_URL: usize = 2048;

/// A user.
pub(crate) fn user(user: &User) -> Value {
    let mut shown = Map::new();
    put(&mut shown, "id", Some(&user.id.to_string()));
    put(&mut shown, "externalId", user.external_id.as_deref());
    shown.insert("authenticated".to_owned(), user.authenticated.into());
    put(&mut shown, "signedUpAt", user.signed_up_at.map(time::show).as_deref());
    if let Some(kept) = user.to_be_retained {
        shown.insert("toBeRetained".to_owned(), kept.into());
    }
    shown.insert("identities".to_owned(), user.identities.iter().map(identity).collect());
    shown.insert("profile".to_owned(), profile(&user.profile));
    shown.insert("metadata".to_owned(), metadata(&user.metadata));
    shown.into()
}

fn identity(identity: &Identity) -> Value {
    let kind = match identity.kind {
        IdentityKind::Email => "email",
        IdentityKind::Phone => "phone",
    };
    let verification = if identity.verified { "verified" } else { "unverified" };
    json!({ "type": kind, "value": identity.value, "verification": verification })
}

/// A user's identity on one channel. Types outside the closed list are left out, and the channel stands in `info`.
pub(crate) fn client(client: &Client) -> Value {
    let mut shown = Map::new();
    put(&mut shown, "id", Some(&client.id.to_string()));
    put(&mut shown, "status", Some(status(client.status)));
    put(&mut shown, "integrationId", Some(&client.integration.to_string()));
    put(&mut shown, "externalId", Some(&client.external_id));
    put(&mut shown, "displayName", display_name(&client.profile).as_deref());
    put(&mut shown, "avatarUrl", cut(client.profile.avatar_url.as_deref(), MAX_URL).as_deref());
    let is_linked = client.status != ClientStatus::Pending;
    // A client that was linked and never heard of has no such time.
    let last_seen = Some(client.last_seen_at).filter(|at| is_linked && at.as_micros() > 0);
    put(&mut shown, "lastSeen", last_seen.map(time::show).as_deref());
    put(&mut shown, "linkedAt", Some(client.created_at).filter(|_| is_linked).map(time::show).as_deref());
    let mut info = client.profile.info.clone();
    if let Some(phone) = &client.profile.phone {
        info.0.insert("phoneNumber".to_owned(), Scalar::Text(phone.clone()));
    }
    if closed::is_client_type(&client.channel_type) {
        put(&mut shown, "type", Some(&client.channel_type));
    } else {
        info.0.insert("channel".to_owned(), Scalar::Text(client.channel_type.clone()));
    }
    if !info.is_empty() {
        shown.insert("info".to_owned(), metadata(&info));
    }
    shown.into()
}

/// A membership.
pub(crate) fn participant(participant: &Participant) -> Value {
    let mut shown = Map::new();
    put(&mut shown, "id", Some(&participant.id.to_string()));
    put(&mut shown, "userId", Some(&participant.user.to_string()));
    put(&mut shown, "userExternalId", participant.user_external_id.as_deref());
    shown.insert("unreadCount".to_owned(), participant.unread_count.into());
    put(&mut shown, "lastRead", participant.last_read.map(time::show).as_deref());
    let association = |(kind, client): &(String, passerelle_model::id::ClientId)| {
        let mut association = json!({ "clientId": client.to_string() });
        if closed::is_client_type(kind) {
            association["type"] = kind.as_str().into();
        }
        association
    };
    let clients: Vec<_> = participant.clients.iter().map(association).collect();
    shown.insert("clientAssociations".to_owned(), clients.into());
    shown.into()
}

/// Who wrote a message.
pub(crate) fn author(author: &Author) -> Value {
    let mut shown = Map::new();
    match author {
        Author::User { user_id, display_name } => {
            put(&mut shown, "type", Some("user"));
            put(&mut shown, "userId", Some(&user_id.to_string()));
            put(&mut shown, "displayName", display_name.as_deref());
        }
        Author::Business { display_name, avatar_url, .. } => {
            put(&mut shown, "type", Some("business"));
            put(&mut shown, "displayName", display_name.as_deref());
            put(&mut shown, "avatarUrl", cut(avatar_url.as_deref(), MAX_URL).as_deref());
        }
    }
    shown.into()
}

/// Flat facts; whole numbers without a decimal point, as they came.
pub(crate) fn metadata(metadata: &Metadata) -> Value {
    let entries = metadata.0.iter().map(|(key, value)| (key.clone(), scalar(value)));
    Value::Object(entries.collect())
}

fn scalar(value: &Scalar) -> Value {
    /// Beyond this a double does not hold every whole number.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Scalar::Flag(flag) => (*flag).into(),
        Scalar::Number(number) if number.fract() == 0.0 && number.abs() < EXACT => (*number as i64).into(),
        Scalar::Number(number) => (*number).into(),
        Scalar::Text(text) => text.as_str().into(),
    }
}

fn profile(profile: &Profile) -> Value {
    let mut shown = Map::new();
    let known_by_parts = profile.given_name.is_some() || profile.surname.is_some();
    let given = profile.given_name.as_deref().or(profile.display_name.as_deref().filter(|_| !known_by_parts));
    put(&mut shown, "givenName", cut(given, MAX_NAME).as_deref());
    put(&mut shown, "surname", cut(profile.surname.as_deref(), MAX_NAME).as_deref());
    // A cut address would be a wrong one, so an over-long one stays away.
    put(&mut shown, "email", profile.email.as_deref().filter(|email| email.chars().count() <= MAX_NAME));
    put(&mut shown, "avatarUrl", profile.avatar_url.as_deref().filter(|url| url.len() <= MAX_URL));
    put(&mut shown, "locale", cut(profile.locale.as_deref(), MAX_LOCALE).as_deref());
    shown.into()
}

fn display_name(profile: &Profile) -> Option<String> {
    let parts: Vec<&str> = [&profile.given_name, &profile.surname].into_iter().flatten().map(String::as_str).collect();
    let whole = Some(parts.join(" ")).filter(|name| !name.is_empty());
    whole.or_else(|| profile.display_name.clone())
}

/// The word of a state.
pub(crate) fn status(status: ClientStatus) -> &'static str {
    match status {
        ClientStatus::Active => "active",
        ClientStatus::Blocked => "blocked",
        ClientStatus::Inactive => "inactive",
        ClientStatus::Pending => "pending",
    }
}

fn cut(text: Option<&str>, max: usize) -> Option<String> {
    text.map(|text| text.chars().take(max).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_stay_whole_and_empty_texts_stay_away() {
        let facts = [("n", Scalar::Number(5.0)), ("f", Scalar::Number(0.5)), ("t", Scalar::from("x"))];
        assert_eq!(metadata(&facts.into_iter().collect()), json!({"n": 5, "f": 0.5, "t": "x"}));
        let shown = profile(&Profile {
            given_name: Some(String::new()),
            email: Some(format!("{}@example.org", "x".repeat(200))),
            locale: Some("x".repeat(100)),
            ..Profile::default()
        });
        assert_eq!(shown, json!({ "locale": "x".repeat(64) }));
        let shown = profile(&Profile { display_name: Some("Mina".to_owned()), ..Profile::default() });
        assert_eq!(shown, json!({ "givenName": "Mina" }));
    }
}
