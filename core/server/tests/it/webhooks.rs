//! Dead letters from the command line, beside a server that runs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;

use crate::answers::base64;
use crate::process::Place;

/// A receiver that answers its first request with 404 and the others with 200, and tells the ids of what came.
fn receiver() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (tell, told) = mpsc::sync_channel(16);
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = BufReader::new(stream.expect("a call"));
            let (mut id, mut length, mut line) = (String::new(), 0, String::new());
            while stream.read_line(&mut line).expect("a line") > 2 {
                let (name, value) = line.split_once(':').unwrap_or_default();
                match name.to_ascii_lowercase().as_str() {
                    "webhook-id" => id = value.trim().to_owned(),
                    "content-length" => length = value.trim().parse().expect("a number"),
                    _ => {}
                }
                line.clear();
            }
            stream.read_exact(&mut vec![0; length]).expect("a body");
            let status = if number == 0 { "404 Not Found" } else { "200 OK" };
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.get_mut().write_all(answer.as_bytes()).expect("an answer");
            if tell.send(id).is_err() {
                return;
            }
        }
    });
    (address, told)
}

#[test]
fn dead_letters_are_listed_and_sent_again() {
    let (receiver, told) = receiver();
    let place = Place::new();
    let app = place.says(&["app", "create", "--name", "Acme"]).pop().expect("an id");
    let key = place.says(&["key", "issue", "--app", &app, "--scope", "app"]);
    let [_, id, _, secret] = key.as_slice() else { panic!("{key:?}") };
    let headers = format!("authorization: Basic {}\r\n", base64(&format!("{id}:{secret}")));
    place.configure(&format!(
        "[server]\nlisten = \"{}\"\n[webhooks]\nallow_private = [\"127.0.0.0/8\"]\n",
        place.address
    ));
    let _server = place.serve();
    let hook = format!(r#"{{"target":"http://{receiver}/hook","triggers":["user:remove"]}}"#);
    let client = format!(r#"{{"type":"custom","displayName":"c","webhooks":[{hook}]}}"#);
    let made = place.ask("POST", &format!("/v2/apps/{app}/integrations"), &headers, &client);
    assert!(made.starts_with("HTTP/1.1 201"), "{made}");
    place.ask("POST", &format!("/v2/apps/{app}/users"), &headers, r#"{"externalId":"crm-1"}"#);
    place.ask("DELETE", &format!("/v2/apps/{app}/users/crm-1"), &headers, "");
    let event = told.recv_timeout(std::time::Duration::from_secs(60)).expect("a call");

    let patience = std::time::Instant::now() + std::time::Duration::from_secs(60);
    let dead = loop {
        let listed = place.says(&["webhook", "dead"]);
        assert!(std::time::Instant::now() < patience, "no dead letter");
        if let [webhook, count] = listed.as_slice() {
            assert_eq!(count, "1");
            break webhook.clone();
        }
    };
    let listed = place.says(&["webhook", "dead", "--webhook", &dead]);
    assert!(listed.contains(&event), "{listed:?}");
    let replayed = place.says(&["webhook", "replay", "--webhook", &dead, "--event", &event]);
    assert!(replayed.join(" ").starts_with("1 sent"), "{replayed:?}");
    let again = told.recv_timeout(std::time::Duration::from_secs(60)).expect("a call");
    assert_eq!(again, event, "the same id");
}
