//! The words of the consent page, in the languages that it speaks.

use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

/// Characters of a header that are worth reading.
const MAX_HEADER: usize = 1024;

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nobody has registered this client.
    Client,
    /// The address to return to is not one of the client's.
    Redirect,
    /// The form does not come from our page.
    Foreign,
    /// We cannot answer now.
    Ours,
}

/// Why a person must try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// The key is unknown, or the secret is not its own.
    WrongKey,
    /// The key does not decide for apps.
    WeakKey,
    /// Too many wrong keys.
    TooOften,
    /// The page was open for too long.
    Expired,
    /// There is no such app for this key.
    App,
}

/// One language.
pub(super) struct Words {
    pub(super) language: &'static str,
    pub(super) title: &'static str,
    pub(super) sign_in: &'static str,
    /// Behind the client's name.
    pub(super) sign_in_lead: &'static str,
    pub(super) key: &'static str,
    pub(super) key_help: &'static str,
    pub(super) secret: &'static str,
    pub(super) continue_: &'static str,
    pub(super) cancel: &'static str,
    /// Around the client's name.
    pub(super) question: (&'static str, &'static str),
    /// Behind the client's name.
    pub(super) consent_lead: &'static str,
    pub(super) abilities: [&'static str; 3],
    pub(super) limits: &'static str,
    pub(super) app: &'static str,
    pub(super) no_app: &'static str,
    pub(super) return_to: &'static str,
    pub(super) allow: &'static str,
    pub(super) deny: &'static str,
    pub(super) signed_in: &'static str,
    pub(super) other_key: &'static str,
    pub(super) fault: &'static str,
    pub(super) fault_client: &'static str,
    pub(super) fault_redirect: &'static str,
    pub(super) fault_foreign: &'static str,
    pub(super) fault_ours: &'static str,
    pub(super) fault_advice: &'static str,
    pub(super) hint_wrong_key: &'static str,
    pub(super) hint_weak_key: &'static str,
    pub(super) hint_too_often: &'static str,
    pub(super) hint_expired: &'static str,
    pub(super) hint_app: &'static str,
}

impl Words {
    /// The language that the browser likes best among ours; English where it likes none of them.
    pub(super) fn of(headers: &HeaderMap) -> &'static Self {
        let text = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let text = text.get(..MAX_HEADER).unwrap_or(text);
        let liked = text.split(',').filter_map(weighed).filter_map(|(tag, weight)| Some((known(tag)?, weight)));
        // Of equals the first one: `max_by` would take the last.
        let best = liked.fold(None, |best: Option<(&'static Self, f32)>, (words, weight)| match best {
            Some((_, most)) if most >= weight => best,
            _ => Some((words, weight)),
        });
        best.map_or(&ENGLISH, |(words, _)| words)
    }

    pub(super) const fn fault(&self, fault: Fault) -> &'static str {
        match fault {
            Fault::Client => self.fault_client,
            Fault::Redirect => self.fault_redirect,
            Fault::Foreign => self.fault_foreign,
            Fault::Ours => self.fault_ours,
        }
    }

    pub(super) const fn hint(&self, hint: Hint) -> &'static str {
        match hint {
            Hint::WrongKey => self.hint_wrong_key,
            Hint::WeakKey => self.hint_weak_key,
            Hint::TooOften => self.hint_too_often,
            Hint::Expired => self.hint_expired,
            Hint::App => self.hint_app,
        }
    }
}

/// A language range with its weight; none when it is not wanted.
fn weighed(range: &str) -> Option<(&str, f32)> {
    let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
    let weight = match parameters.trim().strip_prefix("q=") {
        Some(text) => text.trim().parse().ok()?,
        None => 1.0,
    };
    (weight > 0.0).then_some((tag.trim(), weight))
}

fn known(tag: &str) -> Option<&'static Words> {
    let language = tag.split('-').next().unwrap_or_default();
    [&ENGLISH, &FRENCH].into_iter().find(|words| words.language.eq_ignore_ascii_case(language))
}

