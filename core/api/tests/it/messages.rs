//! What a message brings beside its words, and what is refused before anything is written.

use serde_json::{Value, json};

use crate::house::{House, id};

/// A conversation in which everybody may write.
struct Talk {
    house: House,
    path: String,
}

impl Talk {
    async fn new() -> Self {
        let house = House::new().await;
        let (_, conversation) = house.conversation("crm-1").await;
        Self { house, path: format!("/conversations/{conversation}/messages") }
    }

    async fn posts(&self, body: Value) -> Value {
        self.house.call("POST", &self.path, body).await.expect(201)["messages"][0].clone()
    }

    async fn refuses(&self, body: Value) -> String {
        self.house.call("POST", &self.path, body).await.refused(400).1
    }

    async fn listed(&self) -> Vec<Value> {
        let listed = self.house.call("GET", &self.path, Value::Null).await.expect(200);
        listed["messages"].as_array().expect("a list").clone()
    }
}

fn by_business(content: Value) -> Value {
    json!({"author": {"type": "business"}, "content": content})
}

fn by_user(content: Value) -> Value {
    json!({"author": {"type": "user", "userExternalId": "crm-1"}, "content": content})
}

fn form() -> Value {
    json!({"type": "form", "blockChatInput": true, "fields": [
        {"type": "text", "name": "name", "label": "Name", "minSize": 2, "maxSize": 10},
        {"type": "email", "name": "mail", "label": "Mail"},
        {"type": "select", "name": "size", "label": "Size", "options": [{"name": "l", "label": "Large"}]}]})
}

fn answers(quoted: &str, fields: Value) -> Value {
    let mut fields = fields;
    for field in fields.as_array_mut().expect("a list") {
        field["label"] = "?".into();
        field["quotedMessageId"] = quoted.into();
    }
    by_user(json!({"type": "formResponse", "fields": fields}))
}

#[tokio::test]
async fn a_form_is_answered_and_the_answer_quotes_it() {
    let talk = Talk::new().await;
    let asked = talk.posts(by_business(form())).await;
    assert_eq!(asked["content"]["blockChatInput"], true);
    let fields = json!([{"type": "text", "name": "name", "text": "Mina"},
        {"type": "select", "name": "size", "select": [{"name": "l", "label": "Large"}]}]);
    let answered = talk.posts(answers(&id(&asked), fields)).await;
    assert_eq!(answered["quotedMessage"]["type"], "message");
    assert_eq!(answered["quotedMessage"]["message"]["id"], asked["id"]);
    assert!(answered["content"]["textFallback"].as_str().expect("a text").contains("Mina"));
    assert_eq!(talk.listed().await[1], answered);
}

#[tokio::test]
async fn answers_that_do_not_fit_are_refused() {
    let talk = Talk::new().await;
    let asked = id(&talk.posts(by_business(form())).await);
    for (fields, reason) in [
        (json!([{"type": "text", "name": "name", "text": "x"}]), "`name` is shorter or longer"),
        (json!([{"type": "text", "name": "mail", "text": "a@b.example"}]), "`mail` is answered by another kind"),
        (json!([{"type": "text", "name": "age", "text": "40"}]), "`age` is no question"),
        (json!([{"type": "select", "name": "size", "select": [{"name": "xl", "label": "X"}]}]), "`size` chooses what"),
    ] {
        let title = talk.refuses(answers(&asked, fields.clone())).await;
        assert!(title.contains(reason), "{fields}: {title}");
    }
    let mut twice = form();
    twice["fields"][1]["name"] = "name".into();
    assert!(talk.refuses(by_business(twice)).await.contains("`name` is there twice"));
    let fields = json!([{"type": "email", "name": "mail", "email": "a@b.example"}]);
    let nowhere = answers(&"0".repeat(24), fields.clone());
    talk.house.call("POST", &talk.path, nowhere).await.refused(404);
    let words = id(&talk.posts(by_business(json!({"type": "text", "text": "hello"}))).await);
    assert!(talk.refuses(answers(&words, fields)).await.contains("names no form"));
    assert_eq!(talk.listed().await.len(), 2, "nothing refused is written");
}

