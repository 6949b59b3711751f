//! Times on the wire: `2025-03-01T08:00:02.113Z`, UTC, always three decimals.

use passerelle_model::time::Timestamp;

/// The time as the API writes it.
pub(crate) fn show(at: Timestamp) -> String {
    let time = jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// A time that a caller wrote, in any offset.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    text.parse::<jiff::Timestamp>().ok().map(|time| Timestamp::from_micros(time.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_decimals_whatever_the_time() {
        for (micros, shown) in [
            (1_740_816_000_000_000, "2025-03-01T08:00:00.000Z"),
            (1_740_816_002_113_999, "2025-03-01T08:00:02.113Z"),
            (0, "1970-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(show(Timestamp::from_micros(micros)), shown);
            let read = read(shown).expect("our own form is readable");
            assert_eq!(read.as_millis(), Timestamp::from_micros(micros).as_millis());
        }
        assert_eq!(read("yesterday"), None);
        assert_eq!(read("2025-03-01T09:00:00+01:00"), Some(Timestamp::from_micros(1_740_816_000_000_000)));
    }
}
