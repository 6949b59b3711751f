//! What a message says. Constructors and builders for the content model of the contract.

pub use crate::bindings::passerelle::plugin::types::{
    Action, AspectRatio, BuyAction, Card, CarouselContent, Content, FileContent, FormAnswer, FormContent, FormField,
    FormFieldKind, FormResponseContent, FormValue, ImageContent, LinkAction, ListContent, LocationContent,
    LocationRequestAction, Media, MediaSource, PostbackAction, ReplyAction, SelectOption, TemplateContent, TextContent,
    WebviewAction,
};

impl Content {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(TextContent { text: text.into(), actions: Vec::new(), payload: None })
    }

    /// A picture.
    pub fn image(media: Media) -> Self {
        Self::Image(ImageContent { media, text: None, actions: Vec::new() })
    }

    /// Any other file.
    pub fn file(media: Media) -> Self {
        Self::File(FileContent { media, text: None })
    }

    /// A place on earth, in degrees north and east.
    pub fn location(latitude: f64, longitude: f64) -> Self {
        Self::Location(LocationContent { latitude, longitude, name: None, address: None })
    }

    /// Cards side by side.
    pub fn carousel(cards: impl IntoIterator<Item = Card>) -> Self {
        Self::Carousel(CarouselContent { cards: cards.into_iter().collect(), aspect: AspectRatio::Horizontal })
    }

    /// Rows below each other.
    pub fn list(rows: impl IntoIterator<Item = Card>) -> Self {
        Self::Items(ListContent { rows: rows.into_iter().collect(), actions: Vec::new() })
    }

    /// Questions to fill in.
    pub fn form(fields: impl IntoIterator<Item = FormField>) -> Self {
        Self::Form(FormContent { fields: fields.into_iter().collect() })
    }

    /// Adds a button. Only text, pictures and lists have buttons of their own; elsewhere nothing changes.
    #[must_use]
    pub fn with_action(mut self, action: Action) -> Self {
        match &mut self {
            Self::Text(text) => text.actions.push(action),
            Self::Image(image) => image.actions.push(action),
            Self::Items(list) => list.actions.push(action),
            Self::File(_)
            | Self::Carousel(_)
            | Self::Form(_)
            | Self::FormResponse(_)
            | Self::Location(_)
            | Self::Template(_) => {}
        }
        self
    }

    /// Adds a button that writes its label as the user's answer.
    #[must_use]
    pub fn with_reply(self, label: impl Into<String>, payload: impl Into<String>) -> Self {
        self.with_action(Action::reply(label, payload))
    }

    /// Adds a button that only tells the business that it was pressed.
    #[must_use]
    pub fn with_postback(self, label: impl Into<String>, payload: impl Into<String>) -> Self {
        self.with_action(Action::postback(label, payload))
    }

    /// Adds a button that opens a page.
    #[must_use]
    pub fn with_link(self, label: impl Into<String>, uri: impl Into<String>) -> Self {
        self.with_action(Action::link(label, uri))
    }

    /// Adds words to a picture or a file. Elsewhere nothing changes.
    #[must_use]
    pub fn with_caption(mut self, caption: impl Into<String>) -> Self {
        match &mut self {
            Self::Image(image) => image.text = Some(caption.into()),
            Self::File(file) => file.text = Some(caption.into()),
            Self::Text(_)
            | Self::Carousel(_)
            | Self::Items(_)
            | Self::Form(_)
            | Self::FormResponse(_)
            | Self::Location(_)
            | Self::Template(_) => {}
        }
        self
    }

    /// Adds the payload of the reply button that was pressed. Only for text.
    #[must_use]
    pub fn with_payload(mut self, payload: impl Into<String>) -> Self {
        if let Self::Text(text) = &mut self {
            text.payload = Some(payload.into());
        }
        self
    }

    /// Names the place and its address. Only for a location.
    #[must_use]
    pub fn named(mut self, name: Option<String>, address: Option<String>) -> Self {
        if let Self::Location(location) = &mut self {
            location.name = name;
            location.address = address;
        }
        self
    }

    /// The words of a text message or the caption of a picture or file.
    pub fn plain(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(&text.text),
            Self::Image(image) => image.text.as_deref(),
            Self::File(file) => file.text.as_deref(),
            Self::Template(template) => Some(&template.rendered),
            Self::Carousel(_) | Self::Items(_) | Self::Form(_) | Self::FormResponse(_) | Self::Location(_) => None,
        }
    }

    /// The buttons of the message itself, without those of its cards.
    pub fn actions(&self) -> &[Action] {
        match self {
            Self::Text(text) => &text.actions,
            Self::Image(image) => &image.actions,
            Self::Items(list) => &list.actions,
            Self::File(_)
            | Self::Carousel(_)
            | Self::Form(_)
            | Self::FormResponse(_)
            | Self::Location(_)
            | Self::Template(_) => &[],
        }
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl Action {
    /// Writes its label as the user's answer.
    pub fn reply(label: impl Into<String>, payload: impl Into<String>) -> Self {
        Self::Reply(ReplyAction { text: label.into(), payload: payload.into(), icon_url: None })
    }

    /// Tells the business that it was pressed, without a message.
    pub fn postback(label: impl Into<String>, payload: impl Into<String>) -> Self {
        Self::Postback(PostbackAction { text: label.into(), payload: payload.into() })
    }

    /// Opens a page.
    pub fn link(label: impl Into<String>, uri: impl Into<String>) -> Self {
        Self::Link(LinkAction { text: label.into(), uri: uri.into() })
    }

    /// Asks where the user is.
    pub fn location_request(label: impl Into<String>) -> Self {
        Self::LocationRequest(LocationRequestAction { text: label.into() })
    }

    /// What the button says.
    pub fn label(&self) -> &str {
        match self {
            Self::Link(link) => &link.text,
            Self::Postback(postback) => &postback.text,
            Self::Reply(reply) => &reply.text,
            Self::Webview(webview) => &webview.text,
            Self::Buy(buy) => &buy.text,
            Self::LocationRequest(request) => &request.text,
        }
    }
}

impl Card {
    /// A card or row with this title.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), description: None, media: None, actions: Vec::new() }
    }

    /// Adds a description.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Adds a picture.
    #[must_use]
    pub fn media(mut self, media: Media) -> Self {
        self.media = Some(media);
        self
    }

    /// Adds a button.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }
}

