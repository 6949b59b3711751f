//! API clients, seats and control.

use serde_json::{Value, json};

use crate::house::{House, id};

async fn client(house: &House, name: &str) -> String {
    let webhook = json!({"target": "https://bot.example.org/hook", "triggers": ["conversation:message"]});
    let body = json!({"type": "custom", "displayName": name, "webhooks": [webhook]});
    let made = house.call("POST", "/integrations", body).await.expect(201)["integration"].clone();
    assert_eq!(made["type"], "custom");
    assert_eq!(made["status"], "active");
    assert_eq!(made["webhooks"].as_array().map(Vec::len), Some(1));
    assert!(made["webhooks"][0]["secret"].as_str().is_some_and(|secret| secret.len() >= 32));
    id(&made)
}

async fn board(house: &House) -> (String, Vec<String>) {
    let board = id(&house.call("POST", "/switchboards", Value::Null).await.expect(201)["switchboard"]);
    let seats_path = format!("/switchboards/{board}/switchboardIntegrations");
    let mut seats = Vec::new();
    for name in ["bot", "agents"] {
        let integration = client(house, name).await;
        let seat = house.call("POST", &seats_path, json!({"name": name, "integrationId": integration})).await;
        seats.push(id(&seat.expect(201)["switchboardIntegration"]));
    }
    let next = json!({"nextSwitchboardIntegrationId": seats[1]});
    house.call("PATCH", &format!("{seats_path}/{}", seats[0]), next).await.expect(200);
    let default = json!({"enabled": true, "defaultSwitchboardIntegrationId": seats[0]});
    house.call("PATCH", &format!("/switchboards/{board}"), default).await.expect(200);
    (board, seats)
}

async fn active(house: &House, conversation: &str) -> Value {
    let shown = house.call("GET", &format!("/conversations/{conversation}"), Value::Null).await.expect(200);
    shown["conversation"]["activeSwitchboardIntegration"]["name"].clone()
}

#[tokio::test]
async fn control_goes_from_hand_to_hand() {
    let house = House::new().await;
    board(&house).await;
    let (_, conversation) = house.conversation("crm-1").await;
    assert_eq!(active(&house, &conversation).await, "bot");
    let act = async |action: &str, body: Value| {
        house.call("POST", &format!("/conversations/{conversation}/{action}"), body).await
    };
    assert_eq!(act("passControl", json!({"switchboardIntegration": "next"})).await.expect(200), json!({}));
    assert_eq!(active(&house, &conversation).await, "agents");
    act("offerControl", json!({"switchboardIntegration": "bot", "metadata": {"a": 1}})).await.expect(200);
    act("acceptControl", Value::Null).await.expect(200);
    assert_eq!(active(&house, &conversation).await, "bot");
    act("releaseControl", json!({"reason": "ticketClosed"})).await.expect(200);
    assert_eq!(active(&house, &conversation).await, Value::Null);
    act("passControl", json!({"switchboardIntegration": "nobody"})).await.refused(400);
    act("passControl", json!({})).await.refused(400);
}

#[tokio::test]
async fn an_api_client_is_kept_changed_and_removed() {
    let house = House::new().await;
    let integration = client(&house, "My bot").await;
    let path = format!("/integrations/{integration}");
    let listed = house.call("GET", "/integrations?filter[types]=custom", Value::Null).await.expect(200);
    assert_eq!(id(&listed["integrations"][0]), integration);
    let renamed = house.call("PATCH", &path, json!({"displayName": null})).await.expect(200);
    assert_eq!(renamed["integration"].get("displayName"), None);
    let key = house.call("POST", &format!("{path}/keys"), json!({"displayName": "k"})).await.expect(201)["key"].clone();
    assert!(id(&key).starts_with("int_"));
    assert_eq!(house.call("DELETE", &path, Value::Null).await.expect(200), json!({}));
    assert_eq!(house.call("GET", &path, Value::Null).await.refused(404).0, "integration_not_found");
}

#[tokio::test]
async fn one_switchboard_and_its_default_seat_stay() {
    let house = House::new().await;
    let (board, seats) = board(&house).await;
    let title = house.call("POST", "/switchboards", Value::Null).await.refused(400).1;
    assert_eq!(title, "Only one switchboard can be created per app");
    let listed = house.call("GET", "/switchboards", Value::Null).await.expect(200);
    assert_eq!(listed["switchboards"].as_array().map(Vec::len), Some(1));
    let shown = house.call("GET", &format!("/switchboards/{board}/switchboardIntegrations"), Value::Null).await;
    let shown = shown.expect(200);
    for field in ["id", "name", "integrationId", "integrationType", "deliverStandbyEvents"] {
        assert!(shown["switchboardIntegrations"][0].get(field).is_some(), "{field}");
    }
    let default = format!("/switchboards/{board}/switchboardIntegrations/{}", seats[0]);
    assert!((400..500).contains(&house.call("DELETE", &default, Value::Null).await.status));
}
