//! `page` and `filter` of a query, in the three spellings that real clients use: `page[after]=…`, the same with encoded
//! brackets, and `page={"after":"…"}`. Keys that we do not know are ignored.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde_json::Value;

use crate::error::ApiError;

/// Records of a page when the caller does not say.
pub(crate) const DEFAULT_PAGE: u32 = 25;
/// Records of a page at most.
pub(crate) const MAX_PAGE: u32 = 100;

/// A parsed query string.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Query {
    page: BTreeMap<String, String>,
    filter: BTreeMap<String, String>,
    plain: BTreeMap<String, String>,
}

/// Where a page starts and how long it is. At most one of the cursors is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageQuery<Id> {
    pub(crate) after: Option<Id>,
    pub(crate) before: Option<Id>,
    pub(crate) size: u32,
}

impl Query {
    /// Parses what stands after the `?`.
    pub(crate) fn parse(text: &str) -> Result<Self, ApiError> {
        let mut query = Self::default();
        for (key, value) in url::form_urlencoded::parse(text.as_bytes()) {
            query.plain.insert(key.clone().into_owned(), value.clone().into_owned());
            query.take("page", "Invalid page query parameters", &key, &value)?;
            query.take("filter", "Invalid query parameters", &key, &value)?;
        }
        Ok(query)
    }

    /// A filter by name, when it is there and not empty.
    pub(crate) fn filter(&self, name: &str) -> Option<&str> {
        self.filter.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A parameter by its plain name, when it is there and not empty.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.plain.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The filters once more, as they belong into a link: empty, or with `&` at the end.
    pub(crate) fn filter_text(&self) -> String {
        let encode = |value: &str| url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>();
        self.filter.iter().map(|(name, value)| format!("filter[{name}]={}&", encode(value))).collect()
    }

    /// The page that is asked for.
    pub(crate) fn page<Id: FromStr>(&self) -> Result<PageQuery<Id>, ApiError> {
        let size = match self.page.get("size") {
            None => DEFAULT_PAGE,
            Some(text) => text.parse().ok().filter(|size| (1..=MAX_PAGE).contains(size)).ok_or_else(invalid_page)?,
        };
        self.cursors(size)
    }

    /// The page of a list whose length is fixed: `page[size]` may be sent and is ignored.
    pub(crate) fn fixed_page<Id: FromStr>(&self, size: u32) -> Result<PageQuery<Id>, ApiError> {
        self.cursors(size)
    }

    fn cursors<Id: FromStr>(&self, size: u32) -> Result<PageQuery<Id>, ApiError> {
        let cursor = |name| match self.page.get(name) {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| invalid_page()),
        };
        let (after, before) = (cursor("after")?, cursor("before")?);
        if after.is_some() && before.is_some() {
            return Err(invalid_page());
        }
        Ok(PageQuery { after, before, size })
    }

    fn take(&mut self, name: &str, refusal: &str, key: &str, value: &str) -> Result<(), ApiError> {
        let Some(rest) = key.strip_prefix(name) else { return Ok(()) };
        let fields = if name == "page" { &mut self.page } else { &mut self.filter };
        if rest.is_empty() {
            let object = serde_json::from_str::<BTreeMap<String, Value>>(value);
            let object = object.map_err(|_| ApiError::bad_request(refusal))?;
            fields.extend(object.into_iter().filter_map(|(key, value)| Some((key, plain(value)?))));
        } else if let Some(field) = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            fields.insert(field.to_owned(), value.to_owned());
        }
        Ok(())
    }
}

fn plain(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

fn invalid_page() -> ApiError {
    ApiError::bad_request("Invalid page query parameters")
}

#[cfg(test)]
mod tests {
    use passerelle_model::id::MessageId;

    use super::*;

    const ID: &str = "66b0000000000000000000f1";

    fn check(query: &str, expected: Result<(Option<&str>, Option<&str>, u32), &str>) {
        let page = Query::parse(query).and_then(|query| query.page::<MessageId>());
        let page = page.map(|p| (p.after.map(|id| id.to_string()), p.before.map(|id| id.to_string()), p.size));
        let expected =
            expected.map(|(after, before, size)| (after.map(str::to_owned), before.map(str::to_owned), size));
        assert_eq!(page, expected.map_err(ApiError::bad_request), "{query}");
    }

    #[test]
    fn every_spelling_of_a_page_is_understood() {
        check("", Ok((None, None, 25)));
        check(&format!("page[after]={ID}&page[size]=7"), Ok((Some(ID), None, 7)));
        check(&format!("page%5Bbefore%5D={ID}"), Ok((None, Some(ID), 25)));
        check(&format!("page=%7B%22before%22%3A%22{ID}%22%2C%22size%22%3A25%7D"), Ok((None, Some(ID), 25)));
        check("page={}&unknown[x]=1&page[strange]=2", Ok((None, None, 25)));
        check("page={\"after\":null,\"size\":100}", Ok((None, None, 100)));
    }

    #[test]
    fn a_wrong_page_is_refused_in_words() {
        let refusal = Err("Invalid page query parameters");
        check("page[size]=0", refusal);
        check("page[size]=101", refusal);
        check("page[size]=many", refusal);
        check("page[after]=123", refusal);
        check("page={broken", refusal);
        check("page=25", refusal);
        check(&format!("page[after]={ID}&page[before]={ID}"), refusal);
    }

    #[test]
    fn filters_come_in_the_same_spellings() {
        for query in ["filter[userId]=abc", "filter%5BuserId%5D=abc", "filter=%7B%22userId%22%3A%22abc%22%7D"] {
            assert_eq!(Query::parse(query).map(|q| q.filter("userId").map(str::to_owned)), Ok(Some("abc".to_owned())));
        }
        assert_eq!(Query::parse("filter={"), Err(ApiError::bad_request("Invalid query parameters")));
        assert_eq!(Query::parse("filter[userId]=").map(|q| q.filter("userId").is_none()), Ok(true));
    }
}
