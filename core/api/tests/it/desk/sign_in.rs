//! Signing in and out, one-time codes, tokens, and the first admin.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use passerelle_api::{digest, mint};
use passerelle_model::desk::Role;
use passerelle_model::time::{Clock, Timestamp};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use super::office::{OWN, Office, PASSWORD, cookie_of, problem};
use crate::house::House;

#[tokio::test]
async fn an_agent_signs_in_is_known_and_signs_out() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let me = office.call(&ada, "GET", "/users/me.json", Value::Null).await.expect(200);
    assert_eq!(
        (&me["user"]["name"], &me["user"]["role"], &me["user"]["id"]),
        (&json!("ada"), &json!("agent"), &json!(ada.id))
    );
    assert!(!me.to_string().contains("argon2"), "no password leaves the house");
    for (email, password) in [("ada@shop.example", "a wrong password"), ("nobody@shop.example", PASSWORD)] {
        let refused = office.sign_in(json!({ "email": email, "password": password })).await;
        assert_eq!(problem(refused, 401).0, "Couldn't authenticate you");
    }
    let phone = office.sign_in(json!({ "email": "ADA@shop.example", "password": PASSWORD })).await;
    let phone = super::office::Agent { id: ada.id, cookie: cookie_of(&phone) };
    let sessions = office.call(&ada, "GET", "/users/me/sessions", Value::Null).await.expect(200);
    let current = |n: usize| sessions["sessions"][n]["current"] == true;
    assert_eq!((sessions["count"].as_u64(), current(0), current(1)), (Some(2), true, false));
    office.call(&ada, "DELETE", "/users/me/sessions", Value::Null).await.expect(204);
    office.call(&phone, "GET", "/users/me", Value::Null).await.expect(401);
    let out = office.call(&ada, "DELETE", "/users/me/logout", Value::Null).await;
    assert_eq!(cookie_of(&out), "passerelle_agent=");
    out.expect(204);
    office.call(&ada, "GET", "/users/me", Value::Null).await.expect(401);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_a_wrong_old_one_changes_nothing() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let other = super::office::Agent {
        id: ada.id,
        cookie: cookie_of(&office.sign_in(json!({ "email": "ada@shop.example", "password": PASSWORD })).await),
    };
    let change = |previous: &str, new: &str| json!({ "previous_password": previous, "password": new });
    let path = "/users/me/password";
    let wrong = office.call(&ada, "PUT", path, change("not it at all", "another password")).await;
    assert_eq!(problem(wrong, 422).1.as_deref(), Some("previous_password"));
    let short = office.call(&ada, "PUT", path, change(PASSWORD, "short")).await;
    assert_eq!(problem(short, 422).1.as_deref(), Some("password"));
    office.call(&ada, "PUT", path, change(PASSWORD, "another password")).await.expect(200);
    office.call(&other, "GET", "/users/me", Value::Null).await.expect(401);
    office.call(&ada, "GET", "/users/me", Value::Null).await.expect(200);
    office.sign_in(json!({ "email": "ada@shop.example", "password": PASSWORD })).await.expect(401);
    office.sign_in(json!({ "email": "ada@shop.example", "password": "another password" })).await.expect(201);
}

