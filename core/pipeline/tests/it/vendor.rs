//! A vendor that takes every call and remembers it: for what adapters do beside sending.

use std::sync::{Arc, Mutex, PoisonError};

use passerelle_pipeline::NewIntegrationKind;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Its calls, as the method's name and the body.
type Calls = Arc<Mutex<Vec<(String, String)>>>;

pub(crate) struct Vendor {
    url: String,
    calls: Calls,
    task: tokio::task::JoinHandle<()>,
}

impl Vendor {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let calls = Calls::default();
        let kept = Arc::clone(&calls);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&kept)));
            }
        });
        Self { url, calls, task }
    }

    /// The bodies of the calls of a method so far.
    pub(crate) fn calls(&self, method: &str) -> Vec<String> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.iter().filter(|(name, _)| name == method).map(|(_, body)| body.clone()).collect()
    }

    /// An installation of the first-party adapter that talks to this vendor.
    pub(crate) fn installation(&self, mode: &str) -> NewIntegrationKind {
        NewIntegrationKind::Plugin {
            plugin: "channel-telegram".into(),
            settings: serde_json::json!({ "api_base": self.url, "mode": mode, "poll_timeout_s": 0 }),
            secrets: [("bot-token".to_owned(), "1234:token".to_owned())].into(),
            granted_hosts: None,
        }
    }
}

impl Drop for Vendor {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One call per connection.
async fn answer(stream: TcpStream, calls: Calls) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await.ok()?;
    let method = first.split(' ').nth(1)?.rsplit('/').next()?.to_owned();
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let result = if method == "getUpdates" { "[]" } else { "true" };
    calls.lock().unwrap_or_else(PoisonError::into_inner).push((method, String::from_utf8_lossy(&body).into_owned()));
    let answer = format!(r#"{{"ok":true,"result":{result}}}"#);
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        answer.len()
    );
    stream.write_all(format!("{head}{answer}").as_bytes()).await.ok()
}
