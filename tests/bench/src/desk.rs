//! A desk with many agents and many open tickets beside one with few: what asking for views and tickets costs, and how long
//! a customer's message takes until a workspace has it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Parser;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use passerelle_test_support::gateway::{Gateway, Setup};
use passerelle_test_support::{Agent, Api, seed};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::figures::{ms, percentile, table};
use crate::say;
use crate::socket::{self, Socket};

/// Calls that run at once while the desk is filled.
const AT_ONCE: usize = 16;
/// How often each question is asked.
const ROUNDS: usize = 50;
/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(120);

/// A desk's size.
#[derive(Debug, Parser)]
pub(crate) struct Settings {
    /// Open tickets of a small desk.
    #[arg(long, default_value_t = 200)]
    few: usize,
    /// Open tickets of a large one.
    #[arg(long, default_value_t = 20_000)]
    many: usize,
    /// Agents online at the large desk; the small one has a hundredth of them.
    #[arg(long, default_value_t = 500)]
    agents: usize,
    /// Workspaces that listen.
    #[arg(long, default_value_t = 20)]
    listening: usize,
    /// Messages of customers in a second.
    #[arg(long, default_value_t = 200)]
    per_second: u32,
    /// For how many seconds they come.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
}

/// A desk that stands, and what was measured at it.
struct Measured {
    gateway: Gateway,
    api: Api,
    admin: Agent,
    talks: Vec<String>,
    /// One for each of `QUESTIONS`.
    paths: Vec<String>,
    tickets: usize,
    agents: usize,
    /// In the order of `QUESTIONS`.
    asked: Vec<Vec<Duration>>,
    /// From the customer's call until a workspace has the message.
    live: Vec<Duration>,
}

const QUESTIONS: [&str; 4] = ["view counts", "view page", "ticket", "ticket's log"];

/// Both desks stand at once and are asked by turns, so that what else the machine does falls on both.
pub(crate) async fn run(settings: &Settings) -> Result<()> {
    say(format!(
        "\nThe desk, asked {ROUNDS} times; {} messages a second with {} workspaces listening:\n",
        settings.per_second, settings.listening
    ))?;
    let few = open(settings, settings.few, (settings.agents / 100).max(1)).await?;
    let many = open(settings, settings.many, settings.agents).await?;
    let mut desks = [few, many];
    ask(&mut desks).await?;
    for desk in &mut desks {
        desk.live = listen(settings, desk).await?;
    }
    let mut head = vec!["tickets", "agents"];
    head.extend(QUESTIONS.map(|question| question));
    head.extend(["live p50", "live p95"]);
    say(table(&head, &desks.each_ref().map(row)))?;
    say("All in milliseconds; of questions the median.")?;
    for (n, question) in QUESTIONS.iter().enumerate() {
        let [few, many] = desks.each_ref().map(|desk| percentile(&mut desk.asked[n].clone(), 0.5).as_secs_f64());
        say(format!("{question}: many / few {:.2}", many / few.max(f64::EPSILON)))?;
    }
    for mut desk in desks {
        desk.gateway.stops().await?;
    }
    Ok(())
}

fn row(measured: &Measured) -> Vec<String> {
    let mut cells = vec![measured.tickets.to_string(), measured.agents.to_string()];
    cells.extend(measured.asked.iter().map(|asked| ms(percentile(&mut asked.clone(), 0.5))));
    let mut live = measured.live.clone();
    cells.extend([ms(percentile(&mut live, 0.5)), ms(percentile(&mut live, 0.95))]);
    cells
}

