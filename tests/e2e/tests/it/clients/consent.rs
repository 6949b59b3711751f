//! An administrator in front of the consent page: registers a program, signs in, and allows it.

use anyhow::{Context, Result};
use passerelle_test_support::gateway::{Access, Gateway};
use passerelle_test_support::http::{Answer, Client};

/// Where the program's browser comes back to.
const RETURN: &str = "https://crm.example.org/back";

/// A program that was let in once.
pub(super) struct Program {
    /// `id:secret` of the program.
    pub(super) credentials: String,
    /// What the browser brought back.
    pub(super) code: String,
}

/// Registers a program by the command line and lets it into the app with this key.
pub(super) async fn lets_in(gateway: &Gateway, access: &Access) -> Result<Program> {
    let said = gateway.says(&["oauth-client", "add", "--name", "CRM", "--redirect-uri", RETURN]).await?;
    let word = |label: &str| said.lines().find_map(|line| line.strip_prefix(label)).map(|rest| rest.trim().to_owned());
    let id = word("client").with_context(|| said.clone())?;
    let secret = word("secret").with_context(|| said.clone())?;
    let url = format!("{}/oauth/authorize?response_type=code&client_id={id}&state=s", gateway.base());
    let mut browser = Browser { client: gateway.client().clone(), url, cookie: String::new() };
    browser.submits(&[("do", "sign-in"), ("key", &access.key), ("secret", &access.secret)]).await?;
    let page = browser.looks().await?.text();
    let (_, rest) = page.split_once("name=\"proof\" value=\"").with_context(|| format!("no proof in {page}"))?;
    let proof = rest.split('"').next().unwrap_or_default();
    let answer = browser.submits(&[("do", "allow"), ("app", &access.app), ("proof", proof)]).await?;
    let location = answer.headers.get("location").context("no way back")?.to_str()?.to_owned();
    let code = location.split(['?', '&']).find_map(|pair| pair.strip_prefix("code="));
    let code = code.with_context(|| format!("no code in {location}"))?.to_owned();
    Ok(Program { credentials: format!("{id}:{secret}"), code })
}

/// A browser on one page, with at most one cookie.
struct Browser {
    client: Client,
    url: String,
    cookie: String,
}

impl Browser {
    async fn looks(&self) -> Result<Answer> {
        self.client.send("GET", &self.url, &[("cookie", &self.cookie)], Default::default()).await
    }

    async fn submits(&mut self, fields: &[(&str, &str)]) -> Result<Answer> {
        let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
            ("cookie", &self.cookie),
        ];
        let answer = self.client.send("POST", &self.url, &headers, pairs.join("&").into()).await?;
        if let Some(cookie) = answer.headers.get("set-cookie") {
            cookie.to_str()?.split(';').next().unwrap_or_default().clone_into(&mut self.cookie);
        }
        Ok(answer)
    }
}

fn escaped(value: &str) -> String {
    value
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