#[tokio::test]
async fn each_side_writes_what_is_its_own() {
    let talk = Talk::new().await;
    let button = json!([{"type": "postback", "text": "Take", "payload": "1"}]);
    let items = json!([{"title": "One", "actions": button}]);
    let template = json!({"type": "template", "template": {"name": "t", "language": {"code": "en"}}});
    for content in [form(), json!({"type": "carousel", "items": items}), json!({"type": "list", "items": items})] {
        assert!(talk.refuses(by_user(content.clone())).await.contains("does not fit the author's type"), "{content}");
        talk.posts(by_business(content)).await;
    }
    let mut post = by_business(template);
    assert!(talk.refuses(post.clone()).await.starts_with("schema should be one of"));
    post["schema"] = "whatsapp".into();
    talk.posts(post).await;
    let mut words = by_business(json!({"type": "text", "text": "x"}));
    words["schema"] = "whatsapp".into();
    assert!(talk.refuses(words).await.starts_with("schema should be one of"));
}

#[tokio::test]
async fn marked_up_words_and_an_author_that_is_a_machine_are_shown_as_written() {
    let talk = Talk::new().await;
    let mut post = by_business(json!({"type": "text", "text": "bold", "markdownText": "**bold**"}));
    post["author"]["subtypes"] = json!(["AI"]);
    let made = talk.posts(post.clone()).await;
    assert_eq!(made["content"], json!({"type": "text", "text": "bold", "markdownText": "**bold**"}));
    assert_eq!(made["author"]["subtypes"], json!(["AI"]));
    post["author"]["subtypes"] = json!(["agent"]);
    assert_eq!(talk.refuses(post).await, "author.subtypes should be AI");
    let shorthand = talk.posts(by_business(json!({"type": "text", "text": "&((name=[x]))&"}))).await;
    assert_eq!(shorthand["content"]["text"], "&((name=[x]))&");
}

#[tokio::test]
async fn an_override_is_kept_for_its_channel_and_an_empty_one_is_none() {
    let talk = Talk::new().await;
    let post = |given: Value| {
        let mut post = by_business(json!({"type": "text", "text": "plain"}));
        post["override"] = given;
        post
    };
    let made = id(&talk.posts(post(json!({"line": {"payload": {"type": "flex"}}}))).await);
    let conversation = talk.path.split('/').nth(2).expect("an id").parse().expect("an id");
    let store = talk.house.gateway.store();
    let kept = store.message(talk.house.app, conversation, made.parse().expect("an id")).await.expect("a read");
    let kept = kept.expect("it is there").extras.overrides;
    assert_eq!(kept.into_iter().collect::<Vec<_>>(), [("line".into(), r#"{"payload":{"type":"flex"}}"#.into())]);
    talk.posts(post(json!({}))).await;
    let title = talk.refuses(post(json!({"line": {}}))).await;
    assert!(title.contains("payload"), "{title}");
    let title = talk.refuses(post(json!({"smoke": {"payload": {}}}))).await;
    assert_eq!(title, "override.smoke is no channel that takes an override");
}

#[tokio::test]
async fn what_is_left_of_a_deleted_message_is_its_place() {
    let talk = Talk::new().await;
    let mut post = by_business(json!({"type": "text", "text": "secret", "htmlText": "<b>secret</b>"}));
    post["override"] = json!({"line": {"payload": {"text": "secret"}}});
    // Only one form of markup at a time, beside the plain words.
    let made = talk.posts(post).await;
    let path = format!("{}/{}", talk.path, id(&made));
    talk.house.call("DELETE", &path, Value::Null).await.expect(200);
    let left = talk.listed().await.remove(0);
    assert_eq!((&left["id"], &left["deleted"]), (&made["id"], &json!(true)));
    assert!(left.get("content").is_none() && !left.to_string().contains("secret"), "{left}");
}

#[tokio::test]
async fn a_destination_is_a_channel_of_the_user_or_none_at_all() {
    let talk = Talk::new().await;
    let post = |destination: Value| {
        let mut post = by_business(json!({"type": "text", "text": "x"}));
        post["destination"] = destination;
        post
    };
    talk.posts(post(json!({"integrationType": "none"}))).await;
    for destination in [json!({"integrationType": "telegram"}), json!({"integrationId": "0".repeat(24)})] {
        let title = talk.refuses(post(destination)).await;
        assert_eq!(title, "destination names a channel on which the user has no client");
    }
    let mut mine = post(json!({"integrationType": "telegram"}));
    mine["author"] = json!({"type": "user", "userExternalId": "crm-1"});
    assert!(talk.refuses(mine).await.contains("is for messages of the business"));
    talk.refuses(post(json!({}))).await;
    talk.refuses(json!({"author": {"type": "business"}, "content": null})).await;
}