/// A desk with so many open tickets and agents online, of which nothing was asked yet.
async fn open(settings: &Settings, tickets: usize, agents: usize) -> Result<Measured> {
    let mut gateway = Gateway::prepare(&setup())?;
    let access = seed::app(&gateway, "Desk").await?;
    gateway.starts().await?;
    let api = gateway.api(&access);
    let talks = seats_and_talks(&api, settings.listening.max(8)).await?;
    let admin = Agent::first(&gateway).await?;
    staff(&admin, agents).await?;
    let ticket = fill(&admin, tickets).await?;
    let paths = questions(&admin, ticket).await?;
    Ok(Measured { gateway, api, admin, talks, paths, tickets, agents, asked: Vec::new(), live: Vec::new() })
}

/// Bounds that one program does not meet.
fn setup() -> Setup {
    let set = |name: &str, value: &str| (format!("PASSERELLE__{name}"), value.to_owned());
    let mut environment = vec![
        set("DESK__OFFLINE_AFTER_MS", "86400000"),
        // Nothing is offered: tickets shall stay as they are while they are asked for.
        set("DESK__SEAT_TYPE", "bench:desk"),
    ];
    for limit in ["READ", "WRITE", "ADDRESS"] {
        environment.push(set(&format!("LIMITS__{limit}__PER_SECOND"), "100000"));
        environment.push(set(&format!("LIMITS__{limit}__BURST"), "100000"));
    }
    Setup { synchronous: Some("full"), environment, ..Setup::default() }
}

/// A switchboard whose default is the desk, and customers with a conversation there.
async fn seats_and_talks(api: &Api, count: usize) -> Result<Vec<String>> {
    let made = api.create("/switchboards", &json!({})).await?;
    let board = made["switchboard"]["id"].as_str().context("a switchboard has an id")?.to_owned();
    let seat = json!({ "name": "agents", "integrationType": "bench:desk" });
    let seat = api.create(&format!("/switchboards/{board}/switchboardIntegrations"), &seat).await?;
    let default = json!({ "enabled": true, "defaultSwitchboardIntegrationId": seat["switchboardIntegration"]["id"] });
    api.change(&format!("/switchboards/{board}"), &default).await?;
    let mut talks = Vec::new();
    for index in 0..count {
        let name = format!("customer-{index}");
        api.create("/users", &json!({ "externalId": name })).await?;
        let body = json!({ "type": "personal", "participants": [{ "userExternalId": name }] });
        let made = api.create("/conversations", &body).await?;
        talks.push(made["conversation"]["id"].as_str().context("a conversation has an id")?.to_owned());
    }
    Ok(talks)
}

/// Agents who are online and take nothing.
async fn staff(admin: &Agent, count: usize) -> Result<()> {
    let hire = |index: usize| async move {
        let user = json!({
            "name": format!("Agent {index}"), "email": format!("agent-{index}@desk.example"), "role": "agent",
            "password": "a password of the bench", "capacity": 0,
        });
        let made = admin.call("POST", "/users", Some(&json!({ "user": user }))).await?.expect(201)?;
        let path = format!("/agent_availabilities/agent_statuses/agents/{}", made["user"]["id"]);
        admin.put(&path, &json!({ "id": 3 })).await.map(|_| ())
    };
    stream::iter(0..count).map(hire).buffer_unordered(AT_ONCE).try_collect().await
}

/// Open tickets of many kinds. Gives the number of one of them.
async fn fill(admin: &Agent, count: usize) -> Result<i64> {
    let write = |index: usize| async move {
        let priority = ["low", "normal", "high", "urgent"][index % 4];
        let subject = format!("Order {index} has not come yet");
        let comment = json!({ "body": format!("I wait for order {index}. Where is it?") });
        let ticket = json!({ "subject": subject, "comment": comment, "priority": priority, "status": "open", "tags": ["bench"] });
        let made = admin.call("POST", "/tickets", Some(&json!({ "ticket": ticket }))).await?.expect(201)?;
        made["ticket"]["id"].as_i64().context("a ticket has a number")
    };
    let made: Vec<i64> = stream::iter(0..count).map(write).buffer_unordered(AT_ONCE).try_collect().await?;
    made.get(count / 2).copied().context("no ticket was made")
}