#[tokio::test]
async fn with_one_time_codes_a_password_is_not_enough_and_a_code_is_good_once() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let begun = office.call(&ada, "POST", "/users/me/totp", Value::Null).await.expect(201);
    let secret = begun["totp"]["secret"].as_str().expect("a secret").to_owned();
    assert!(begun["totp"]["uri"].as_str().is_some_and(|uri| uri.starts_with("otpauth://totp/Passerelle:")));
    let password_alone = json!({ "email": "ada@shop.example", "password": PASSWORD });
    office.sign_in(password_alone.clone()).await.expect(201); // Not confirmed, so not in use.
    let wrong = office.call(&ada, "PUT", "/users/me/totp", json!({ "code": "000000x" })).await;
    assert_eq!(problem(wrong, 422).1.as_deref(), Some("code"));
    let now = Clock::system().now().as_millis() / 1000;
    let code = |at: u64| {
        let secret = Secret::try_from_base32(&secret).expect("base32");
        let totp = Builder::new().with_secret(secret).with_account_name("ada").build().expect("codes");
        totp.generate(at).to_string()
    };
    let confirmed = office.call(&ada, "PUT", "/users/me/totp", json!({ "code": code(now) })).await.expect(200);
    assert_eq!(confirmed["user"]["two_factor_auth_enabled"], true);
    assert_eq!(problem(office.sign_in(password_alone.clone()).await, 401).0, "OneTimeCodeNeeded");
    let with = |code: String| {
        let mut body = password_alone.clone();
        body["code"] = code.into();
        body
    };
    let used = office.sign_in(with(code(now))).await;
    assert_eq!(problem(used, 401).0, "OneTimeCodeNeeded", "the code was used to confirm");
    office.sign_in(with(code(now + 30))).await.expect(201);
    office.sign_in(with(code(now + 30))).await.expect(401);
}

#[tokio::test]
async fn a_program_comes_in_with_a_token_until_it_is_taken_back() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let bob = office.agent("bob", Role::Agent).await;
    let body = json!({ "api_token": { "description": "night shift" } });
    let made = office.call(&ada, "POST", "/api_tokens.json", body).await.expect(201);
    let token = made["api_token"]["token"].as_str().expect("shown once").to_owned();
    let basic = |email: &str| format!("Basic {}", STANDARD.encode(format!("{email}/token:{token}")));
    let ask = async |authorization: String| {
        office
            .house
            .send("GET", "/api/v2/users/me.json", &[("authorization", &authorization)], Value::Null)
            .await
            .status
    };
    assert_eq!(ask(basic("ada@shop.example")).await, 200);
    assert_eq!(ask(format!("Bearer {token}")).await, 200);
    assert_eq!(ask(basic("bob@shop.example")).await, 401, "a token speaks for its agent only");
    assert_eq!(ask(format!("Bearer {token}x")).await, 401);
    let listed = office.call(&ada, "GET", "/api_tokens", Value::Null).await.expect(200);
    assert!(!listed.to_string().contains(&token), "it is shown once");
    let path = format!("/api_tokens/{}", made["api_token"]["id"]);
    office.call(&bob, "DELETE", &path, Value::Null).await.expect(404);
    office.call(&ada, "DELETE", &path, Value::Null).await.expect(204);
    assert_eq!(ask(format!("Bearer {token}")).await, 401);
}

#[tokio::test]
async fn the_first_admin_is_whoever_has_the_link_and_it_is_good_once() {
    let house = House::new().await;
    let token = mint::token("pst").expect("a token");
    let kept = digest(token.reveal());
    let written = house.gateway.store().write(move |tx| {
        Box::pin(async move {
            tx.set_agent_setup(kept, Timestamp::from_millis(0));
            Ok(())
        })
    });
    written.await.expect("it is kept");
    let needed = house.send("GET", "/api/v2/setup", &[], Value::Null).await.expect(200);
    assert_eq!(needed["setup"]["needed"], true);
    let set_up = async |token: &str, password: &str| {
        let body = json!({ "token": token, "name": "Ada", "email": "ada@shop.example", "password": password });
        house.send("POST", "/api/v2/setup", &[("origin", OWN)], body).await
    };
    assert_eq!(problem(set_up("pst_wrong", PASSWORD).await, 403).0, "Forbidden");
    assert_eq!(problem(set_up(token.reveal(), "short").await, 422).1.as_deref(), Some("password"));
    let made = set_up(token.reveal(), PASSWORD).await;
    let cookie = cookie_of(&made);
    assert_eq!(made.expect(201)["user"]["role"], "admin");
    house.send("GET", "/api/v2/users/me", &[("cookie", &cookie)], Value::Null).await.expect(200);
    assert_eq!(problem(set_up(token.reveal(), PASSWORD).await, 403).0, "Forbidden", "it is used up");
    let needed = house.send("GET", "/api/v2/setup", &[], Value::Null).await.expect(200);
    assert_eq!(needed["setup"]["needed"], false);
}