const ENGLISH: Words = Words {
    language: "en",
    title: "Allow access",
    sign_in: "Sign in to decide",
    sign_in_lead: "asks to work with one of your apps. Show that you may decide: with a key of the account or of the app.",
    key: "Key",
    key_help: "It begins with act_ or app_.",
    secret: "Secret",
    continue_: "Continue",
    cancel: "Cancel",
    question: ("Allow ", "?"),
    consent_lead: "asks to take part in your app as an integration. It could:",
    abilities: [
        "read and change users, conversations and messages",
        "write messages in the name of your business",
        "be told what happens, through webhooks",
    ],
    limits: "It could not see your keys, your other integrations or your other apps.",
    app: "App",
    no_app: "There is no app yet that could be opened. Make one first.",
    return_to: "Afterwards you go back to",
    allow: "Allow",
    deny: "Deny",
    signed_in: "You decide with the key",
    other_key: "Use another key",
    fault: "This link cannot be used",
    fault_client: "The program that sent you here is not registered with this gateway.",
    fault_redirect: "The link leads back to an address that the program has not registered.",
    fault_foreign: "The form did not come from this page.",
    fault_ours: "Something went wrong on our side. Try again in a moment.",
    fault_advice: "Nothing was allowed. You can close this page. If you expected something else, tell the maker of the program.",
    hint_wrong_key: "The key or the secret is not right.",
    hint_weak_key: "This key belongs to an integration. Use a key of the account or of the app.",
    hint_too_often: "Too many attempts. Wait a moment, then try again.",
    hint_expired: "The page was open for too long. Please decide again.",
    hint_app: "Choose one of the apps.",
};

const FRENCH: Words = Words {
    language: "fr",
    title: "Autoriser l’accès",
    sign_in: "Identifiez-vous pour décider",
    sign_in_lead: "demande à travailler avec l’une de vos applications. Montrez que vous pouvez décider\u{a0}: avec une clé du compte ou de l’application.",
    key: "Clé",
    key_help: "Elle commence par act_ ou app_.",
    secret: "Secret",
    continue_: "Continuer",
    cancel: "Annuler",
    question: ("Autoriser ", "\u{a0}?"),
    consent_lead: "demande à prendre part à votre application en tant qu’intégration. Ce programme pourrait\u{a0}:",
    abilities: [
        "lire et modifier les utilisateurs, les conversations et les messages",
        "écrire des messages au nom de votre entreprise",
        "être informé de ce qui se passe, par des webhooks",
    ],
    limits: "Il ne verrait ni vos clés, ni vos autres intégrations, ni vos autres applications.",
    app: "Application",
    no_app: "Il n’y a pas encore d’application à ouvrir. Créez-en une d’abord.",
    return_to: "Ensuite, vous retournez à",
    allow: "Autoriser",
    deny: "Refuser",
    signed_in: "Vous décidez avec la clé",
    other_key: "Utiliser une autre clé",
    fault: "Ce lien ne peut pas être utilisé",
    fault_client: "Le programme qui vous a envoyé ici n’est pas enregistré auprès de cette passerelle.",
    fault_redirect: "Le lien ramène à une adresse que le programme n’a pas enregistrée.",
    fault_foreign: "Le formulaire ne vient pas de cette page.",
    fault_ours: "Un problème est survenu de notre côté. Réessayez dans un instant.",
    fault_advice: "Rien n’a été autorisé. Vous pouvez fermer cette page. Si vous attendiez autre chose, prévenez l’auteur du programme.",
    hint_wrong_key: "La clé ou le secret n’est pas correct.",
    hint_weak_key: "Cette clé appartient à une intégration. Utilisez une clé du compte ou de l’application.",
    hint_too_often: "Trop de tentatives. Attendez un instant, puis réessayez.",
    hint_expired: "La page est restée ouverte trop longtemps. Veuillez décider à nouveau.",
    hint_app: "Choisissez l’une des applications.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_chooses_the_language() {
        for (header, language) in [
            ("", "en"),
            ("fr", "fr"),
            ("fr-CA", "fr"),
            ("de, fr;q=0.5", "fr"),
            ("en;q=0.3, fr;q=0.8", "fr"),
            ("en, fr", "en"),
            ("fr;q=0, de", "en"),
            ("fr;q=x", "en"),
            ("de", "en"),
            ("FR", "fr"),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, header.parse().expect("a value"))]);
            assert_eq!(Words::of(&headers).language, language, "{header}");
        }
    }
}
