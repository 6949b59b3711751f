//! What a message says: the whole content model, with its bounds. Lengths are Unicode code points unless named bytes.

use serde::{Deserialize, Serialize};

/// Characters in a text message.
pub const MAX_TEXT: usize = 4096;
/// Characters in a title, description, label, name or alternative text.
pub const MAX_LABEL: usize = 128;
/// Characters in a URL.
pub const MAX_URL: usize = 2048;
/// Bytes in the payload of a button.
pub const MAX_PAYLOAD_BYTES: usize = 1024;
/// Buttons below a message or a list.
pub const MAX_ACTIONS: usize = 10;
/// Buttons on a card.
pub const MAX_CARD_ACTIONS: usize = 3;
/// Cards in a carousel, rows in a list.
pub const MAX_CARDS: usize = 10;
/// Questions in a form.
pub const MAX_FORM_FIELDS: usize = 20;
/// Options of a question.
pub const MAX_OPTIONS: usize = 200;
/// Characters in a typed answer.
pub const MAX_ANSWER: usize = 256;
/// Bytes in a file.
pub const MAX_MEDIA_BYTES: u64 = 50 * 1024 * 1024;

/// What a message says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Content {
    /// Words, perhaps with buttons.
    Text {
        /// Plain text; may be empty only beside actions.
        text: String,
        /// Buttons.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        actions: Vec<Action>,
        /// What came with a pressed reply button.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        payload: Option<String>,
    },
    /// A picture, perhaps with words and buttons.
    Image {
        /// The picture.
        media: Media,
        /// Words beside it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// Buttons.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        actions: Vec<Action>,
    },
    /// Any other file.
    File {
        /// The file.
        media: Media,
        /// Words beside it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// Cards side by side.
    Carousel {
        /// 1 to 10 cards.
        cards: Vec<Card>,
        /// How pictures are cut.
        #[serde(default)]
        aspect: AspectRatio,
    },
    /// Rows below each other.
    List {
        /// 1 to 10 rows.
        rows: Vec<Card>,
        /// Buttons below the whole list.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        actions: Vec<Action>,
    },
    /// Questions to fill in.
    Form {
        /// 1 to 20 questions.
        fields: Vec<FormField>,
    },
    /// Answers to a form.
    FormResponse {
        /// 1 to 20 answers.
        answers: Vec<FormAnswer>,
    },
    /// A place on earth.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// Name of the place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
    /// Words that the vendor has approved beforehand.
    Template {
        /// Name at the vendor.
        name: String,
        /// Language, BCP 47.
        locale: String,
        /// Values for the places.
        parameters: Vec<String>,
        /// The words, rendered.
        rendered: String,
    },
}

impl Content {
    /// Words alone.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), actions: Vec::new(), payload: None }
    }

    /// Words with buttons.
    pub fn text_with(text: impl Into<String>, actions: Vec<Action>) -> Self {
        Self::Text { text: text.into(), actions, payload: None }
    }

    /// What stands on its postback button with this payload.
    pub fn postback_label(&self, payload: &str) -> Option<&str> {
        let (cards, below): (&[Card], &[Action]) = match self {
            Self::Text { actions, .. } | Self::Image { actions, .. } => (&[], actions),
            Self::Carousel { cards, .. } => (cards, &[]),
            Self::List { rows, actions } => (rows, actions),
            _ => (&[], &[]),
        };
        let mut all = cards.iter().flat_map(|card| &card.actions).chain(below);
        all.find_map(|action| match action {
            Action::Postback { text, payload: own } if own == payload => Some(text.as_str()),
            _ => None,
        })
    }

    /// Every file that it shows.
    pub fn media(&self) -> Vec<&Media> {
        match self {
            Self::Image { media, .. } | Self::File { media, .. } => vec![media],
            Self::Carousel { cards, .. } | Self::List { rows: cards, .. } => {
                cards.iter().filter_map(|card| card.media.as_ref()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Every file that it shows, to be changed.
    pub fn media_mut(&mut self) -> Vec<&mut Media> {
        match self {
            Self::Image { media, .. } | Self::File { media, .. } => vec![media],
            Self::Carousel { cards, .. } | Self::List { rows: cards, .. } => {
                cards.iter_mut().filter_map(|card| card.media.as_mut()).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Media {
    /// Where the bytes are.
    pub source: MediaSource,
    /// MIME type, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// File name to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// Bytes, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Text that stands in for the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
}

/// Where the bytes of a file are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MediaSource {
    /// A https URL that anybody with the URL may read.
    Url(String),
    /// A file that we keep.
    Handle(String),
    /// A file that the vendor keeps, by a name that only its adapter understands. Never stored in a message.
    Vendor(String),
}

/// How the pictures of a carousel are cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AspectRatio {
    /// 1.91 to 1.
    #[default]
    Horizontal,
    /// 1 to 1.
    Square,
}

/// A card of a carousel or a row of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Title.
    pub title: String,
    /// Description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<Media>,
    /// Buttons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
}

/// A question of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormField {
    /// Name of the answer, unique in the form.
    pub name: String,
    /// The question.
    pub label: String,
    /// Shown while empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// What may be answered.
    #[serde(flatten)]
    pub kind: FormFieldKind,
}

/// What may be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FormFieldKind {
    /// Free text.
    Text {
        /// Fewest characters.
        min_size: u32,
        /// Most characters.
        max_size: u32,
    },
    /// An e-mail address.
    Email,
    /// One of the options.
    Select {
        /// The options.
        options: Vec<SelectOption>,
    },
}

/// An option of a select question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectOption {
    /// Stored value.
    pub name: String,
    /// Shown text.
    pub label: String,
}

/// An answer of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormAnswer {
    /// Name of the question.
    pub name: String,
    /// Label of the question.
    pub label: String,
    /// The answer.
    #[serde(flatten)]
    pub value: FormValue,
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "camelCase")]
pub enum FormValue {
    /// Typed text.
    Text(String),
    /// An e-mail address.
    Email(String),
    /// Chosen options.
    Select(Vec<SelectOption>),
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Action {
    /// Opens a page.
    Link {
        /// Label.
        text: String,
        /// http, https, tel or mailto.
        uri: String,
    },
    /// Tells the business that it was pressed, without a message.
    Postback {
        /// Label.
        text: String,
        /// Given back when pressed.
        payload: String,
    },
    /// Writes its text as the user's answer.
    Reply {
        /// Label.
        text: String,
        /// Given back with the answer.
        payload: String,
        /// Picture beside the label.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        icon_url: Option<String>,
    },
    /// Opens a page inside the channel.
    Webview {
        /// Label.
        text: String,
        /// The page.
        uri: String,
        /// The page for channels that cannot.
        fallback: String,
    },
    /// Asks for a payment.
    Buy {
        /// Label.
        text: String,
        /// Smallest units of the currency.
        amount: u64,
        /// ISO 4217, lower case.
        currency: String,
    },
    /// Asks where the user is.
    LocationRequest {
        /// Label.
        text: String,
    },
}

impl Action {
    /// The label.
    pub fn label(&self) -> &str {
        match self {
            Self::Link { text, .. }
            | Self::Postback { text, .. }
            | Self::Reply { text, .. }
            | Self::Webview { text, .. }
            | Self::Buy { text, .. }
            | Self::LocationRequest { text } => text,
        }
    }
}
