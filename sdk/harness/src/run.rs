//! Runs fixtures: one installation, one call after the other, everything compared.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context as _, Result, bail};
use passerelle_model::id::{AppId, IntegrationId};
use passerelle_model::time::{Clock, Timestamp};
use passerelle_plugin_host::{
    CallError, Called, HostConfig, Installation, KvWrite, LoadError, Plugin, PluginHost, Secrets,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixture::{Exchange, Fixture, Step};
use crate::input::{
    ActivityInput, EventInput, FactsInput, LocateInput, NativeInput, PollInput, ReceiveInput, RegisterInput, SendInput,
    parse,
};
use crate::script::Vendor;
use crate::source::{Stored, stored_value};
use crate::{compare, render};

/// The real host with a scripted vendor, a set clock, and one installation's store in memory.
pub struct Harness {
    host: PluginHost,
    vendor: Vendor,
    stored: Stored,
    now_ms: Arc<AtomicI64>,
    _cache: TempDir,
}

/// How a fixture ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Everything that was not as expected; empty when the fixture passed.
    pub findings: Vec<Finding>,
}

/// One thing that was not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which call of the fixture, from 1.
    pub step: usize,
    /// What parts, in words.
    pub what: String,
}

/// A call's answer as JSON, and what it wants stored.
struct Outcome {
    value: Value,
    kv_writes: Vec<KvWrite>,
    state: Option<Vec<u8>>,
}

impl Verdict {
    /// Whether everything was as expected.
    pub fn passed(&self) -> bool {
        self.findings.is_empty()
    }
}

impl Harness {
    /// Starts host and vendor. Compiled plugins go to a folder that vanishes with the harness.
    pub async fn start() -> Result<Self> {
        let cache = TempDir::with_prefix("passerelle-harness-").context("cannot make a temporary folder")?;
        let vendor = Vendor::start().await?;
        let now_ms = Arc::new(AtomicI64::new(0));
        let told = Arc::clone(&now_ms);
        let clock = Clock::from_fn(move || Timestamp::from_millis(told.load(Ordering::Relaxed)));
        let stored = Stored::new(clock.clone());
        let mut config = HostConfig::new(cache.path());
        config.max_instances = 4;
        config.egress.connect_instead = Some(vendor.address());
        let host = PluginHost::new(config, clock, Arc::new(stored.clone()), Arc::new(stored.clone()))?;
        Ok(Self { host, vendor, stored, now_ms, _cache: cache })
    }

    /// Loads a component with all the checks of production.
    pub async fn load(&self, component: Vec<u8>) -> Result<Arc<Plugin>, LoadError> {
        self.host.load(component).await
    }

    /// Runs one fixture. An error means that the fixture itself is no good.
    pub async fn run(&self, plugin: &Arc<Plugin>, fixture: &Fixture) -> Result<Verdict> {
        self.stored.reset(&fixture.kv, &fixture.media)?;
        let secrets = secrets(plugin, &fixture.secrets);
        let installation = install(plugin, &fixture.settings, &secrets)?;
        let mut verdict = Verdict::default();
        let mut state = None;
        for (index, step) in fixture.steps().iter().enumerate() {
            let call = step.call.as_ref().or(fixture.call.as_ref()).context("the fixture lacks `call`")?;
            self.now_ms.store(step.now_ms.unwrap_or(fixture.now_ms), Ordering::Relaxed);
            self.vendor.follow(step.http.iter().map(|exchange| filled(exchange, &secrets)).collect());
            let outcome = self
                .call(call, &installation, plugin, &step.input, Turn { seq: index as u64 + 1, state: state.take() })
                .await
                .with_context(|| format!("in step {}", index + 1))?;
            let findings = self.judge(step, &outcome);
            verdict.findings.extend(findings.into_iter().map(|what| Finding { step: index + 1, what }));
            self.stored.commit(&outcome.kv_writes);
            state = outcome.state;
        }
        Ok(verdict)
    }

    fn judge(&self, step: &Step, outcome: &Outcome) -> Vec<String> {
        let mut findings = compare::differences(&spelled_out(&step.expect), &outcome.value);
        findings.extend(self.vendor.findings());
        for (key, expected) in &step.expect_kv {
            let write = outcome.kv_writes.iter().rev().find(|write| write.key == *key);
            let Some(write) = write else {
                findings.push(format!("expectKv.{key}: expected {expected}, but the call did not write it"));
                continue;
            };
            let found = stored_value(write.value.as_deref(), expected);
            findings
                .extend(compare::differences(expected, &found).into_iter().map(|it| format!("expectKv.{key}: {it}")));
        }
        findings
    }

