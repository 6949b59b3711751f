//! What placeholders in the texts of rules, macros and shortcuts mean on one ticket.

use std::collections::BTreeMap;

use passerelle_model::desk::PersonId;
use passerelle_model::people::Profile;
use passerelle_model::placeholder;
use passerelle_model::rule::shown;
use passerelle_store::{ContentItem, StoreError, Ticket, TicketField, Tx};

/// The values of placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrases(BTreeMap<String, String>);

impl Phrases {
    /// A text with its placeholders filled in; unknown ones become nothing. Plain text, never HTML.
    pub fn fill(&self, template: &str) -> String {
        placeholder::fill(template, &|name| self.0.get(name).cloned())
    }

    fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }

    fn set_person(&mut self, name: &str, person: &Named) {
        self.set(&format!("{name}.name"), person.name.as_str());
        self.set(&format!("{name}.first_name"), person.first_name.as_str());
        self.set(&format!("{name}.email"), person.email.as_str());
    }
}

/// Somebody, as texts name people.
#[derive(Default)]
struct Named {
    name: String,
    first_name: String,
    email: String,
    locale: Option<String>,
}

/// What placeholders mean on this ticket, said by this agent.
pub async fn phrases(tx: &mut Tx<'_>, ticket: &Ticket, agent: Option<PersonId>) -> Result<Phrases, StoreError> {
    let mut phrases = Phrases::default();
    let requester = named(tx, ticket, Some(ticket.requester)).await?;
    phrases.set_person("ticket.requester", &requester);
    phrases.set_person("ticket.assignee", &named(tx, ticket, ticket.assignee).await?);
    phrases.set_person("current_user", &named(tx, ticket, agent).await?);
    if let Some(group) = ticket.group {
        phrases.set("ticket.group.name", tx.agent_group(ticket.app, group).await?.map_or_else(String::new, |g| g.name));
    }
    set_ticket(&mut phrases, ticket);
    for field in tx.items::<TicketField>(ticket.app).await? {
        if let Some(value) = ticket.fields.0.get(&field.key) {
            phrases.set(&format!("ticket.ticket_field_{}", field.id), shown(value));
        }
    }
    set_content(&mut phrases, &tx.items::<ContentItem>(ticket.app).await?, requester.locale.as_deref());
    Ok(phrases)
}

fn set_ticket(phrases: &mut Phrases, ticket: &Ticket) {
    phrases.set("ticket.id", ticket.id.to_string());
    phrases.set("ticket.title", ticket.subject.as_str());
    phrases.set("ticket.status", ticket.status.as_str());
    phrases.set("ticket.priority", ticket.priority.map_or("", |priority| priority.as_str()));
    phrases.set("ticket.via", ticket.via.as_str());
    phrases.set("ticket.tags", ticket.tags.join(" "));
    for (key, value) in &ticket.fields.0 {
        phrases.set(&format!("ticket.ticket_field_{key}"), shown(value));
    }
}

/// Dynamic content in the customer's language, else in the default one.
fn set_content(phrases: &mut Phrases, items: &[ContentItem], locale: Option<&str>) {
    for item in items {
        let variants: Vec<(String, &str)> =
            item.variants.iter().map(|one| (one.locale.clone(), one.content.as_str())).collect();
        let wanted: Vec<&str> = locale.into_iter().chain([item.default_locale.as_str()]).collect();
        if let Some(content) = placeholder::variant(&variants, &wanted) {
            phrases.set(&format!("dc.{}", item.name), *content);
        }
    }
}

async fn named(tx: &mut Tx<'_>, ticket: &Ticket, id: Option<PersonId>) -> Result<Named, StoreError> {
    let Some(id) = id else { return Ok(Named::default()) };
    if let Some(agent) = tx.agent(ticket.app, id).await? {
        let first_name = first_word(&agent.name);
        return Ok(Named { first_name, name: agent.name, email: agent.email, locale: agent.locale });
    }
    let Some(user) = tx.person(ticket.app, id).await?.and_then(|person| person.user) else {
        return Ok(Named::default());
    };
    Ok(tx.user(ticket.app, user).await?.map(|user| customer(id, &user.profile)).unwrap_or_default())
}

fn customer(id: PersonId, profile: &Profile) -> Named {
    let name = profile.name().unwrap_or_else(|| id.stand_in());
    let first_name = profile.given_name.clone().unwrap_or_else(|| first_word(&name));
    Named { name, first_name, email: profile.email.clone().unwrap_or_default(), locale: profile.locale.clone() }
}

fn first_word(name: &str) -> String {
    name.split_whitespace().next().unwrap_or_default().to_owned()
}
