//! A server that runs: made by the command line, asked over HTTP, stopped by signals.

use std::time::{Duration, Instant};

use passerelle_test_support::plugins;

use crate::process::Place;

/// Base64 of an ASCII text, for one header.
pub(crate) fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize] as char;
            encoded.push(if place <= chunk.len() { letter } else { '=' });
        }
    }
    encoded
}

#[test]
fn a_key_of_the_command_line_opens_the_api() {
    let place = Place::new();
    let app = place.says(&["app", "create", "--name", "Acme"]).pop().expect("an id");
    let key = place.says(&["key", "issue", "--app", &app, "--scope", "app"]);
    let [_, id, _, secret] = key.as_slice() else { panic!("{key:?}") };
    let _server = place.serve();
    let authorization = format!("authorization: Basic {}\r\n", base64(&format!("{id}:{secret}")));
    let user = r#"{"externalId":"crm-1","profile":{"givenName":"Mina"}}"#;
    let made = place.ask("POST", &format!("/v2/apps/{app}/users"), &authorization, user);
    assert!(made.starts_with("HTTP/1.1 201") && made.contains("\"externalId\":\"crm-1\""), "{made}");
    let stranger = place.ask("GET", &format!("/v2/apps/{app}/users/crm-1"), "", "");
    assert!(stranger.starts_with("HTTP/1.1 401"), "{stranger}");
    let metrics = place.ask("GET", "/metrics", "", "");
    assert!(metrics.contains("passerelle_api_calls_total"), "{metrics}");
}

#[test]
fn a_request_whose_answer_was_lost_in_a_crash_is_done_once() {
    let place = Place::new();
    let app = place.says(&["app", "create", "--name", "Acme"]).pop().expect("an id");
    let key = place.says(&["key", "issue", "--app", &app, "--scope", "app"]);
    let [_, id, _, secret] = key.as_slice() else { panic!("{key:?}") };
    let headers = format!("authorization: Basic {}\r\nidempotency-key: order-7\r\n", base64(&format!("{id}:{secret}")));
    let listen = format!("[server]\nlisten = \"{}\"\n", place.address);
    place.configure(&format!("{listen}[gateway]\nfailpoint = \"after-command-commit\"\n"));
    let (path, user) = (format!("/v2/apps/{app}/users"), r#"{"externalId":"crm-1"}"#);
    let server = place.serve();
    assert_eq!(place.ask("POST", &path, &headers, user), "", "the answer is lost");
    drop(server);
    place.configure(&listen);
    let _server = place.serve();
    let again = place.ask("POST", &path, &headers, user);
    assert!(again.starts_with("HTTP/1.1 201") && again.contains("idempotency-replayed: true"), "{again}");
}

#[test]
fn a_term_signal_drains_and_ends_well() {
    let place = Place::new();
    let server = place.serve();
    server.signal("TERM");
    assert_eq!(server.ends(), Some(0));
    assert_eq!(place.ask("GET", "/healthz", "", ""), "", "nobody listens any more");
    let again = place.serve();
    again.signal("INT");
    assert_eq!(again.ends(), Some(0));
}

#[test]
fn a_second_signal_ends_at_once() {
    let place = Place::new();
    let server = place.serve();
    // A request whose body never comes holds the drain up.
    let mut open = std::net::TcpStream::connect(place.address).expect("a connection");
    let head = "POST /webhooks/0123456789abcdef01234567 HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc";
    std::io::Write::write_all(&mut open, head.as_bytes()).expect("written");
    std::thread::sleep(Duration::from_millis(200));
    let begun = Instant::now();
    server.signal("TERM");
    std::thread::sleep(Duration::from_millis(300));
    let mut server = server;
    assert!(server.is_running(), "the drain waits for the request under way");
    server.signal("TERM");
    assert_eq!(server.ends(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn a_hang_up_is_survived() {
    let place = Place::new();
    let mut server = place.serve();
    server.signal("HUP");
    std::thread::sleep(Duration::from_millis(200));
    assert!(server.is_running());
    assert!(place.ask("GET", "/readyz", "", "").starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hang_up_takes_over_what_the_command_line_made_meanwhile() {
    let place = Place::new();
    let app = place.says(&["app", "create", "--name", "Acme"]).pop().expect("an id");
    let file = plugins::built(plugins::CHANNEL_LOOP).await.expect("the plugin is built");
    let server = place.serve();
    place.says(&["plugin", "install", file.to_str().expect("a path")]);
    let mut add = vec!["integration", "add", "--app", &app, "--plugin", "channel-loop"];
    add.extend(["--setting", "api_base=http://127.0.0.1:9", "--secret", "api-token=t", "--secret", "webhook-secret=s"]);
    let said = place.says(&add);
    let id = said.iter().find(|word| word.len() == 24 && word.chars().all(|c| c.is_ascii_hexdigit())).expect("an id");
    let call = || place.ask("POST", &format!("/webhooks/{id}"), "", "{}");
    assert!(call().starts_with("HTTP/1.1 404"), "the server does not know it yet");
    server.signal("HUP");
    let begun = Instant::now();
    while call().starts_with("HTTP/1.1 404") {
        assert!(begun.elapsed() < Duration::from_secs(20), "the server does not take it over");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(call().starts_with("HTTP/1.1 401"), "it is known, and the call is not the vendor's");
}

#[test]
fn check_and_doctor_are_content_with_a_fresh_place() {
    let place = Place::new();
    assert!(place.says(&["check"]).join(" ").contains("configuration: sound"));
    let said = place.says(&["doctor"]).join(" ");
    assert!(said.contains("integrity of the database") && !said.contains("FAULT"), "{said}");
    let said = place.says(&["doctor", "--retry-parked"]).join(" ");
    assert!(said.contains("0 parked requests and turns are tried again"), "{said}");
}
