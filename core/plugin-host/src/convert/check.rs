//! The checks that all answers share, and the error that names the field.

use passerelle_model::metadata::{Metadata, Scalar};

use crate::bindings::passerelle::plugin::types as wit;
use crate::error::Fault;

/// A field that breaks the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invalid {
    field: String,
    reason: String,
}

impl Invalid {
    /// A value that is wrong for this reason; the callers add the field.
    pub(crate) fn because(reason: impl Into<String>) -> Self {
        Self { field: String::new(), reason: reason.into() }
    }

    fn under(mut self, parent: &str) -> Self {
        self.field = match self.field.as_str() {
            "" => parent.to_owned(),
            field if field.starts_with('[') => format!("{parent}{field}"),
            field => format!("{parent}.{field}"),
        };
        self
    }
}

impl From<Invalid> for Fault {
    fn from(invalid: Invalid) -> Self {
        Self::InvalidOutput { field: invalid.field, reason: invalid.reason }
    }
}

/// Adds where a value stands, innermost first.
pub(crate) trait At {
    /// In the field of this name.
    fn at(self, field: &str) -> Self;
}

impl<T> At for Result<T, Invalid> {
    fn at(self, field: &str) -> Self {
        self.map_err(|invalid| invalid.under(field))
    }
}

/// A text of `min` to `max` characters.
pub(crate) fn text(text: String, min: usize, max: usize) -> Result<String, Invalid> {
    // A text has no more characters than bytes, so most need no counting.
    if text.len() < min {
        return Err(Invalid::because("is empty"));
    }
    if text.len() > max && text.chars().count() > max {
        return Err(Invalid::because(format!("is longer than {max} characters")));
    }
    Ok(text)
}

/// A text that may be absent, but not empty.
pub(crate) fn optional(value: Option<String>, max: usize) -> Result<Option<String>, Invalid> {
    value.map(|value| text(value, 1, max)).transpose()
}

/// A text of 1 to `max` bytes.
pub(crate) fn bytes(text: String, max: usize) -> Result<String, Invalid> {
    match text.len() {
        0 => Err(Invalid::because("is empty")),
        length if length > max => Err(Invalid::because(format!("has {length} bytes, at most {max} are allowed"))),
        _ => Ok(text),
    }
}

/// A list of `min` to `max` items, each converted.
pub(crate) fn list<T, U>(
    items: Vec<T>,
    min: usize,
    max: usize,
    convert: impl Fn(T) -> Result<U, Invalid>,
) -> Result<Vec<U>, Invalid> {
    if !(min..=max).contains(&items.len()) {
        return Err(Invalid::because(format!("has {} items, {min} to {max} are allowed", items.len())));
    }
    let each = |(index, item)| convert(item).map_err(|invalid: Invalid| invalid.under(&format!("[{index}]")));
    items.into_iter().enumerate().map(each).collect()
}

/// A URL of 1 to `max` characters with one of these schemes.
pub(crate) fn uri(value: String, max: usize, schemes: &[&str]) -> Result<String, Invalid> {
    let value = text(value, 1, max)?;
    let scheme = value.split_once(':').map_or("", |(scheme, _)| scheme);
    if schemes.iter().any(|allowed| scheme.eq_ignore_ascii_case(allowed)) {
        return Ok(value);
    }
    Err(Invalid::because(format!("is not a URL with one of the schemes {}", schemes.join(", "))))
}

/// Metadata within the model's bounds. Of a name that comes twice the later value counts.
pub(crate) fn metadata(entries: Vec<wit::Entry>) -> Result<Metadata, Invalid> {
    let entries = list(entries, 0, passerelle_model::metadata::MAX_METADATA_ENTRIES, |(name, value)| {
        Ok((text(name, 1, 128)?, scalar(value)?))
    })?;
    let metadata: Metadata = entries.into_iter().collect();
    metadata.check().map_err(|error| Invalid::because(error.to_string()))?;
    Ok(metadata)
}

/// A finite value.
pub(crate) fn scalar(value: wit::Scalar) -> Result<Scalar, Invalid> {
    match value {
        wit::Scalar::Text(text) => Ok(Scalar::Text(text)),
        wit::Scalar::Flag(flag) => Ok(Scalar::Flag(flag)),
        wit::Scalar::Number(number) if number.is_finite() => Ok(Scalar::Number(number)),
        wit::Scalar::Number(_) => Err(Invalid::because("is not a finite number")),
    }
}
