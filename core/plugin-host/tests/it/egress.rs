//! The guarded client against servers that behave in all the ways that servers do.

use std::time::Duration;

use http::Method;
use passerelle_model::id::IntegrationId;
use passerelle_plugin_host::{Egress, EgressConfig, EgressError, Exchange, Granted, HostPattern};
use url::Url;

use crate::world::{Behaviour, Server};

const OWNER: IntegrationId = IntegrationId::from_bytes([1; 12]);

fn client(allowed: &[&Server]) -> Egress {
    let allow_private = allowed.iter().map(|server| server.address.parse().unwrap()).collect();
    Egress::new(EgressConfig { allow_private, timeout_ms: 300, max_response_bytes: 1000, ..EgressConfig::default() })
}

async fn get(client: &Egress, url: &str) -> Result<(u16, String), EgressError> {
    let url = Url::parse(url).unwrap();
    let granted: HostPattern = url.origin().ascii_serialization().parse().unwrap();
    let answer = client.exchange(OWNER, Granted::Hosts(&[granted]), Exchange::new(Method::GET, url)).await?;
    Ok((answer.status, String::from_utf8_lossy(&answer.body).into_owned()))
}

#[tokio::test]
async fn connections_are_kept_and_answers_are_whole() {
    let server = Server::start(Behaviour::Echo).await;
    let client = client(&[&server]);
    for number in 0..5 {
        let (status, body) = get(&client, &format!("{}/{number}?q=a%20b", server.url())).await.unwrap();
        assert_eq!(status, 200);
        assert!(body.starts_with(&format!("GET /{number}?q=a%20b HTTP/1.1\r\nhost: {}", server.address)), "{body}");
    }
    assert_eq!(*server.connections.lock().unwrap(), 1);
}

#[tokio::test]
async fn connections_of_one_owner_are_not_another_s() {
    let server = Server::start(Behaviour::Echo).await;
    let client = client(&[&server]);
    for owner in [1, 2, 1, 2] {
        let owner = IntegrationId::from_bytes([owner; 12]);
        let exchange = Exchange::new(Method::GET, Url::parse(&server.url()).unwrap());
        client.exchange(owner, Granted::AnyPublic, exchange).await.unwrap();
    }
    assert_eq!(*server.connections.lock().unwrap(), 2);
}

#[tokio::test]
async fn an_address_that_is_not_public_is_denied_even_when_the_name_is_granted() {
    let server = Server::start(Behaviour::Echo).await;
    let client = client(&[]);
    let port = server.address.rsplit_once(':').unwrap().1;
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "[::1]", "0.0.0.0"] {
        let refused = get(&client, &format!("http://{host}:{port}/")).await;
        assert!(matches!(refused, Err(EgressError::Denied(_))), "{host}: {refused:?}");
    }
    assert_eq!(*server.connections.lock().unwrap(), 0);
}

#[tokio::test]
async fn a_host_that_is_not_granted_is_never_resolved() {
    let client = client(&[]);
    let granted = ["https://api.example.com".parse().unwrap()];
    let url = Url::parse("https://other.invalid/").unwrap();
    let refused = client.exchange(OWNER, Granted::Hosts(&granted), Exchange::new(Method::GET, url)).await;
    assert_eq!(
        refused.unwrap_err(),
        EgressError::Denied("`https://other.invalid` is not among the granted hosts".into())
    );
}

#[tokio::test]
async fn the_error_says_whether_the_request_can_have_been_carried_out() {
    let silent = Server::start(Behaviour::Silence).await;
    let rude = Server::start(Behaviour::HangUp).await;
    let cut = Server::start(Behaviour::Say("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this")).await;
    let closed = Server::start(Behaviour::Echo).await;
    let mut nobody = closed.address.clone();
    nobody.truncate(nobody.rfind(':').unwrap());
    let client = Egress::new(EgressConfig {
        allow_private: vec!["127.0.0.1".parse().unwrap()],
        timeout_ms: 300,
        ..EgressConfig::default()
    });
    for server in [&silent, &rude, &cut] {
        let error = get(&client, &server.url()).await.unwrap_err();
        assert!(matches!(error, EgressError::Uncertain(_)), "{error:?}");
    }
    let error = get(&client, &format!("http://{nobody}:1/")).await.unwrap_err();
    assert!(matches!(error, EgressError::Unreachable(_)), "{error:?}");
    let error = get(&client, "http://no-such-name.invalid/").await.unwrap_err();
    assert!(matches!(error, EgressError::Unreachable(_)), "{error:?}");
}

#[tokio::test]
async fn an_idle_connection_that_was_closed_is_replaced() {
    let once = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
    let server = Server::start(Behaviour::Say(once)).await;
    let client = client(&[&server]);
    for _ in 0..3 {
        assert_eq!(get(&client, &server.url()).await.unwrap(), (200, "ok".to_owned()));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(*server.connections.lock().unwrap(), 3);
}

#[tokio::test]
async fn redirects_are_not_followed_and_large_answers_not_read() {
    let moved = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let moved = Server::start(Behaviour::Say(moved)).await;
    let large = Server::start(Behaviour::Echo).await;
    let client = Egress::new(EgressConfig {
        allow_private: vec!["127.0.0.1".parse().unwrap()],
        max_response_bytes: 10,
        ..EgressConfig::default()
    });
    assert_eq!(get(&client, &moved.url()).await.unwrap(), (302, String::new()));
    assert_eq!(get(&client, &large.url()).await.unwrap_err(), EgressError::TooLarge { limit: 10 });
}

#[tokio::test]
async fn a_server_without_tls_gets_no_https_request() {
    let server = Server::start(Behaviour::HangUp).await;
    let client = client(&[&server]);
    let error = get(&client, &format!("https://{}/secret-path", server.address)).await.unwrap_err();
    assert!(matches!(&error, EgressError::Unreachable(reason) if !reason.contains("secret-path")), "{error:?}");
    assert!(server.seen.lock().unwrap().is_empty());
}
