//! Breaks: a reader that comes back with its cursor gets everything, once, or is told to read anew.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use passerelle_store::Key;
use tokio::task::JoinSet;

use super::client::{BOTH, Doors, Stream, Transport};
use super::{cursor, path, say};
use crate::house::House;

/// Breaks of the test that every change runs; `PASSERELLE_LIVE_BREAKS=1000` asks for more.
const BREAKS: &str = match option_env!("PASSERELLE_LIVE_BREAKS") {
    Some(asked) => asked,
    None => "60",
};
/// The last message.
const THE_END: &str = "the end";
/// Readers that break.
const READERS: usize = 4;

#[tokio::test]
async fn who_comes_back_gets_what_it_missed() {
    let house = House::new().await;
    let doors = Doors::open(&house).await;
    let (_, conversation) = house.conversation("crm-1").await;
    for how in BOTH {
        let mut stream = Stream::open(&doors, how, &house.app_key, &path(&house, "")).await.expect("a stream");
        let hello = stream.next().await.expect("a hello");
        drop(stream);
        let mut said = Vec::new();
        for number in 0..5 {
            said.push(say(&house, &conversation, &format!("n{number}")).await);
        }
        let mut place = cursor(&hello);
        for expected in said {
            let query = format!("cursor={place}");
            let stream = Stream::open(&doors, how, &house.app_key, &path(&house, &query)).await;
            let event = stream.expect("a stream").event().await.expect("an event");
            assert_eq!(event["payload"]["message"]["id"], expected.as_str(), "{how:?}");
            place = cursor(&event);
        }
    }
}

#[tokio::test]
async fn a_cursor_that_means_nothing_here_is_answered_with_a_resync() {
    let (house, elsewhere) = (House::new().await, House::new().await);
    let doors = Doors::open(&house).await;
    let (_, conversation) = house.conversation("crm-1").await;
    let others = Doors::open(&elsewhere).await;
    let stream = Stream::open(&others, Transport::Sse, &elsewhere.app_key, &path(&elsewhere, "")).await;
    let foreign = cursor(&stream.expect("a stream").next().await.expect("a hello"));
    let stream = Stream::open(&doors, Transport::Sse, &house.app_key, &path(&house, "")).await;
    let here = cursor(&stream.expect("a stream").next().await.expect("a hello"));
    let future = format!("{}{}", &here[..8], "00000000ffffffff");
    for (place, is_known) in [(foreign, false), (future, false), (here, true)] {
        for how in BOTH {
            let query = format!("cursor={place}");
            let mut stream = Stream::open(&doors, how, &house.app_key, &path(&house, &query)).await.expect("a stream");
            assert_eq!(stream.next().await.expect("a hello")["type"], "hello");
            if !is_known {
                let resync = stream.next().await.expect("a resync");
                assert_eq!((&resync["type"], &resync["reason"]), (&"resync".into(), &"unknown_cursor".into()));
            }
        }
    }
    let mut stream =
        Stream::open(&doors, Transport::Sse, &house.app_key, &path(&house, "cursor=ffffffff0000000000000001"))
            .await
            .expect("a stream");
    let said = say(&house, &conversation, "after the resync").await;
    let resync = stream.event().await.expect("a resync");
    assert_eq!(resync["type"], "resync");
    assert_eq!(stream.event().await.expect("an event")["payload"]["message"]["id"], said.as_str());
}

/// What a reader heard.
struct Heard {
    /// The ids of the messages, in the order of hearing.
    ids: Vec<String>,
    /// How often its stream broke.
    breaks: usize,
}

/// Reads with breaks until it hears the end.
async fn read(doors: Arc<Doors>, key: Key, start: String, base: String, number: usize, breaks: usize) -> Heard {
    let (mut place, mut heard, mut broken) = (start, Vec::new(), 0);
    let mut random = 0x9E37_79B9_u32.wrapping_mul(number as u32 + 1);
    loop {
        let how = BOTH[(broken + number) % 2];
        let Ok(mut stream) = Stream::open(&doors, how, &key, &format!("{base}&cursor={place}")).await else { continue };
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // Some breaks come before anything was heard.
        let mut left = if broken < breaks { (random >> 16) % 12 } else { u32::MAX };
        while left > 0 {
            let Some(message) = stream.next().await else { break };
            assert_ne!(message["type"], "resync", "the log is whole");
            if let Some(next) = message["cursor"].as_str() {
                assert!(place.as_str() <= next, "the cursor never goes back");
                next.clone_into(&mut place);
            }
            if let Some(id) = message["payload"]["message"]["id"].as_str() {
                heard.push(id.to_owned());
                left -= 1;
                if message["payload"]["message"]["content"]["text"] == THE_END {
                    return Heard { ids: heard, breaks: broken };
                }
            } else if broken < breaks {
                left -= 1;
            }
        }
        broken += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_breaks_leave_no_gap_and_no_duplicate() {
    let (breaks, begun): (usize, _) = (BREAKS.parse().expect("a number"), Instant::now());
    let house = Arc::new(House::new().await);
    let doors = Arc::new(Doors::open(&house).await);
    let mut talks = Vec::new();
    for number in 0..3 {
        talks.push(house.conversation(&format!("crm-{number}")).await.1);
    }
    let stream = Stream::open(&doors, Transport::Sse, &house.app_key, &path(&house, "")).await;
    let start = cursor(&stream.expect("a stream").next().await.expect("a hello"));
    let mut readers = JoinSet::new();
    for number in 0..READERS {
        let base = path(&house, "filter[types]=conversation:message");
        let (doors, key, start) = (Arc::clone(&doors), house.app_key.clone(), start.clone());
        readers.spawn(read(doors, key, start, base, number, breaks / READERS));
    }
    let mut writers = JoinSet::new();
    for conversation in talks.clone() {
        let house = Arc::clone(&house);
        writers.spawn(async move {
            let mut said = Vec::new();
            for number in 0..breaks * 2 {
                said.push(say(&house, &conversation, &format!("n{number}")).await);
            }
            said
        });
    }
    let mut said: BTreeSet<String> = writers.join_all().await.into_iter().flatten().collect();
    said.insert(say(&house, &talks[0], THE_END).await);
    let (mut broken, mut missed, mut doubled) = (0, 0, 0);
    for heard in readers.join_all().await {
        let once: BTreeSet<String> = heard.ids.iter().cloned().collect();
        broken += heard.breaks;
        missed += said.difference(&once).count();
        doubled += heard.ids.len() - once.len();
    }
    #[expect(clippy::print_stderr, reason = "the figures are what the long run is for")]
    {
        let (messages, took) = (said.len(), begun.elapsed().as_secs());
        eprintln!(
            "breaks={broken} readers={READERS} messages={messages} missed={missed} doubled={doubled} seconds={took}"
        );
    }
    assert_eq!((missed, doubled), (0, 0), "nothing is missed and nothing is heard twice");
    assert!(broken >= breaks / READERS * READERS, "every break took place");
}
