//! Compares what came back with what a fixture expects, and says in words where they part.

use serde_json::Value;

/// Characters of a value that a finding shows.
const SHOWN: usize = 300;

/// Everything in which `found` is not as expected: named members must be equal, objects may hold more, lists may not,
/// and `null` expects absence.
pub(crate) fn differences(expected: &Value, found: &Value) -> Vec<String> {
    let mut out = Vec::new();
    compare("", expected, Some(found), &mut out);
    out
}

fn compare(path: &str, expected: &Value, found: Option<&Value>, out: &mut Vec<String>) {
    let Some(found) = found.filter(|found| !found.is_null()) else {
        if !expected.is_null() {
            out.push(format!("{}: expected {}, but it is absent", name(path), shown(expected)));
        }
        return;
    };
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                compare(&format!("{path}.{key}"), value, found.get(key), out);
            }
        }
        (Value::Array(expected), Value::Array(found)) => {
            for (index, value) in expected.iter().enumerate() {
                compare(&format!("{path}[{index}]"), value, found.get(index), out);
            }
            for (index, value) in found.iter().enumerate().skip(expected.len()) {
                out.push(format!(
                    "{}: nothing more was expected, but here is {}",
                    name(&format!("{path}[{index}]")),
                    shown(value)
                ));
            }
        }
        (Value::Number(expected), Value::Number(found)) if expected.as_f64() == found.as_f64() => {}
        (expected, found) if expected == found => {}
        (expected, found) => {
            out.push(format!(
                "{}: expected {}\n{:>width$} found {}",
                name(path),
                shown(expected),
                "",
                shown(found),
                width = name(path).len() + 4
            ));
        }
    }
}

fn name(path: &str) -> &str {
    match path.trim_start_matches('.') {
        "" => "the answer",
        path => path,
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn differences_are_named() {
        let found = json!({"a": 1, "list": [{"x": "y", "more": true}], "n": 2.0});
        for (expected, named) in [
            (json!({"a": 1}), None),
            (json!({"n": 2}), None),
            (json!({"list": [{"x": "y"}], "gone": null}), None),
            (json!({"a": 2}), Some("a: expected 2")),
            (json!({"a": null}), Some("a: expected null")),
            (json!({"b": 1}), Some("b: expected 1, but it is absent")),
            (json!({"list": []}), Some("list[0]: nothing more was expected")),
            (json!({"list": [{"x": "z"}]}), Some("list[0].x: expected \"z\"")),
            (json!([]), Some("the answer: expected []")),
        ] {
            let differences = differences(&expected, &found);
            match named {
                None => assert!(differences.is_empty(), "{expected}: {differences:?}"),
                Some(named) => {
                    assert!(differences.iter().any(|it| it.starts_with(named)), "{expected}: {differences:?}")
                }
            }
        }
    }
}
