//! Pages of lists: `page[size]`, `page[after]`, `page[before]`, and the links to the next one.

use passerelle_store::{NumberPage, Paged, Part};
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
        self.linked(name, shown, found.has_more, before, after, page.size)
    }

    fn linked(
        &self,
        name: &str,
        shown: Vec<Value>,
        has_more: bool,
        before: Option<i64>,
        after: Option<i64>,
        size: u32,
    ) -> Value {
        let link = |word: &str, cursor: Option<i64>| cursor.map(|cursor| self.link(word, cursor, size));
        let (next, previous) = (link("after", after), link("before", before));
        json!({
            name: shown,
            "meta": {
                "has_more": has_more,
                "after_cursor": after.map(|cursor| cursor.to_string()),
                "before_cursor": before.map(|cursor| cursor.to_string()),
            },
            "links": { "next": next, "prev": previous },
            "next_page": next,
            "previous_page": previous,
        })
    }

    /// The part that is asked for of a list that has an order of its own: its cursors say how many come before. `page` is
    /// the number of the page in the older spelling.
    pub(super) fn part(&self, usual: u32) -> Result<Part, Problem> {
        let NumberPage { after, before, size } = self.page()?;
        let size = if self.query("page[size]").or_else(|| self.query("per_page")).is_some() { size } else { usual };
        let skip = match (after, before, self.query("page")) {
            (Some(after), ..) => u32::try_from(after).map_err(|_| wrong())?,
            (_, Some(before), _) => u32::try_from(before).map_err(|_| wrong())?.saturating_sub(size),
            (_, _, Some(page)) => {
                let page: u32 = page.parse().ok().filter(|page| *page > 0).ok_or_else(wrong)?;
                (page - 1).saturating_mul(size)
            }
            _ => 0,
        };
        Ok(Part { skip, size })
    }

    /// A part of a list that has an order of its own.
    pub(super) fn part_list(&self, name: &str, shown: Vec<Value>, part: Part, has_more: bool) -> Value {
        let after = has_more.then(|| i64::from(part.skip) + i64::try_from(shown.len()).unwrap_or(0));
        let before = (part.skip > 0).then(|| i64::from(part.skip));
        self.linked(name, shown, has_more, before, after, part.size)
    }

    /// A short list, of which a part is shown.
    pub(super) fn short_list(&self, name: &str, shown: Vec<Value>) -> Result<Value, Problem> {
        let (part, count) = (self.part(MAX)?, shown.len());
        let (skip, size) = (part.skip as usize, part.size as usize);
        let has_more = count > skip + size;
        let shown = shown.into_iter().skip(skip).take(size).collect();
        let mut answer = self.part_list(name, shown, part, has_more);
        answer["count"] = count.into();
        Ok(answer)
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
