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

#[tokio::test]
async fn the_page_needs_nothing_but_us() {
    let house = House::new().await;
    let page = house.send("GET", "/docs", &[], Value::Null).await;
    let policy = page.headers["content-security-policy"].to_str().expect("a policy").to_owned();
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    for weak in ["unsafe", "http:", "https:", "*"] {
        assert!(!policy.contains(weak), "{policy}");
    }
    let html = page.expect(200).as_str().expect("a page").to_owned();
    let addresses = html.split(['"', '\'']).filter(|word| word.starts_with("docs/") || word.contains("://"));
    let mut count = 0;
    for address in addresses {
        count += 1;
        let file = house.send("GET", &format!("/{address}"), &[], Value::Null).await;
        assert_eq!(file.status, 200, "{address}");
        assert!(!file.headers["content-type"].to_str().expect("a type").contains("json"), "{address}");
        assert!(file.body.to_string().len() > 100, "{address}");
    }
    assert_eq!(count, 5, "style sheets, scripts and an icon");
}
