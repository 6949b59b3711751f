//! The consent page: plain HTML that needs no script. It decides nothing.

use std::sync::LazyLock;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, VARY};
use http::{HeaderValue, StatusCode};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use passerelle_store::App;
use sha2::{Digest as _, Sha256};

use super::request::Asked;
use super::session::Session;
use super::words::{Fault, Hint, Words};

const STYLE: &str = include_str!("page.css");

/// Only this very style sheet is taken by the browser, and nothing else at all.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )
});

/// The form that asks for a key.
pub(super) fn sign_in(words: &Words, asked: &Asked, key: &str, hint: Option<Hint>) -> Response {
    let content = html! {
        h1 { (words.sign_in) }
        p { strong { bdi { (asked.client.display_name) } } " " (words.sign_in_lead) }
        (shown(words, hint))
        form method="post" {
            label for="key" { (words.key) }
            input.with-help #key name="key" value=(key) required maxlength="64" autocomplete="username" autocapitalize="none"
                spellcheck="false" autofocus aria-describedby="key-help";
            p.quiet #key-help { (words.key_help) }
            label for="secret" { (words.secret) }
            input #secret name="secret" type="password" required maxlength="256" autocomplete="current-password";
            div.choice {
                button.first name="do" value="sign-in" { (words.continue_) }
                button name="do" value="deny" formnovalidate { (words.cancel) }
            }
        }
    };
    let status = match hint {
        None | Some(Hint::Expired) => StatusCode::OK,
        Some(Hint::TooOften) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::FORBIDDEN,
    };
    respond(status, words, asked.target(), &content)
}

/// The question, with the apps that the person may decide for.
pub(super) fn consent(
    words: &Words,
    asked: &Asked,
    session: &Session,
    proof: &str,
    apps: &[App],
    hint: Option<Hint>,
) -> Response {
    let name = &asked.client.display_name;
    let content = html! {
        h1 { (words.question.0) bdi { (name) } (words.question.1) }
        p { strong { bdi { (name) } } " " (words.consent_lead) }
        ul { @for ability in words.abilities { li { (ability) } } }
        p { (words.limits) }
        (shown(words, hint))
        form method="post" {
            input type="hidden" name="proof" value=(proof);
            (chooser(words, apps))
            p.quiet { (words.return_to) " " bdi { (asked.target()) } }
            div.choice {
                button.first name="do" value="allow" disabled[apps.is_empty()] { (words.allow) }
                button name="do" value="deny" formnovalidate { (words.deny) }
            }
        }
        footer {
            p.quiet { (words.signed_in) " " bdi { (session.key.display_name) } " (" (session.key.id) ")" }
            form method="post" { button.link name="do" value="sign-out" { (words.other_key) } }
        }
    };
    let status = if hint.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
    respond(status, words, asked.target(), &content)
}

/// Why nothing can be decided.
pub(super) fn fault(words: &Words, fault: Fault) -> Response {
    let content = html! {
        h1 { (words.fault) }
        p { (words.fault(fault)) }
        p.quiet { (words.fault_advice) }
    };
    let status = match fault {
        Fault::Client | Fault::Redirect => StatusCode::BAD_REQUEST,
        Fault::Foreign => StatusCode::FORBIDDEN,
        Fault::Ours => StatusCode::SERVICE_UNAVAILABLE,
    };
    respond(status, words, String::new(), &content)
}

fn shown(words: &Words, hint: Option<Hint>) -> Markup {
    html! { @if let Some(hint) = hint { p.alarm role="alert" { (words.hint(hint)) } } }
}

/// One app is told; of several one is chosen.
fn chooser(words: &Words, apps: &[App]) -> Markup {
    html! {
        @match apps {
            [] => p.alarm { (words.no_app) },
            [app] => {
                p { strong { (words.app) ":" } " " bdi { (app.name) } }
                input type="hidden" name="app" value=(app.id.to_string());
            }
            _ => {
                label for="app" { (words.app) }
                select #app name="app" required {
                    // Nobody is let into an app only because it stood first.
                    option value="" { (words.hint_app) }
                    @for app in apps { option value=(app.id.to_string()) { (app.name) } }
                }
            }
        }
    }
}

/// `target`: browsers follow the answer to a form only to where the policy lets forms go.
fn respond(status: StatusCode, words: &Words, target: String, content: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang=(words.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (words.title) " · Passerelle" }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (content) } }
        }
    };
    let mut response = (status, Body::from(page.into_string())).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    // Without an origin in its headers a browser could not show that the form is ours.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(VARY, HeaderValue::from_static("accept-language, cookie"));
    let policy = HeaderValue::try_from(format!("{} {target}", *POLICY));
    headers.insert(CONTENT_SECURITY_POLICY, policy.unwrap_or(HeaderValue::from_static("default-src 'none'")));
    response
}
