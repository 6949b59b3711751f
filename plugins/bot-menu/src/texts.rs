//! What the bot says, in both languages. The setting `texts` replaces any of it by its key.

use crate::language::Language;
use crate::settings::Settings;
use crate::state::Field;

/// Something the bot says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    Greeting,
    Prompt,
    AnythingElse,
    AskName,
    AskEmail,
    AskReason,
    BadName,
    BadEmail,
    BadReason,
    NotUnderstood,
    NotText,
    Cancelled,
    Handover,
    Collected,
    GivingUp,
    Back,
    Cancel,
    OpenPage,
}

impl Text {
    /// Every text, for the tests of the manifest.
    pub const ALL: [Self; 18] = [
        Self::Greeting,
        Self::Prompt,
        Self::AnythingElse,
        Self::AskName,
        Self::AskEmail,
        Self::AskReason,
        Self::BadName,
        Self::BadEmail,
        Self::BadReason,
        Self::NotUnderstood,
        Self::NotText,
        Self::Cancelled,
        Self::Handover,
        Self::Collected,
        Self::GivingUp,
        Self::Back,
        Self::Cancel,
        Self::OpenPage,
    ];

    /// The question for a fact.
    pub fn asking(field: Field) -> Self {
        match field {
            Field::Name => Self::AskName,
            Field::Email => Self::AskEmail,
            Field::Reason => Self::AskReason,
        }
    }

    /// Why an answer will not do.
    pub fn refusing(field: Field) -> Self {
        match field {
            Field::Name => Self::BadName,
            Field::Email => Self::BadEmail,
            Field::Reason => Self::BadReason,
        }
    }

    /// The words, the operator's own where there are any.
    pub fn words(self, settings: &Settings, language: Language) -> &str {
        let own = settings.texts.get(&language).and_then(|texts| texts.get(self.key()));
        own.map_or_else(|| self.built_in(language), String::as_str)
    }

    /// The key in the setting `texts`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::Prompt => "prompt",
            Self::AnythingElse => "anything_else",
            Self::AskName => "ask_name",
            Self::AskEmail => "ask_email",
            Self::AskReason => "ask_reason",
            Self::BadName => "bad_name",
            Self::BadEmail => "bad_email",
            Self::BadReason => "bad_reason",
            Self::NotUnderstood => "not_understood",
            Self::NotText => "not_text",
            Self::Cancelled => "cancelled",
            Self::Handover => "handover",
            Self::Collected => "collected",
            Self::GivingUp => "giving_up",
            Self::Back => "back",
            Self::Cancel => "cancel",
            Self::OpenPage => "open_page",
        }
    }

    fn built_in(self, language: Language) -> &'static str {
        match language {
            Language::En => self.english(),
            Language::Fr => self.french(),
        }
    }

    fn english(self) -> &'static str {
        match self {
            Self::Greeting => "Hello! I am the assistant of this team.",
            Self::Prompt => "What can I do for you?",
            Self::AnythingElse => "Can I do anything else for you?",
            Self::AskName => "What is your name?",
            Self::AskEmail => "At which e-mail address can we reach you?",
            Self::AskReason => "In a sentence or two: what is it about?",
            Self::BadName => "I need a name of at least two letters.",
            Self::BadEmail => "That does not look like an e-mail address, such as ada@example.com.",
            Self::BadReason => "Please tell me a little more in words.",
            Self::NotUnderstood => "Sorry, I did not understand that.",
            Self::NotText => "Sorry, I can only read words.",
            Self::Cancelled => "All right, we leave it there.",
            Self::Handover => {
                "I am handing you over to a person. Please stay here, the answer comes in this conversation."
            }
            Self::Collected => "Thank you. A person will read this and answer here.",
            Self::GivingUp => "I do not understand well enough to help, so a person will take over.",
            Self::Back => "Back",
            Self::Cancel => "Cancel",
            Self::OpenPage => "Open",
        }
    }

    fn french(self) -> &'static str {
        match self {
            Self::Greeting => "Bonjour ! Je suis l’assistant de cette équipe.",
            Self::Prompt => "Que puis-je faire pour vous ?",
            Self::AnythingElse => "Puis-je faire autre chose pour vous ?",
            Self::AskName => "Quel est votre nom ?",
            Self::AskEmail => "À quelle adresse e-mail pouvons-nous vous joindre ?",
            Self::AskReason => "En une ou deux phrases : de quoi s’agit-il ?",
            Self::BadName => "Il me faut un nom d’au moins deux lettres.",
            Self::BadEmail => "Cela ne ressemble pas à une adresse e-mail, comme ada@example.com.",
            Self::BadReason => "Dites-m’en un peu plus, avec des mots.",
            Self::NotUnderstood => "Désolé, je n’ai pas compris.",
            Self::NotText => "Désolé, je ne sais lire que des mots.",
            Self::Cancelled => "D’accord, nous en restons là.",
            Self::Handover => "Je vous passe un conseiller. Restez ici, la réponse arrive dans cette conversation.",
            Self::Collected => "Merci. Un conseiller va lire ceci et vous répondre ici.",
            Self::GivingUp => "Je ne comprends pas assez bien pour vous aider : un conseiller prend le relais.",
            Self::Back => "Retour",
            Self::Cancel => "Annuler",
            Self::OpenPage => "Ouvrir",
        }
    }
}
