//! The published description, as a caller gets it.

use serde_json::Value;

use crate::house::House;

#[tokio::test]
async fn the_description_is_for_everybody_and_costs_nothing_twice() {
    let house = House::new().await;
    let first = house.send("GET", "/openapi.json", &[], Value::Null).await;
    let etag = first.headers["etag"].to_str().expect("a tag").to_owned();
    assert_eq!(first.headers["content-type"], "application/json");
    let document = first.expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], "https://gw.example.org");
    let post = &document["paths"]["/v2/apps/{appId}/conversations/{conversationId}/messages"]["post"];
    assert_eq!(post["operationId"], "PostMessage");
    assert_eq!(post["x-scopes"], serde_json::json!(["integration", "app", "account"]));
    for known in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
        let again = house.send("GET", "/openapi.json", &[("if-none-match", &known)], Value::Null).await;
        assert_eq!((again.status, again.body), (304, Value::String(String::new())), "{known}");
    }
    assert_eq!(house.send("GET", "/openapi.json", &[("if-none-match", "\"other\"")], Value::Null).await.status, 200);
}
