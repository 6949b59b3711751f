//! A plugin can hurt only itself: the hostile plugin beside a good one, and what stopped each deed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use passerelle_plugin_host::Fault;

use crate::world::{Behaviour, CANARY, Server, World, install};

/// Deed, and the first words of what stopped it. The documentation has this table too.
const STOPPED: [(&str, &str); 11] = [
    ("endless-loop", "stopped after 100ms of computing"),
    ("memory-growth", "stopped when it wanted more than 33554432 bytes of memory"),
    ("huge-output", "stopped when the data of one call exceeded 2097152 bytes"),
    ("long-list", "gave an answer that breaks the contract: events: has 101 items, 0 to 100 are allowed"),
    ("no-id", "gave an answer that breaks the contract: events[0].id: is empty"),
    ("deep-recursion", "trapped: "),
    ("log-flood", "stopped after 1000 calls to the host"),
    ("panic", "panicked: "),
    ("trap", "trapped: the plugin gave up without saying why"),
    ("failure", "it was asked to fail (as-ordered)"),
    ("get-target", "stopped after 3s, waiting included"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_deed_is_stopped_by_its_limit_while_a_good_plugin_keeps_answering() {
    let silent = Server::start(Behaviour::Silence).await;
    let world = World::new(|config| {
        config.egress.allow_private = vec![silent.address.parse().unwrap()];
        config.limits.channel.wall_ms = 3_000;
    });
    let world = Arc::new(world);
    let plugin = world.hostile().await;
    let hostile = install(&plugin, 1, &silent.url());
    let good = Neighbour::start(world.clone(), install(&plugin, 2, "https://vendor.example"));

    for (deed, expected) in STOPPED {
        let before = good.answers();
        let error = world.ask(&hostile, deed).await.unwrap_err();
        assert!(error.fault.to_string().starts_with(expected), "{deed}: {error}");
        assert_eq!((error.plugin.as_str(), error.call), ("hostile", "receive"));
        good.answered_since(before).await;
    }
    let slowest = good.stop().await;
    assert!(slowest < Duration::from_secs(2), "the good plugin had to wait {slowest:?}");
}

/// A good plugin that is called without a pause.
struct Neighbour {
    answers: Arc<AtomicU32>,
    stopped: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<Duration>,
}

impl Neighbour {
    fn start(world: Arc<World>, installation: passerelle_plugin_host::Installation) -> Self {
        let (answers, stopped) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, end) = (answers.clone(), stopped.clone());
        let task = tokio::spawn(async move {
            let mut slowest = Duration::ZERO;
            while !end.load(Ordering::Relaxed) {
                let started = Instant::now();
                assert_eq!(world.answer(&installation, "good").await, "good");
                slowest = slowest.max(started.elapsed());
                count.fetch_add(1, Ordering::Relaxed);
            }
            slowest
        });
        Self { answers, stopped, task }
    }

    fn answers(&self) -> u32 {
        self.answers.load(Ordering::Relaxed)
    }

    async fn answered_since(&self, before: u32) {
        let waiting = async {
            while self.answers() == before {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), waiting).await.expect("the good plugin answers");
    }

    async fn stop(self) -> Duration {
        self.stopped.store(true, Ordering::Relaxed);
        self.task.await.unwrap()
    }
}

#[tokio::test]
async fn hosts_that_are_not_granted_or_not_public_are_denied() {
    let server = Server::start(Behaviour::Echo).await;
    let world = World::new(|_| {});
    let plugin = world.hostile().await;
    let hostile = install(&plugin, 1, &server.url());
    for (deed, expected) in [
        ("get-target", "is not public"),
        ("get https://elsewhere.invalid/", "`https://elsewhere.invalid` is not among the granted hosts"),
        ("get file:///etc/passwd", "`file` is not a scheme"),
        ("get /relative", "the URL is not sound"),
        ("get http://169.254.169.254/latest", "is not among the granted hosts"),
    ] {
        let answer = world.answer(&hostile, deed).await;
        assert!(answer.starts_with("Error::Denied(") && answer.contains(expected), "{deed}: {answer}");
    }
    assert_eq!(*server.connections.lock().unwrap(), 0);
}

#[tokio::test]
async fn another_installation_s_values_cannot_be_named() {
    let world = World::new(|_| {});
    let plugin = world.hostile().await;
    let (victim, thief) = (install(&plugin, 1, "https://a.example"), install(&plugin, 2, "https://a.example"));
    world.values.put(victim.integration(), "diary", b"dear diary");
    assert_eq!(world.answer(&victim, "kv-get diary").await, "Ok(Some(Ok(\"dear diary\")))");
    for key in ["diary", "../diary", &format!("{}/diary", victim.integration())] {
        assert_eq!(world.answer(&thief, &format!("kv-get {key}")).await, "Ok(None)", "{key}");
    }
}

#[tokio::test]
async fn writes_are_given_back_to_be_committed() {
    let world = World::new(|_| {});
    let plugin = world.hostile().await;
    let installation = install(&plugin, 1, "https://a.example");
    let called = world.ask(&installation, "kv-set today").await.unwrap();
    let [write] = called.kv_writes.as_slice() else { panic!("{:?}", called.kv_writes) };
    assert_eq!((write.key.as_str(), write.value.as_deref()), ("diary", Some(&b"today"[..])));
    assert_eq!(world.answer(&installation, "kv-get diary").await, "Ok(None)");
}

#[tokio::test]
async fn a_secret_reaches_its_host_and_never_the_plugin() {
    let server = Server::start(Behaviour::Echo).await;
    let world = World::reaching(std::slice::from_ref(&server.address));
    let plugin = world.hostile().await;
    let hostile = install(&plugin, 1, &server.url());
    let answer = world.answer(&hostile, "echo-secret").await;
    let sent = server.last();
    assert!(
        sent.starts_with("POST /path/canary%2F5c41:b1rd%2Bsings?query=canary%2F5c41:b1rd%2Bsings HTTP/1.1"),
        "{sent}"
    );
    assert!(sent.contains(&format!("authorization: Bearer {CANARY}")), "{sent}");
    assert!(sent.ends_with(&format!("\"body {CANARY}\"")), "{sent}");
    assert!(answer.contains("Bearer [secret canary]"), "{answer}");
    assert!(!answer.contains("b1rd"), "{answer}");

    // What is no template is sent as it is, or a user could ask for the secret.
    world.answer(&hostile, "echo-words").await;
    let sent = server.last();
    assert!(sent.ends_with("words {{secret:canary}}"), "{sent}");

    let answer = world.answer(&hostile, "send-unsent").await;
    assert!(answer.contains("the secret `unsent` is not meant for"), "{answer}");
}

#[tokio::test]
async fn a_secret_is_nowhere_in_the_memory_of_the_plugin_that_sent_it() {
    let server = Server::start(Behaviour::Echo).await;
    let world = World::reaching(std::slice::from_ref(&server.address));
    let plugin = world.hostile().await;
    let veiled = |text: &str| text.bytes().map(|byte| format!("{:02x}", byte ^ 0x55)).collect::<String>();
    // What stands for the secret in the vendor's answer is found, so the search works.
    let deed = format!("search-after-secret {} {}", veiled("[secret canary]"), veiled(CANARY));
    let found = world.answer(&install(&plugin, 1, &server.url()), &deed).await;
    assert!(server.last().contains(CANARY), "the vendor was shown the secret");
    assert_eq!(found, "true false");
}

#[tokio::test]
async fn requests_are_counted() {
    let server = Server::start(Behaviour::Say("HTTP/1.1 204 No Content\r\n\r\n")).await;
    let world = World::reaching(std::slice::from_ref(&server.address));
    let plugin = world.hostile().await;
    let answer = world.answer(&install(&plugin, 1, &server.url()), "many-requests").await;
    let answers: Vec<&str> = answer.lines().collect();
    assert_eq!((answers.len(), answers[19], answers[20]), (25, "204 ", "Error::Budget"));
}

#[tokio::test]
async fn a_full_pool_makes_calls_wait_and_then_says_so() {
    let silent = Server::start(Behaviour::Silence).await;
    let world = Arc::new(World::new(|config| {
        config.max_instances = 1;
        config.queue_ms = 50;
        config.egress.allow_private = vec![silent.address.parse().unwrap()];
        config.limits.channel.wall_ms = 500;
    }));
    let plugin = world.hostile().await;
    let (busy, second) = (install(&plugin, 1, &silent.url()), install(&plugin, 2, "https://a.example"));
    let waiting = tokio::spawn({
        let world = world.clone();
        async move { world.ask(&busy, "get-target").await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let error = world.ask(&second, "good").await.unwrap_err();
    assert!(matches!(error.fault, Fault::PoolExhausted { .. }), "{error}");
    assert!(matches!(waiting.await.unwrap().unwrap_err().fault, Fault::WallTimeout { .. }));
    assert_eq!(world.answer(&second, "good").await, "good");
}