    async fn call(
        &self,
        call: &str,
        installation: &Installation,
        plugin: &Plugin,
        input: &Value,
        turn: Turn,
    ) -> Result<Outcome> {
        let (host, now) = (&self.host, Timestamp::from_millis(self.now_ms.load(Ordering::Relaxed)));
        Ok(match call {
            "capabilities" => {
                let found = plugin.capabilities().context("only a channel has capabilities")?;
                Outcome { value: render::capabilities(found), kv_writes: Vec::new(), state: None }
            }
            "receive" => {
                let request = parse::<ReceiveInput>(input)?.into_request(now);
                outcome(host.receive(installation, request).await, |events| render::events(events))
            }
            "poll" => outcome(host.poll(installation, parse::<PollInput>(input)?.cursor).await, render::polled),
            "send" => {
                let outbound = parse::<SendInput>(input)?.into_outbound();
                outcome(host.send(installation, outbound).await, render::outcome)
            }
            "send-native" => {
                let (outbound, payload) = parse::<NativeInput>(input)?.into_parts()?;
                outcome(host.send_native(installation, outbound, payload).await, render::outcome)
            }
            "send-activity" => {
                let input: ActivityInput = parse(input)?;
                let activity = input.activity;
                outcome(host.send_activity(installation, input.into_target(), activity).await, render::outcome)
            }
            "register" => {
                let url = parse::<RegisterInput>(input)?.url;
                outcome(host.register_webhook(installation, &url).await, |()| json!({}))
            }
            "unregister" => outcome(host.unregister_webhook(installation).await, |()| json!({})),
            "locate" => {
                let reference = parse::<LocateInput>(input)?.reference;
                outcome(host.locate_media(installation, &reference).await, render::download)
            }
            "check" => outcome(host.check_account(installation).await, render::plain),
            "on-event" => {
                let (conversation, own_state, event) = parse::<EventInput>(input)?.into_parts(turn.seq, now);
                let called = host.on_event(installation, conversation, own_state.or(turn.state), event).await;
                let state = called.as_ref().ok().and_then(|called| called.value.state.clone());
                Outcome { state, ..outcome(called, render::turn) }
            }
            "decide" => {
                let facts = parse::<FactsInput>(input)?.into_facts(now);
                outcome(host.decide(installation, facts).await, render::decision)
            }
            other => bail!("there is no call `{other}`"),
        })
    }
}

/// What a bot's call knows of those before it.
struct Turn {
    seq: u64,
    state: Option<Vec<u8>>,
}

fn outcome<T>(called: Result<Called<T>, CallError>, shown: impl FnOnce(&T) -> Value) -> Outcome {
    match called {
        Ok(called) => Outcome { value: shown(&called.value), kv_writes: called.kv_writes, state: None },
        Err(error) => Outcome { value: render::error(&error), kv_writes: Vec::new(), state: None },
    }
}

/// The fixture's secrets, and a stand-in for each that the manifest wants.
fn secrets(plugin: &Plugin, given: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let wanted = plugin.manifest().secrets.iter().filter(|(_, spec)| spec.required || spec.generate);
    let stand_ins = wanted.map(|(name, _)| (name.clone(), format!("test-{name}")));
    stand_ins.chain(given.clone()).collect()
}

/// Installs the plugin with everything granted that it asks for.
fn install(plugin: &Arc<Plugin>, settings: &Value, secrets: &BTreeMap<String, String>) -> Result<Installation> {
    let granted: Vec<String> = plugin.manifest().permissions.hosts.iter().map(ToString::to_string).collect();
    let mut held = Secrets::default();
    for (name, value) in secrets {
        held.insert(name.clone(), value.clone());
    }
    let (app, integration) = (AppId::from_bytes([0xa0; 12]), IntegrationId::from_bytes([0xb0; 12]));
    Ok(Installation::new(Arc::clone(plugin), app, integration, settings.clone(), held, &granted)?)
}

/// The exchange as the vendor sees it: with the secrets filled in.
fn filled(exchange: &Exchange, secrets: &BTreeMap<String, String>) -> Exchange {
    let fill = |text: &str| {
        secrets
            .iter()
            .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{{secret:{name}}}}}"), value))
    };
    let mut exchange = exchange.clone();
    let expect = &mut exchange.expect;
    expect.url = fill(&expect.url);
    expect.headers.values_mut().for_each(|value| *value = fill(value));
    expect.contains.iter_mut().for_each(|part| *part = fill(part));
    if let Some(body) = &mut expect.body {
        fill_json(body, &fill);
    }
    exchange
}

fn fill_json(value: &mut Value, fill: &impl Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = fill(text),
        Value::Array(items) => items.iter_mut().for_each(|item| fill_json(item, fill)),
        Value::Object(members) => members.values_mut().for_each(|member| fill_json(member, fill)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The expectation with texts that stand for text messages written out.
fn spelled_out(expected: &Value) -> Value {
    match expected {
        Value::Array(items) => items.iter().map(spelled_out).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), member(name, value))).collect(),
        other => other.clone(),
    }
}

fn member(name: &str, value: &Value) -> Value {
    match (name, value) {
        ("reply" | "content", Value::String(text)) => json!({ "type": "text", "text": text }),
        _ => spelled_out(value),
    }
}
