//! Pages of lists: `page[size]`, `page[after]`, `page[before]`, and the links to the next one.

use passerelle_store::{NumberPage, Paged};
use serde_json::{Value, json};

use super::door::Visit;
use super::problem::Problem;
use crate::call::Reply;

/// Things of a page.
const DEFAULT: u32 = 100;
/// Things of a page at most.
const MAX: u32 = 100;

impl Visit {
    /// The page that is asked for. `per_page` is the size in the older spelling.
    pub(super) fn page(&self) -> Result<NumberPage, Problem> {
        let size = match self.query("page[size]").or_else(|| self.query("per_page")) {
            None => DEFAULT,
            Some(text) => text.parse().ok().filter(|size| (1..=MAX).contains(size)).ok_or_else(wrong)?,
        };
        let cursor = |name| self.query(name).map(|text| text.parse().map_err(|_| wrong())).transpose();
        let (after, before) = (cursor("page[after]")?, cursor("page[before]")?);
        if after.is_some() && before.is_some() {
            return Err(wrong());
        }
        Ok(NumberPage { after, before, size })
    }

    /// A list with its cursors and links; `id` is what a thing is paged by. `next_page` and `previous_page` are the same
    /// links where older programs look for them.
    pub(super) fn list<T>(
        &self,
        name: &str,
        found: &Paged<T>,
        page: NumberPage,
        id: impl Fn(&T) -> i64,
        shown: Vec<Value>,
    ) -> Value {
        let (first, last) = (found.rows.first().map(&id), found.rows.last().map(&id));
        let backwards = page.before.is_some();
        let before = first.filter(|_| if backwards { found.has_more } else { page.after.is_some() });
        let after = last.filter(|_| backwards || found.has_more);
        let link = |word: &str, cursor: Option<i64>| cursor.map(|cursor| self.link(word, cursor, page.size));
        let (next, previous) = (link("after", after), link("before", before));
        json!({
            name: shown,
            "meta": {
                "has_more": found.has_more,
                "after_cursor": after.map(|cursor| cursor.to_string()),
                "before_cursor": before.map(|cursor| cursor.to_string()),
            },
            "links": { "next": next, "prev": previous },
            "next_page": next,
            "previous_page": previous,
        })
    }

    fn link(&self, word: &str, cursor: i64, size: u32) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.pairs().filter(|(name, _)| !name.starts_with("page") && *name != "per_page") {
            query.append_pair(name, value);
        }
        query.append_pair(&format!("page[{word}]"), &cursor.to_string()).append_pair("page[size]", &size.to_string());
        format!("{}{}?{}", self.api.public_url, self.request.uri.path(), query.finish())
    }
}

/// A list that is never paged.
pub(super) fn whole(name: &str, shown: Vec<Value>) -> Value {
    let count = shown.len();
    json!({ name: shown, "count": count, "next_page": null, "previous_page": null })
}

/// 200 with an object.
pub(super) fn ok(value: Value) -> Result<Reply, Problem> {
    Ok(Reply::Json(http::StatusCode::OK, value))
}

fn wrong() -> Problem {
    Problem::invalid("page", "should be page[size] from 1 to 100, and one cursor at most that a list gave")
}