impl Media {
    /// A file at a public https URL.
    pub fn url(url: impl Into<String>) -> Self {
        Self::from(MediaSource::Url(url.into()))
    }

    /// A file that the host has.
    pub fn handle(handle: impl Into<String>) -> Self {
        Self::from(MediaSource::Handle(handle.into()))
    }

    /// A file that the vendor has, by a name that this adapter's [`MediaResolver`](crate::MediaResolver) understands.
    pub fn vendor(reference: impl Into<String>) -> Self {
        Self::from(MediaSource::Vendor(reference.into()))
    }

    /// Says what MIME type it has.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Says what name to show.
    #[must_use]
    pub fn file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = Some(file_name.into());
        self
    }

    /// Says how many bytes it has.
    #[must_use]
    pub fn size(mut self, bytes: u64) -> Self {
        self.size = Some(bytes);
        self
    }

    /// Says what text stands in for it.
    #[must_use]
    pub fn alt_text(mut self, alt_text: impl Into<String>) -> Self {
        self.alt_text = Some(alt_text.into());
        self
    }
}

impl From<MediaSource> for Media {
    fn from(source: MediaSource) -> Self {
        Self { source, media_type: None, file_name: None, size: None, alt_text: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builders_add_in_order_and_ignore_what_has_no_place() {
        let menu = Content::text("Well?").with_reply("Yes", "yes").with_link("More", "https://example.com");
        let labels: Vec<_> = menu.actions().iter().map(Action::label).collect();
        assert_eq!((menu.plain(), labels), (Some("Well?"), vec!["Yes", "More"]));

        let place = Content::location(48.9, 2.3).with_reply("Yes", "yes").named(Some("Paris".into()), None);
        assert!(place.actions().is_empty());
        assert!(matches!(place, Content::Location(found) if found.name.as_deref() == Some("Paris")));
    }
}
