//! The cycles: start, write, kill, start again; and now and then a rest and a check.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use passerelle_test_support::channel::Ledger;
use passerelle_test_support::database::Database;
use passerelle_test_support::{api, within};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::house::House;
use crate::lots::Lots;
use crate::posts::Posts;
use crate::talk::Talk;
use crate::verdict::{Seen, Verdict};

/// The named points of the gateway's own code at which it can be made to end.
const POINTS: [&str; 7] = [
    "after-raw-commit",
    "before-ack",
    "after-record",
    "after-turn-commit",
    "before-send",
    "after-send",
    "after-outcome-commit",
];
/// The variable that names the point.
const FAILPOINT: &str = "PASSERELLE__GATEWAY__FAILPOINT";
/// How long a gateway may live that should end by itself.
const LONGEST_LIFE: Duration = Duration::from_secs(4);
/// A random kill comes so many milliseconds after the start, start-up included.
const LIFE_MS: u64 = 1800;

/// What a run does.
pub(crate) struct Plan {
    pub(crate) cycles: u32,
    pub(crate) seed: u64,
    pub(crate) conversations: usize,
    pub(crate) check_every: u32,
    pub(crate) flaky: u32,
    pub(crate) synchronous: &'static str,
    pub(crate) keep: Option<PathBuf>,
}

/// Carries the plan out.
pub(crate) async fn run(plan: &Plan) -> Result<Verdict> {
    let mut house = House::build(plan.synchronous, plan.keep.clone()).await?;
    for (index, channel) in house.channels.iter().enumerate() {
        channel.is_flaky(plan.flaky, plan.seed.wrapping_add(index as u64));
    }
    let mut lots = Lots::new(plan.seed, 0);
    let mut verdict = Verdict::default();
    let mut talks = new_talks(plan, &house, 0);
    let mut posts = new_posts(&house, 0);
    for cycle in 1..=plan.cycles {
        (talks, posts) =
            cycle_once(&mut house, talks, posts, &mut lots).await.with_context(|| format!("cycle {cycle}"))?;
        if cycle % plan.check_every == 0 || cycle == plan.cycles {
            let checked = check(&mut house, &mut talks, &mut posts, &mut verdict).await;
            checked.with_context(|| format!("check after cycle {cycle}"))?;
            talks = new_talks(plan, &house, cycle);
            posts = new_posts(&house, cycle);
        }
    }
    Ok(verdict)
}

/// Every fourth conversation belongs to the channel that does not recognise repeats.
fn new_talks(plan: &Plan, house: &House, generation: u32) -> Vec<Talk> {
    let talk = |index: usize| {
        let integration = usize::from(index % 4 == 3);
        let lots = Lots::new(plan.seed, u64::from(generation) * 10_000 + index as u64 + 1);
        Talk::new(format!("g{generation}-c{index}"), integration, house.webhook(integration), lots)
    };
    (0..plan.conversations).map(talk).collect()
}

fn new_posts(house: &House, generation: u32) -> Posts {
    Posts::new(format!("g{generation}-api"), house.written_by_api.clone(), house.api.clone())
}

/// One life of the gateway.
async fn cycle_once(house: &mut House, talks: Vec<Talk>, posts: Posts, lots: &mut Lots) -> Result<(Vec<Talk>, Posts)> {
    let at_point = lots.percent(50);
    let life = Duration::from_millis(lots.below(LIFE_MS));
    let pass = 1 + lots.below(120);
    let point = lots.one_of(&POINTS).filter(|_| at_point).map(|name| format!("{name}:{pass}"));
    house.gateway.set(FAILPOINT, point.as_deref());
    house.gateway.spawns()?;
    let (tell_gone, gone) = watch::channel(false);
    let mut writers = JoinSet::new();
    for talk in talks {
        writers.spawn(talk.write_until(gone.clone()));
    }
    let posts = tokio::spawn(posts.write_until(gone));
    if at_point {
        // The point may lie behind what this load reaches; then it is killed like the others.
        let _ = house.gateway.process()?.wait(LONGEST_LIFE).await;
    } else {
        tokio::time::sleep(life).await;
    }
    if house.gateway.process()?.ended()?.is_none() {
        house.gateway.is_killed().await?;
    }
    tell_gone.send_replace(true);
    let mut talks = writers.join_all().await;
    talks.sort_by(|one, other| one.name.len().cmp(&other.name.len()).then_with(|| one.name.cmp(&other.name)));
    Ok((talks, posts.await?))
}

/// Lets the gateway finish and compares what was acknowledged with what is there.
async fn check(house: &mut House, talks: &mut [Talk], posts: &mut Posts, verdict: &mut Verdict) -> Result<()> {
    house.gateway.set(FAILPOINT, None);
    house.gateway.starts().await?;
    for talk in talks.iter_mut() {
        if !talk.settle().await {
            verdict.note(format!("`{}` was still refused after the restart", talk.name));
        }
    }
    if !posts.settle().await {
        verdict.note(format!("`{}` was still refused after the restart", posts.name));
    }
    house.rests().await?;
    let database = Database::open(&house.gateway.database()).await?;
    let ledgers: Vec<Ledger> = house.channels.iter().map(|channel| channel.ledger()).collect();
    for ledger in &ledgers {
        for malformed in &ledger.malformed {
            verdict.lost += 1;
            verdict.note(format!("the channel refused a send as malformed: {malformed}"));
        }
    }
    for fault in house.receiver.faults() {
        verdict.lost += 1;
        verdict.note(format!("the receiver found fault with a webhook: {fault}"));
    }
    let told: Vec<String> = house.receiver.events().iter().map(text_of).collect();
    let by_api = house.api.messages(&house.written_by_api).await?;
    let by_api: Vec<String> = by_api.iter().map(|message| api::text(message).to_owned()).collect();
    verdict.judge_posts(&posts.name, &posts.acked, &by_api, &told);
    for talk in talks.iter() {
        let seen = look(house, &database, &ledgers[talk.integration], talk).await?;
        verdict.judge(&seen);
        verdict.judge_told(&seen, &told);
    }
    house.gateway.is_killed().await
}

/// The text of the message that a webhook told of.
fn text_of(event: &serde_json::Value) -> String {
    api::text(&event["payload"]["message"]).to_owned()
}

async fn look(house: &House, database: &Database, ledger: &Ledger, talk: &Talk) -> Result<Seen> {
    let arrived = ledger.accepted.iter().filter(|arrived| arrived.conversation == talk.name);
    let mut seen = Seen {
        name: talk.name.clone(),
        acked: talk.acked.clone(),
        arrived: arrived.map(|arrived| arrived.text.clone()).collect(),
        ..Seen::default()
    };
    let conversations = database.conversations_of(&talk.name).await?;
    seen.conversations = conversations.len();
    for conversation in conversations {
        let what = format!("the messages of `{}`", talk.name);
        let messages =
            within(Duration::from_secs(5), &what, || async { Ok(Some(house.api.messages(&conversation).await?)) });
        for message in messages.await? {
            let text = api::text(&message).to_owned();
            match api::author(&message) {
                "user" => seen.written.push(text),
                _ => seen.answered.push(text),
            }
        }
        seen.events.extend(database.event_numbers(&conversation).await?);
        seen.explained.extend(database.undelivered_texts(&conversation).await?);
    }
    Ok(seen)
}
