//! Users and what is known of them.

use serde::{Deserialize, Serialize};

use crate::metadata::Metadata;

/// What is known of a user. Absent means unknown; an empty text never occurs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    /// First name, 1 to 128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Last name, 1 to 128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    /// The name to show when the parts are unknown, 1 to 128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// E-mail address, 1 to 128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number, E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Language, BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Picture, a https URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    /// Other facts of the channel.
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    pub info: Metadata,
}

impl Profile {
    /// What the person is called; none where nothing is known.
    pub fn name(&self) -> Option<String> {
        let parts: Vec<&str> = [&self.given_name, &self.surname].into_iter().flatten().map(String::as_str).collect();
        let whole = Some(parts.join(" ")).filter(|name| !name.is_empty());
        whole.or_else(|| self.display_name.clone()).or_else(|| self.email.clone())
    }
}

/// A name of the person outside of any one channel, which the API shows and finds users by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// What kind of name.
    pub kind: IdentityKind,
    /// The name, 1 to 128 characters.
    pub value: String,
    /// Whether a channel vouches for it; what the business or the person said is not checked.
    pub verified: bool,
}

/// What kind of name an identity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityKind {
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Author {
    /// An end user.
    User {
        /// Which.
        user_id: crate::id::UserId,
        /// The name at that time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        display_name: Option<String>,
    },
    /// The business: a bot, an agent or a program.
    Business {
        /// The name to show.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        display_name: Option<String>,
        /// The picture to show.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        avatar_url: Option<String>,
        /// The bot that wrote it, when one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bot: Option<crate::id::SwitchboardIntegrationId>,
    },
}

/// Whether a user can be reached on a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ClientStatus {
    /// Yes.
    #[default]
    Active,
    /// The user blocked us, or is gone.
    Blocked,
    /// Not in use.
    Inactive,
    /// Waiting for a confirmation.
    Pending,
}

#[cfg(test)]
mod tests {
    use super::Profile;

    #[test]
    fn people_are_called_by_what_is_known_of_them() {
        let called = |given: Option<&str>, display: Option<&str>, email: Option<&str>| {
            let own = |text: Option<&str>| text.map(str::to_owned);
            let (given_name, display_name, email) = (own(given), own(display), own(email));
            Profile { given_name, display_name, email, ..Profile::default() }.name()
        };
        assert_eq!(called(Some("Ada"), Some("ada99"), None).as_deref(), Some("Ada"));
        assert_eq!(called(None, Some("ada99"), Some("a@b.example")).as_deref(), Some("ada99"));
        assert_eq!(called(None, None, Some("a@b.example")).as_deref(), Some("a@b.example"));
        assert_eq!(called(None, None, None), None);
    }
}
