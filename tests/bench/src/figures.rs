//! Numbers as people read them: percentiles, and tables in Markdown, so that they can go into the docs as they are.

use std::time::Duration;

/// The value below which this share of the durations lies. Sorts them.
pub(crate) fn percentile(durations: &mut [Duration], share: f64) -> Duration {
    durations.sort_unstable();
    let last = durations.len().saturating_sub(1);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index"
    )]
    let index = (last as f64 * share).round() as usize;
    durations.get(index).copied().unwrap_or_default()
}

/// Milliseconds with two decimals.
pub(crate) fn ms(duration: Duration) -> String {
    format!("{:.2}", duration.as_secs_f64() * 1e3)
}

/// Microseconds with one decimal.
pub(crate) fn us(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64() * 1e6)
}

/// Events of one second.
pub(crate) fn rate(count: u64, elapsed: Duration) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let count = count as f64;
    if elapsed.is_zero() { 0.0 } else { count / elapsed.as_secs_f64() }
}

/// A share of time.
pub(crate) fn each(total: Duration, count: u64) -> Duration {
    if count == 0 { Duration::ZERO } else { total.div_f64(rate(count, Duration::from_secs(1))) }
}

/// A Markdown table.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(head.iter().map(|cell| (*cell).to_owned()).collect());
    let rule = |index| if index == 0 { "---" } else { "---:" };
    text.push_str(&line((0..head.len()).map(|index| rule(index).to_owned()).collect()));
    for row in rows {
        text.push_str(&line(row.clone()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_sorted_list() {
        let mut durations: Vec<_> = (1..=101).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile(&mut durations, 0.5), Duration::from_millis(51));
        assert_eq!(percentile(&mut durations, 0.99), Duration::from_millis(100));
        assert_eq!(percentile(&mut [], 0.5), Duration::ZERO);
    }

    #[test]
    fn a_share_is_the_total_by_the_count() {
        assert_eq!(each(Duration::from_secs(2), 1000), Duration::from_millis(2));
        assert_eq!(each(Duration::from_secs(2), 0), Duration::ZERO);
        assert!((rate(500, Duration::from_millis(250)) - 2000.0).abs() < 1e-9);
    }

    #[test]
    fn a_table_is_markdown() {
        let rows = vec![vec!["gateway".to_owned(), "3".to_owned()]];
        assert_eq!(table(&["server", "turns/s"], &rows), "| server | turns/s |\n| --- | ---: |\n| gateway | 3 |\n");
    }
}