/// What is asked of a desk, in the order of `QUESTIONS`.
async fn questions(admin: &Agent, ticket: i64) -> Result<Vec<String>> {
    let views = admin.get("/views/active").await?;
    let ids: Vec<String> = views["views"].as_array().into_iter().flatten().map(|view| view["id"].to_string()).collect();
    let all = ids.get(2).context("a new desk has views")?;
    Ok(vec![
        format!("/views/count_many?ids={}", ids.join(",")),
        format!("/views/{all}/tickets?page[size]=50&include=users"),
        format!("/tickets/{ticket}?include=users,groups"),
        format!("/tickets/{ticket}/conversation_log"),
    ])
}

async fn ask(desks: &mut [Measured]) -> Result<()> {
    for question in 0..QUESTIONS.len() {
        for desk in desks.iter_mut() {
            desk.admin.get(&desk.paths[question]).await?;
            desk.asked.push(Vec::with_capacity(ROUNDS));
        }
        for _ in 0..ROUNDS {
            for desk in desks.iter_mut() {
                let begun = Instant::now();
                desk.admin.get(&desk.paths[question]).await?;
                desk.asked[question].push(begun.elapsed());
            }
        }
    }
    Ok(())
}

/// Customers write at an even pace; one of the workspaces is looked at, the others listen beside it.
async fn listen(settings: &Settings, desk: &Measured) -> Result<Vec<Duration>> {
    let (api, talks) = (&desk.api, &desk.talks);
    let headers = [("authorization", desk.admin.authorization())];
    let mut sockets = Vec::new();
    for _ in 0..settings.listening {
        sockets.push(socket::open(&desk.gateway.base(), "/api/v2/stream", &headers).await?);
    }
    let watched = sockets.pop().context("somebody has to listen")?;
    let others: Vec<_> = sockets
        .into_iter()
        .map(|mut socket| tokio::spawn(async move { while let Some(Ok(_)) = socket.next().await {} }))
        .collect();
    let count = settings.per_second * settings.seconds;
    let ear = tokio::spawn(hears(watched, count as usize));
    let pace = Duration::from_secs(1) / settings.per_second.max(1);
    let begun = Instant::now();
    let mut writing = Vec::new();
    for number in 0..count {
        tokio::time::sleep_until((begun + pace * number).into()).await;
        let (api, talk) = (api.clone(), talks[number as usize % talks.len()].clone());
        let name = format!("customer-{}", number as usize % talks.len());
        writing.push(tokio::spawn(async move {
            let at = Instant::now();
            let author = json!({ "type": "user", "userExternalId": name });
            let body = json!({ "author": author, "content": { "type": "text", "text": format!("#{number}") } });
            api.call("POST", &format!("/conversations/{talk}/messages"), Some(&body)).await?.expect(201)?;
            anyhow::Ok((number as usize, at))
        }));
    }
    let mut said = vec![begun; count as usize];
    for written in writing {
        let (number, at) = written.await??;
        said[number] = at;
    }
    let heard = tokio::time::timeout(PATIENCE, ear).await.context("not everything came")???;
    others.into_iter().for_each(|other| other.abort());
    Ok(heard.into_iter().map(|(number, at)| at.duration_since(said[number])).collect())
}

/// When each numbered message came.
async fn hears(mut socket: Socket, count: usize) -> Result<Vec<(usize, Instant)>> {
    let mut heard = Vec::with_capacity(count);
    while heard.len() < count {
        let Some(message) = socket.next().await else { bail!("the stream ended") };
        let Message::Text(text) = message? else { continue };
        let frame: Value = serde_json::from_str(&text)?;
        let said = frame["payload"]["message"]["content"]["text"].as_str();
        if let Some(number) = said.and_then(|text| text.strip_prefix('#')).and_then(|text| text.parse().ok()) {
            heard.push((number, Instant::now()));
        }
    }
    Ok(heard)
}
