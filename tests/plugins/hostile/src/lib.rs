//! A plugin that misbehaves in the way that the request's body names. With `good` it does as it should, so that one
//! file stands for both sides of "a plugin can hurt only itself".

use std::hint::black_box;

use passerelle_sdk::prelude::*;
use serde::Deserialize;

/// What the host checked.
#[derive(Deserialize)]
struct Settings {
    /// The only host that is granted.
    target: String,
}

struct Hostile;

impl Channel for Hostile {
    type Settings = Settings;

    fn capabilities() -> Capabilities {
        Capabilities::new("hostile", TextLimit::code_points(4096))
    }

    fn receive(cx: &Context<Settings>, request: Request) -> Result<Vec<InboundEvent>, Failure> {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let (deed, rest) = body.split_once(' ').unwrap_or((&body, ""));
        match deed {
            "good" => Ok(said("good")),
            "endless-loop" => endless_loop(),
            "memory-growth" => memory_growth(),
            "huge-output" => Ok(said("x".repeat(4 << 20))),
            "long-list" => Ok((0..101).flat_map(|_| said("one of too many")).collect()),
            "no-id" => Ok(vec![InboundEvent::new("", "c", "u", InboundKind::Reachable(true))]),
            "deep-recursion" => Ok(said(depth(black_box(0)).to_string())),
            "log-flood" => loop {
                log::info("flood");
            },
            "panic" => panic!("as ordered"),
            "trap" => trap(),
            "failure" => Err(Failure::new(FailureCategory::BadInput, "as-ordered", "it was asked to fail")),
            "kv-set" => Ok(said(format!("{:?}", kv::set("diary", rest.as_bytes())))),
            "kv-get" => Ok(said(format!("{:?}", kv::get(rest).map(|value| value.map(String::from_utf8))))),
            "get" => Ok(said(outcome(http::get(rest)))),
            "get-target" => Ok(said(outcome(http::get(&cx.settings.target)))),
            "echo-secret" => Ok(said(outcome(with_secret(cx, "canary")))),
            "echo-words" => Ok(said(outcome(http::post(&cx.settings.target).bytes("text/plain", "words {{secret:canary}}")))),
            "search-after-secret" => {
                let answer = outcome(with_secret(cx, "canary"));
                let found = rest.split(' ').map(|hidden| memory_holds(hidden).to_string()).collect::<Vec<_>>().join(" ");
                black_box(answer);
                Ok(said(found))
            }
            "send-unsent" => Ok(said(outcome(with_secret(cx, "unsent")))),
            "many-requests" => {
                Ok(said((0..25).map(|_| outcome(http::get(&cx.settings.target))).collect::<Vec<_>>().join("\n")))
            }
            _ => Err(Failure::new(FailureCategory::BadInput, "unknown-deed", deed)),
        }
    }

    fn send(_: &Context<Settings>, outbound: Outbound) -> Outcome {
        Outcome::sent(outbound.key)
    }
}

passerelle_sdk::channel!(Hostile);

fn said(text: impl Into<String>) -> Vec<InboundEvent> {
    let message =
        InboundMessage { id: "m1".into(), content: Content::text(text), in_reply_to: None, metadata: Vec::new() };
    vec![InboundEvent::new("e1", "c1", "u1", InboundKind::Message(message))]
}

fn endless_loop() -> ! {
    let mut turns = 0u64;
    loop {
        turns = black_box(turns.wrapping_add(1));
    }
}

fn memory_growth() -> ! {
    let mut kept = Vec::new();
    loop {
        kept.push(black_box(vec![7u8; 1 << 20]));
    }
}

/// Not a tail call, so that every level needs its own frame.
fn depth(level: u64) -> u64 {
    let frame = black_box([level; 64]);
    if level == u64::MAX { 0 } else { depth(black_box(level + 1)) + frame[7] }
}

#[cfg(target_arch = "wasm32")]
fn trap() -> ! {
    core::arch::wasm32::unreachable()
}

#[cfg(not(target_arch = "wasm32"))]
fn trap() -> ! {
    std::process::abort()
}

/// What hides a text that is searched for, so that the search does not find itself.
const VEIL: u8 = 0x55;

/// Whether the whole memory of this instance holds the text whose veiled bytes are these hex digits.
#[cfg(target_arch = "wasm32")]
fn memory_holds(hidden: &str) -> bool {
    let digit = |at: usize| u8::from_str_radix(&hidden[at * 2..at * 2 + 2], 16).unwrap_or_default();
    let veiled: Vec<u8> = (0..hidden.len() / 2).map(digit).collect();
    let end = core::arch::wasm32::memory_size(0) * 65_536 - veiled.len();
    // Reading one's own memory at any address is sound in a sandbox: nothing else lives there.
    let byte = |at: usize| unsafe { core::ptr::read_volatile(at as *const u8) };
    (1..end).any(|start| veiled.iter().enumerate().all(|(offset, veiled)| byte(start + offset) == veiled ^ VEIL))
}

#[cfg(not(target_arch = "wasm32"))]
fn memory_holds(_: &str) -> bool {
    false
}

fn with_secret(cx: &Context<Settings>, name: &str) -> http::RequestBuilder {
    let placeholder = format!("{{{{secret:{name}}}}}");
    http::post(format!("{}/path/{placeholder}?query={placeholder}", cx.settings.target))
        .header("authorization", format!("Bearer {placeholder}"))
        .json_with_secrets(&format!("body {placeholder}"))
}

fn outcome(request: http::RequestBuilder) -> String {
    match request.send() {
        Ok(response) => format!("{} {}", response.status, String::from_utf8_lossy(&response.body)),
        Err(error) => format!("{error:?}"),
    }
}
