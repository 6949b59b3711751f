//! Where a call comes from: the other end of the connection, or what a proxy that we trust says of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use http::HeaderMap;
use ipnet::IpNet;
use serde::Deserialize;

const FORWARDED: &str = "x-forwarded-for";
/// Hops that are read at most, from the right.
const MAX_HOPS: usize = 16;

/// The address of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Addresses of proxies: one, or a network such as `10.0.0.0/8`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ProxyRange(IpNet);

impl TryFrom<String> for ProxyRange {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let single = text.parse::<IpAddr>().map(IpNet::from);
        let range = single.or_else(|_| text.parse::<IpNet>());
        range.map(Self).map_err(|_| format!("`{text}` is neither an address nor a network such as `10.0.0.0/8`"))
    }
}

impl ClientAddress {
    /// Stands for callers without a connection, such as tests.
    pub(crate) const NOWHERE: Self = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

    /// The client behind a connection from `peer`: the right-most hop that is no proxy of ours. What stands further left
    /// was written by strangers.
    pub(crate) fn find(peer: IpAddr, headers: &HeaderMap, proxies: &[ProxyRange]) -> Self {
        let mut address = peer.to_canonical();
        let values = headers.get_all(FORWARDED).iter().filter_map(|value| value.to_str().ok());
        let values: Vec<&str> = values.flat_map(|value| value.split(',')).collect();
        for hop in values.iter().rev().take(MAX_HOPS) {
            if !proxies.iter().any(|ProxyRange(range)| range.contains(&address)) {
                break;
            }
            // What cannot be read ends the chain: the proxy that passed it on is all we know.
            let Some(next) = parse(hop.trim()) else { break };
            address = next;
        }
        Self(address)
    }

    /// What counts as one place: an address, or the /64 that an IPv6 host may choose addresses from.
    pub(crate) fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        }
    }
}

fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse().or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip())).ok()?;
    Some(IpAddr::to_canonical(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(peer: &str, forwarded: &[&str], expected: &str) {
        let proxies = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"].map(|text| text.to_owned().try_into().expect("a range"));
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED, value.parse().expect("a value"));
        }
        let found = ClientAddress::find(peer.parse().expect("an address"), &headers, &proxies);
        assert_eq!(found.0.to_string(), expected, "{peer} {forwarded:?}");
    }

    #[test]
    fn only_proxies_of_ours_are_believed() {
        check("198.51.100.7", &[], "198.51.100.7");
        check("198.51.100.7", &["203.0.113.9"], "198.51.100.7");
        check("198.51.100.7", &["127.0.0.1"], "198.51.100.7");
        check("127.0.0.1", &[], "127.0.0.1");
        check("127.0.0.1", &["203.0.113.9"], "203.0.113.9");
        check("127.0.0.1", &["1.2.3.4, 203.0.113.9"], "203.0.113.9");
        check("127.0.0.1", &["1.2.3.4, 203.0.113.9, 10.1.2.3"], "203.0.113.9");
        check("127.0.0.1", &["1.2.3.4", "203.0.113.9"], "203.0.113.9");
        check("10.0.0.1", &["127.0.0.1"], "127.0.0.1");
        check("fd00::1", &["2001:db8::5"], "2001:db8::5");
        check("::ffff:127.0.0.1", &["203.0.113.9"], "203.0.113.9");
        check("127.0.0.1", &["203.0.113.9:4711"], "203.0.113.9");
        check("127.0.0.1", &["[2001:db8::5]:4711"], "2001:db8::5");
        check("127.0.0.1", &["[2001:db8::5]"], "2001:db8::5");
        check("127.0.0.1", &["203.0.113.9, unknown"], "127.0.0.1");
        check("127.0.0.1", &["203.0.113.9,"], "127.0.0.1");
        check("127.0.0.1", &["", "x y z"], "127.0.0.1");
        check("127.0.0.1", &["203.0.113.9, unknown, 10.0.0.2"], "10.0.0.2");
    }

    #[test]
    fn hosts_of_one_ipv6_network_are_one_place() {
        let place = |text: &str| ClientAddress(text.parse().expect("an address")).network();
        assert_eq!(place("2001:db8:1:2:3:4:5:6"), place("2001:db8:1:2::9"));
        assert_ne!(place("2001:db8:1:2::9"), place("2001:db8:1:3::9"));
        assert_ne!(place("203.0.113.9"), place("203.0.113.8"));
    }

    #[test]
    fn odd_ranges_are_refused_in_words() {
        for odd in ["", "localhost", "10.0.0.0/33", "*"] {
            assert!(ProxyRange::try_from(odd.to_owned()).is_err_and(|error| error.contains("neither")), "{odd}");
        }
    }
}
