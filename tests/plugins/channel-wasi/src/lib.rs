//! A channel that asks WASI preview 2 for what the request's body names and says what it got, so that a test sees what a
//! guest with a standard library of its own may have: clocks, random numbers, output into the log, and nothing else.

use passerelle_sdk::prelude::*;
use serde::Deserialize;

mod guest {
    wit_bindgen::generate!({ path: "wit", world: "guest", generate_all });
}

use guest::wasi;
use wasi::sockets::network::{IpAddressFamily, IpSocketAddress, Ipv4SocketAddress};

/// There is nothing to set.
#[derive(Deserialize)]
struct Settings {}

struct Wasi;

impl Channel for Wasi {
    type Settings = Settings;

    fn capabilities() -> Capabilities {
        Capabilities::new("wasi", TextLimit::code_points(4096))
    }

    fn receive(_: &Context<Settings>, request: Request) -> Result<Vec<InboundEvent>, Failure> {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let (deed, rest) = body.split_once(' ').unwrap_or((&body, ""));
        let answer = match deed {
            "clock" => wasi::clocks::wall_clock::now().seconds.to_string(),
            "random" => (wasi::random::random::get_random_u64() != wasi::random::random::get_random_u64()).to_string(),
            "print" => {
                let line = format!("{rest}\n");
                format!("{:?}", wasi::cli::stdout::get_stdout().blocking_write_and_flush(line.as_bytes()).is_ok())
            }
            "environment" => {
                let variables = wasi::cli::environment::get_environment().len();
                format!("{variables} variables, {} arguments", wasi::cli::environment::get_arguments().len())
            }
            "folders" => wasi::filesystem::preopens::get_directories().len().to_string(),
            "connect" => connect(rest.parse().unwrap_or_default()),
            "look-up" => {
                let network = wasi::sockets::instance_network::instance_network();
                match wasi::sockets::ip_name_lookup::resolve_addresses(&network, rest) {
                    Ok(_) => "asked".to_owned(),
                    Err(error) => error.to_string(),
                }
            }
            _ => return Err(Failure::new(FailureCategory::BadInput, "unknown-deed", deed)),
        };
        let message =
            InboundMessage { id: "m1".into(), content: Content::text(answer), in_reply_to: None, metadata: Vec::new() };
        Ok(vec![InboundEvent::new("e1", "c1", "u1", InboundKind::Message(message))])
    }

    fn send(_: &Context<Settings>, outbound: Outbound) -> Outcome {
        Outcome::sent(outbound.key)
    }
}

passerelle_sdk::channel!(Wasi);

/// What came of a connection to this port of the host's own machine.
fn connect(port: u16) -> String {
    let socket = match wasi::sockets::tcp_create_socket::create_tcp_socket(IpAddressFamily::Ipv4) {
        Ok(socket) => socket,
        Err(error) => return format!("no socket: {error}"),
    };
    let network = wasi::sockets::instance_network::instance_network();
    let address = IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address: (127, 0, 0, 1) });
    match socket.start_connect(&network, address) {
        Ok(()) => "started".to_owned(),
        Err(error) => format!("no connection: {error}"),
    }
}
