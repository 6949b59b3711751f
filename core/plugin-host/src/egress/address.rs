//! Which addresses are public, and which others the operator allows.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use ipnet::IpNet;
use serde::Deserialize;

/// An address range that is not public and may be reached all the same, perhaps at one port only.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AllowedPrivate {
    net: IpNet,
    port: Option<u16>,
}

impl AllowedPrivate {
    /// Whether this address is meant.
    pub fn covers(&self, address: SocketAddr) -> bool {
        self.net.contains(&address.ip().to_canonical()) && self.port.is_none_or(|port| port == address.port())
    }
}

impl FromStr for AllowedPrivate {
    type Err = String;

    /// Reads `127.0.0.1:9001`, `[::1]:9001`, `10.0.0.0/8`, `10.0.0.0/8:8080` or a lone address.
    fn from_str(text: &str) -> Result<Self, String> {
        let invalid = || format!("`{text}` is not an address or range, such as `127.0.0.1:9001` or `10.0.0.0/8:8080`");
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Self { net: address.ip().into(), port: Some(address.port()) });
        }
        if let Ok(net) = text.parse::<IpNet>() {
            return Ok(Self { net, port: None });
        }
        if let Ok(ip) = text.parse::<IpAddr>() {
            return Ok(Self { net: ip.into(), port: None });
        }
        let (net, port) = text.rsplit_once(':').ok_or_else(invalid)?;
        let net = net.trim_start_matches('[').trim_end_matches(']').parse().map_err(|_| invalid())?;
        Ok(Self { net, port: Some(port.parse().map_err(|_| invalid())?) })
    }
}

impl TryFrom<String> for AllowedPrivate {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Whether anybody on the internet could be there. What is not known to be public is not.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// The special-purpose registry of IANA for IPv4, with multicast and the reserved end of the space.
const SPECIAL_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let bits = ip.to_bits();
    !SPECIAL_V4.iter().any(|(net, length)| (bits ^ net.to_bits()) >> (32 - length) == 0)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, third, ..] = ip.segments();
    let [.., high, low] = ip.segments();
    let embedded = Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    if ip.to_ipv4_mapped().is_some() {
        return is_public_v4(embedded);
    }
    // 64:ff9b::/96 leads to the IPv4 address in its end, so it is as public as that one.
    if ip.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return is_public_v4(embedded);
    }
    let global_unicast = first & 0xe000 == 0x2000;
    let special = match (first, second) {
        (0x2001, 0..=0x01ff) => true, // IETF protocol assignments, Teredo, benchmarking, ORCHID.
        (0x2001, 0x0db8) => true,     // Documentation.
        (0x2002, _) => true,          // 6to4.
        (0x3fff, 0..=0x0fff) => true, // Documentation.
        (0x2620, 0x004f) => third == 0x8000, // AS112.
        _ => false,
    };
    global_unicast && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_public_is_known() {
        for text in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "5f00::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.0",
            "149.154.167.220",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.255.255",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "2001:4860:4860::8888",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn the_operator_allows_ranges_and_ports() {
        let covers =
            |allowed: &str, address: &str| allowed.parse::<AllowedPrivate>().unwrap().covers(address.parse().unwrap());
        assert!(covers("127.0.0.1:9001", "127.0.0.1:9001"));
        assert!(!covers("127.0.0.1:9001", "127.0.0.1:9002"));
        assert!(!covers("127.0.0.1:9001", "127.0.0.2:9001"));
        assert!(covers("127.0.0.1", "127.0.0.1:1"));
        assert!(covers("10.0.0.0/8", "10.200.0.1:443"));
        assert!(covers("10.0.0.0/8:8080", "10.200.0.1:8080"));
        assert!(!covers("10.0.0.0/8:8080", "10.200.0.1:443"));
        assert!(covers("127.0.0.1", "[::ffff:127.0.0.1]:80"));
        assert!(covers("[::1]:9001", "[::1]:9001"));
        assert!(covers("fd00::/8:80", "[fd00::1]:80"));
        for text in ["", "localhost", "10.0.0.0/33", "10.0.0.0/8:99999", "127.0.0.1:x"] {
            assert!(text.parse::<AllowedPrivate>().is_err(), "{text}");
        }
    }
}
