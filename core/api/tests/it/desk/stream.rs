//! What agents hear as it happens, and what becomes of one who stops listening.

use passerelle_model::desk::Role;
use serde_json::{Value, json};

use super::office::{Agent, OWN, Office};
use crate::live::client::{BOTH, Doors, Stream, Transport};

#[tokio::test]
async fn agents_hear_of_conversations_and_tickets_and_keys_of_conversations_only() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let doors = Doors::open(&office.house).await;
    for how in BOTH {
        let mut heard = listen(&doors, how, &ada, "").await.expect("a stream");
        let key = crate::house::House::authorization(&office.house.app_key);
        let path = format!("/v2/apps/{}/events", office.house.app);
        let mut by_key = Stream::open_as(&doors, how, &[("authorization", &key)], &path).await.expect("a stream");
        let name = format!("crm-{how:?}");
        let (conversation, ticket) = office.customer(&name, "hello").await;
        let body = json!({ "ticket": { "comment": { "body": "a note", "public": false } } });
        office.call(&ada, "PUT", &format!("/tickets/{ticket}"), body).await.expect(200);
        let last = json!({ "ticket": { "subject": "The end" } });
        office.call(&ada, "PUT", &format!("/tickets/{ticket}"), last).await.expect(200);
        let (mut words, mut cursors, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            let event = heard.event().await.expect("it goes on");
            cursors.push(event["cursor"].as_str().expect("a cursor").to_owned());
            words.push(event["type"].as_str().expect("a word").to_owned());
            let done = event["audit"]["events"].as_array().cloned().unwrap_or_default();
            let written = |what: &&Value| what["type"] == "Comment" && what["public"] == false;
            notes.extend(done.iter().filter(written).map(|what| what["body"].clone()));
            if event["ticket"]["subject"] == "The end" && event["audit"]["events"][0]["field_name"] == "subject" {
                assert_eq!(event["ticket"]["conversation_id"], conversation.as_str());
                break;
            }
        }
        assert!(cursors.is_sorted(), "{cursors:?}");
        assert_eq!(notes, ["a note"], "who is mentioned in a note can be told at once");
        for word in ["conversation:create", "conversation:message", "switchboard:passControl", "ticket.changed"] {
            assert!(words.iter().any(|known| known == word), "{how:?}: {word} in {words:?}");
        }
        office.writes(&conversation, &name, "the last word").await;
        loop {
            let event = by_key.event().await.expect("it goes on");
            assert!(
                !event["type"].as_str().expect("a word").starts_with("ticket"),
                "keys do not see the desk: {event}"
            );
            if event["payload"]["message"]["content"]["text"] == "the last word" {
                break;
            }
        }
        let again = listen(&doors, how, &ada, &format!("?cursor={}", cursors[0])).await;
        let mut again = again.expect("a stream");
        for word in &words[1..] {
            assert_eq!(again.event().await.expect("it goes on")["type"], word.as_str(), "a cursor misses nothing");
        }
    }
}

#[tokio::test]
async fn an_agent_whose_workspace_is_closed_is_offline_after_a_while_and_one_who_comes_back_is_not() {
    let office = Office::new().await;
    let (ada, bob) = (office.agent("ada", Role::Agent).await, office.agent("bob", Role::Agent).await);
    let doors = Doors::open(&office.house).await;
    let first = listen(&doors, Transport::Socket, &ada, "").await.expect("a stream");
    let mut stays = listen(&doors, Transport::Socket, &bob, "").await.expect("a stream");
    office.goes_online(&ada).await;
    office.goes_online(&bob).await;
    drop(first);
    loop {
        let event = stays.event().await.expect("it goes on");
        if event["type"] == "agent_availability.changed" && event["agent_status"]["id"] == 2 {
            assert_eq!(
                (&event["agent_id"], &event["agent_status"]["reason"]),
                (&json!(ada.id), &json!("no workspace is open any more"))
            );
            break;
        }
    }
    assert_eq!(status(&office, &bob).await, 3);
    drop(stays);
    let _back = listen(&doors, Transport::Socket, &bob, "").await.expect("a stream");
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    assert_eq!(status(&office, &bob).await, 3, "a reload is no leaving");
}

#[tokio::test]
async fn a_stream_ends_with_the_session_and_no_other_page_opens_one() {
    let office = Office::new().await;
    let ada = office.agent("ada", Role::Agent).await;
    let doors = Doors::open(&office.house).await;
    let headers = [("cookie", ada.cookie.as_str()), ("origin", "https://evil.example")];
    let foreign = Stream::open_as(&doors, Transport::Socket, &headers, "/api/v2/stream").await;
    assert_eq!(foreign.err(), Some(403));
    let mut heard = listen(&doors, Transport::Socket, &ada, "").await.expect("a stream");
    office.call(&ada, "DELETE", "/users/me/logout", Value::Null).await.expect(204);
    assert_eq!(heard.event().await.map(|event| event["type"].clone()), None, "it is over");
    assert_eq!(listen(&doors, Transport::Socket, &ada, "").await.err(), Some(401));
}

async fn listen(doors: &Doors, how: Transport, agent: &Agent, query: &str) -> Result<Stream, u16> {
    let headers = [("cookie", agent.cookie.as_str()), ("origin", OWN)];
    Stream::open_as(doors, how, &headers, &format!("/api/v2/stream{query}")).await
}

async fn status(office: &Office, agent: &Agent) -> u64 {
    let shown = office.call(agent, "GET", "/agent_availabilities/me", Value::Null).await.expect(200);
    shown["data"]["attributes"]["agent_status"]["id"].as_u64().expect("a status")
}
