//! Finds keys that no setting has, and the nearest one that exists.
//!
//! The embedded defaults set every key, so they are the list of what exists.

use std::path::Path;

use toml::{Table, Value};

use super::ConfigError;

/// Letters that may differ before a key counts as another word.
const FARTHEST: usize = 4;

/// Refuses the first key of the file that no setting has.
pub(super) fn refuse_in_file(known: &Table, file: &Table, path: &Path) -> Result<(), ConfigError> {
    match first_unknown(known, file, "") {
        None => Ok(()),
        Some(key) => {
            let nearest = nearest(known, &key);
            Err(ConfigError::Unknown { key, origin: format!("`{}`", path.display()), nearest })
        }
    }
}

/// Refuses the first variable that is no setting. `keys`: paths in lower case, such as `server.listen`.
pub(super) fn refuse_in_environment(
    known: &Table,
    keys: impl Iterator<Item = String>,
    prefix: &str,
) -> Result<(), ConfigError> {
    for key in keys {
        if !paths(known, "").contains(&key) {
            let origin = format!("environment variable `{prefix}{}`", key.to_uppercase().replace('.', "__"));
            let nearest = nearest(known, &key);
            return Err(ConfigError::Unknown { key, origin, nearest });
        }
    }
    Ok(())
}

fn first_unknown(known: &Table, given: &Table, place: &str) -> Option<String> {
    given.iter().find_map(|(key, value)| {
        let path = join(place, key);
        match (known.get(key), value) {
            (None, _) => Some(path),
            (Some(Value::Table(known)), Value::Table(given)) => first_unknown(known, given, &path),
            _ => None,
        }
    })
}

/// Every path of the defaults, tables included.
fn paths(table: &Table, place: &str) -> Vec<String> {
    let below = |(key, value): (&String, &Value)| {
        let path = join(place, key);
        let mut all = value.as_table().map(|inner| paths(inner, &path)).unwrap_or_default();
        all.insert(0, path);
        all
    };
    table.iter().flat_map(below).collect()
}

fn nearest(known: &Table, key: &str) -> Option<String> {
    let candidates = paths(known, "").into_iter().map(|path| (distance(&path, key), path));
    candidates.min().filter(|(distance, _)| *distance <= FARTHEST).map(|(_, path)| path)
}

/// Letters to add, drop or change to make one text of the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, l) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (column, r) in right.iter().enumerate() {
            let changed = diagonal + usize::from(l != *r);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

fn join(place: &str, key: &str) -> String {
    if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_near() {
        for (left, right, expected) in [("", "abc", 3), ("listen", "listn", 1), ("kitten", "sitting", 3), ("a", "a", 0)]
        {
            assert_eq!(distance(left, right), expected, "{left} {right}");
        }
        let known = "[server]\nlisten = 1\n[log]\nlevel = 1".parse::<Table>().expect("toml");
        assert_eq!(nearest(&known, "log.lvl"), Some("log.level".to_owned()));
        assert_eq!(nearest(&known, "something.else.entirely"), None);
    }
}
