//! The authorisation matrix: every operation of the table, asked by every kind of caller, for things of its own app, of
//! another app and of another parent.

mod expectations;
mod world;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use passerelle_api::{Described, operations};
use serde_json::{Value, json};

use crate::house::{House, Reply};
use expectations::{EXPECTATIONS, Line};
use world::{Pair, World, fill, placeholders};

/// A kind of caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Without credentials.
    Nobody,
    /// With the id of a key and a wrong secret.
    WrongSecret,
    /// With a token that says that it is not signed.
    Unsigned,
    /// With a token whose time has passed.
    Expired,
    /// With a token that names a key of another app than the one that signed it.
    ForeignKid,
    /// With a token that claims more than its key opens.
    WrongScope,
    /// With an account's key.
    Account,
    /// With the app's key.
    App,
    /// With a token signed by the app's key.
    AppToken,
    /// With another app's key.
    ForeignApp,
    /// With the key of the integration that the path means.
    Own,
    /// With the token of an OAuth client that the integration in the path stands for.
    Granted,
    /// With the key of another integration of the app.
    Sibling,
    /// With the key of another app's integration.
    Foreign,
}

const STRANGERS: &[Who] =
    &[Who::Nobody, Who::WrongSecret, Who::Unsigned, Who::Expired, Who::ForeignKid, Who::WrongScope];
const FOREIGNERS: &[Who] = &[Who::ForeignApp, Who::Foreign];
const KNOWN: &[Who] = &[Who::Account, Who::App, Who::Own, Who::Granted, Who::Sibling];

#[tokio::test]
async fn every_operation_has_an_expectation_and_every_expectation_an_operation() {
    for operation in operations() {
        let lines = EXPECTATIONS.iter().filter(|line| line.id == operation.id).count();
        assert_eq!(lines, 1, "`{}` needs one line in tests/it/matrix/expectations.rs", operation.id);
    }
    for line in EXPECTATIONS {
        assert!(operations().any(|operation| operation.id == line.id), "there is no operation `{}`", line.id);
    }
}

#[tokio::test]
async fn everybody_gets_what_is_theirs_and_nothing_else() {
    let house = House::new().await;
    let foreign = World::new(&house).await;
    let mut faults = Vec::new();
    for operation in operations() {
        let Some(line) = EXPECTATIONS.iter().find(|line| line.id == operation.id) else { continue };
        let own = World::new(&house).await;
        Case { house: &house, operation: &operation, line, own: &own, foreign: &foreign }.check(&mut faults).await;
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// One row of the matrix.
struct Case<'a> {
    house: &'a House,
    operation: &'a Described,
    line: &'a Line,
    own: &'a World,
    foreign: &'a World,
}

impl Case<'_> {
    /// Whoever is refused comes first, since a call that is carried out may remove what it is about.
    async fn check(&self, faults: &mut Vec<String>) {
        for who in STRANGERS {
            self.expect(faults, *who, &[401]).await;
        }
        for who in FOREIGNERS.iter().chain(KNOWN).filter(|who| !self.line.may.contains(who)) {
            self.expect(faults, *who, &[403]).await;
        }
        self.check_ids(faults).await;
        let mut allowed = self.line.may.iter().copied();
        if let Some(first) = allowed.next() {
            self.expect(faults, first, &[self.line.status]).await;
        }
        // The first may have removed or used up what the others ask for; what counts is that they were let in.
        let others = allowed.chain(self.line.may.contains(&Who::App).then_some(Who::AppToken));
        for who in others.filter(|who| !self.line.ends.contains(who)) {
            self.expect(faults, who, &[self.line.status, 400, 404, 409]).await;
        }
    }

    /// Ids of another app, and of another parent, lead nowhere, whatever the caller may do there.
    async fn check_ids(&self, faults: &mut Vec<String>) {
        let in_path = placeholders(self.operation.path).into_iter().filter(|name| *name != "app");
        for name in in_path {
            for id in [Some(self.foreign.id(self.operation, name)), self.own.cousin(self.operation, name)] {
                let Some(id) = id else { continue };
                self.swapped(faults, name, &id, &[404]).await;
            }
        }
        for name in placeholders(self.line.query).into_iter().chain(placeholders(self.line.body)) {
            if name != "fresh" && !self.operation.path.contains(&format!("{{{name}}}")) {
                self.swapped(faults, name, &self.foreign.id(self.operation, name), &[400, 404]).await;
            }
        }
    }

    async fn expect(&self, faults: &mut Vec<String>, who: Who, statuses: &[u16]) {
        let reply = self.send(who, |name| self.own.id(self.operation, name)).await;
        self.judge(faults, &format!("{who:?}"), statuses, &reply);
    }

    async fn swapped(&self, faults: &mut Vec<String>, name: &str, id: &str, statuses: &[u16]) {
        let with = |asked: &str| if asked == name { id.to_owned() } else { self.own.id(self.operation, asked) };
        let reply = self.send(Who::Account, with).await;
        self.judge(faults, &format!("a `{name}` that is not there"), statuses, &reply);
    }

    fn judge(&self, faults: &mut Vec<String>, of: &str, statuses: &[u16], reply: &Reply) {
        if !statuses.contains(&reply.status) {
            let (id, got) = (self.operation.id, reply.status);
            faults.push(format!("{id} by {of}: {got} instead of {statuses:?}: {}", reply.body));
        }
    }

    async fn send(&self, who: Who, id: impl Fn(&str) -> String) -> Reply {
        let query = fill(self.line.query, &id);
        let path = format!("{}?{query}", fill(self.operation.path, &id));
        let body = fill(self.line.body, &id);
        let body = if body.is_empty() { Value::Null } else { serde_json::from_str(&body).expect("JSON in the table") };
        let authorization = self.authorization(who);
        let headers: Vec<_> = authorization.iter().map(|value| ("authorization", value.as_str())).collect();
        self.house.send(self.operation.method.as_str(), &path, &headers, body).await
    }

    fn authorization(&self, who: Who) -> Option<String> {
        let (own, foreign) = (&self.own.app_key, &self.foreign.app_key);
        let account = &self.house.account_key;
        Some(match who {
            Who::Nobody => return None,
            Who::WrongSecret => basic(&own.id, "guess"),
            Who::Unsigned => unsigned(&own.id),
            Who::Expired => token(own, &own.id, json!({ "scope": "app", "exp": 1_000_000_000 })),
            Who::ForeignKid => token(own, &foreign.id, json!({ "scope": "app" })),
            Who::WrongScope => token(own, &own.id, json!({ "scope": "account" })),
            Who::Account => basic(&account.id, account.secret.reveal()),
            Who::App => basic(&own.id, &own.secret),
            Who::AppToken => token(own, &own.id, json!({ "scope": "app" })),
            Who::ForeignApp => basic(&foreign.id, &foreign.secret),
            Who::Own => basic(&self.own.own_key.id, &self.own.own_key.secret),
            Who::Granted => format!("Bearer {}", self.own.token),
            Who::Sibling => basic(&self.own.sibling_key.id, &self.own.sibling_key.secret),
            Who::Foreign => basic(&self.foreign.own_key.id, &self.foreign.own_key.secret),
        })
    }
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

fn token(signer: &Pair, kid: &str, claims: Value) -> String {
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::HS256) };
    let key = EncodingKey::from_secret(signer.secret.as_bytes());
    format!("Bearer {}", jsonwebtoken::encode(&header, &claims, &key).expect("a token"))
}

fn unsigned(kid: &str) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = part(json!({ "alg": "none", "typ": "JWT", "kid": kid }));
    format!("Bearer {header}.{}.", part(json!({ "scope": "app" })))
}
