//! The closed lists of the Conversations API. They are data, not knowledge: the strictest official client refuses a whole
//! reply for one word that is not in them.

const CLIENT_TYPES: &str = include_str!("../../data/client-types.txt");
const INTEGRATION_TYPES: &str = include_str!("../../data/integration-types.txt");

const OVERRIDE_CHANNELS: &str = include_str!("../../data/override-channels.txt");
const TEMPLATE_SCHEMAS: &str = include_str!("../../data/template-schemas.txt");

/// The channels for which a message may bring a payload of their own.
pub(crate) fn override_channels() -> impl Iterator<Item = &'static str> {
    OVERRIDE_CHANNELS.lines()
}

/// The vendors whose templates a message may bring.
pub(crate) fn template_schemas() -> impl Iterator<Item = &'static str> {
    TEMPLATE_SCHEMAS.lines()
}

/// Whether a client of this type may say so.
pub(crate) fn is_client_type(word: &str) -> bool {
    CLIENT_TYPES.lines().any(|line| line == word)
}

/// Whether an integration of this type may say so; others are shown as `custom`.
pub(crate) fn is_integration_type(word: &str) -> bool {
    INTEGRATION_TYPES.lines().any(|line| line == word)
}

/// The types that clients may have.
pub(crate) fn client_types() -> impl Iterator<Item = &'static str> {
    CLIENT_TYPES.lines()
}

/// The types that integrations may have.
pub(crate) fn integration_types() -> impl Iterator<Item = &'static str> {
    INTEGRATION_TYPES.lines()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_whole_lines() {
        assert!(is_client_type("sdk") && !is_client_type("custom") && !is_client_type("sd") && !is_client_type(""));
        assert!(is_integration_type("custom") && !is_integration_type("sdk"));
        assert_eq!((CLIENT_TYPES.lines().count(), INTEGRATION_TYPES.lines().count()), (17, 16));
    }
}
