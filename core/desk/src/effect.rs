//! What the actions of a rule come to on one ticket, and how that is carried out and put on record.
//!
//! Macros stop at the effect, which the agent looks over; triggers and automations carry it out.

use passerelle_model::desk::{PersonId, RuleId};
use passerelle_model::metadata::Scalar;
use passerelle_model::rule::{Action, Deed, RuleKind, Target, Viewer};
use passerelle_store::{AuditEvent, NewComment, Rule, Said, Saying, StoreError, Ticket, TicketField, Tx};

use crate::change::{changed, follow, keep_with};
use crate::field_values::field_value;
use crate::phrases::{Phrases, phrases};
use crate::{Act, DeskError, TicketChange};

/// What actions come to on a ticket.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effect {
    /// What changes.
    pub change: TicketChange,
    /// Who follows it, too.
    pub followers: Vec<PersonId>,
    /// What is said, with its placeholders filled in.
    pub said: Vec<String>,
    /// Whether the customer sees what is said. Without it a macro leaves this to the agent, and a trigger writes a note.
    pub public: Option<bool>,
}

/// What is known of an app and a ticket when actions are turned into an effect.
pub(crate) struct Ground {
    pub(crate) fields: Vec<TicketField>,
    pub(crate) phrases: Phrases,
}

impl Ground {
    pub(crate) async fn of(tx: &mut Tx<'_>, ticket: &Ticket, viewer: &Viewer) -> Result<Self, StoreError> {
        Ok(Self { fields: tx.items(ticket.app).await?, phrases: phrases(tx, ticket, viewer.agent).await? })
    }
}

impl Effect {
    /// What the deeds come to. An agent who is meant and is not there is left out; a value that a field does not take is
    /// an error in words.
    pub(crate) fn of(deeds: &[Deed], viewer: &Viewer, ground: &Ground) -> Result<Self, String> {
        let mut effect = Self::default();
        for deed in deeds {
            effect.add(deed, viewer, ground)?;
        }
        Ok(effect)
    }

    fn add(&mut self, deed: &Deed, viewer: &Viewer, ground: &Ground) -> Result<(), String> {
        let agent = |target: Target| match target {
            Target::Agent(agent) => Some(agent),
            Target::CurrentUser => viewer.agent,
        };
        let change = &mut self.change;
        match deed {
            Deed::Subject(text) => change.subject = Some(ground.phrases.fill(text)),
            Deed::Status(status) => change.status = Some(*status),
            Deed::Priority(priority) => change.priority = Some(*priority),
            Deed::Type(kind) => change.kind = Some(*kind),
            Deed::Group(group) => change.group = Some(*group),
            Deed::Assignee(None) => change.assignee = Some(None),
            Deed::Assignee(Some(target)) => change.assignee = agent(*target).map(Some).or(change.assignee),
            Deed::Form(form) => change.form = Some(*form),
            Deed::SetTags(tags) => change.tags = Some(tags.clone()),
            Deed::AddTags(tags) => change.added_tags.extend(tags.iter().cloned()),
            Deed::RemoveTags(tags) => change.removed_tags.extend(tags.iter().cloned()),
            Deed::Custom(word, value) => {
                let (key, value) = custom(word, value.as_deref(), ground)?;
                change.fields.insert(key, value);
            }
            Deed::Follower(target) => self.followers.extend(agent(*target)),
            Deed::Say(text) => self.said.push(ground.phrases.fill(text)),
            Deed::SayInPublic(public) => self.public = Some(*public),
        }
        Ok(())
    }
}

/// The name under which a field's value is kept, and the value as the field keeps it.
fn custom(word: &str, value: Option<&str>, ground: &Ground) -> Result<(String, Option<Scalar>), String> {
    let field = ground.fields.iter().find(|field| field.id.to_string() == word || field.key == word);
    let value = value.map(|value| Scalar::Text(ground.phrases.fill(value)));
    match (field, value) {
        (Some(field), Some(value)) => {
            let kept = field_value(field, &value).map_err(|reason| format!("`{}` {reason}", field.title))?;
            Ok((field.key.clone(), kept))
        }
        (Some(field), None) => Ok((field.key.clone(), None)),
        (None, value) => Ok((word.to_owned(), value)),
    }
}

/// What the actions of a rule come to on a ticket.
pub(crate) async fn effect_of(
    tx: &mut Tx<'_>,
    rule: &Rule,
    ticket: &Ticket,
    viewer: &Viewer,
) -> Result<Effect, DeskError> {
    let deeds = Action::check_all(&rule.actions, rule.kind)?;
    let ground = Ground::of(tx, ticket, viewer).await?;
    Effect::of(&deeds, viewer, &ground).map_err(|reason| DeskError::Misfit { place: "actions".to_owned(), reason })
}

/// Whether the effect would change the ticket; what is said is no change of it.
pub(crate) async fn would_change(
    tx: &mut Tx<'_>,
    act: &Act,
    ticket: &Ticket,
    effect: &Effect,
) -> Result<bool, DeskError> {
    Ok(changed(tx, act, ticket, effect.change.clone()).await? != *ticket)
}

/// Carries the effect of a rule out, with one audit that names the rule. False when there is nothing to do.
pub(crate) async fn carry_out(
    tx: &mut Tx<'_>,
    act: &Act,
    ticket: &Ticket,
    rule: &Rule,
    effect: Effect,
    reason: &str,
) -> Result<bool, DeskError> {
    let after = changed(tx, act, ticket, effect.change).await?;
    let public = effect.public.unwrap_or_default();
    let mut lines = vec![line(rule, reason)];
    lines.extend(add_followers(tx, act, ticket, &effect.followers).await?);
    for text in &effect.said {
        lines.extend(say(tx, act, ticket, rule, text, public).await?);
    }
    if lines.len() == 1 && after == *ticket && (effect.said.is_empty() || !public) {
        return Ok(false);
    }
    tx.count_use(rule.id, act.now);
    keep_with(tx, act, ticket, after, lines).await?;
    Ok(true)
}

/// The line of an audit that names the rule.
pub(crate) fn line(rule: &Rule, reason: &str) -> AuditEvent {
    AuditEvent::Rule {
        rule: rule.id.0,
        title: rule.title.clone(),
        kind: rule.kind,
        reason: reason.chars().take(1000).collect(),
    }
}

async fn add_followers(
    tx: &mut Tx<'_>,
    act: &Act,
    ticket: &Ticket,
    added: &[PersonId],
) -> Result<Option<AuditEvent>, DeskError> {
    if added.is_empty() {
        return Ok(None);
    }
    let mut followers = tx.followers(ticket.id).await?;
    followers.extend(added.iter().filter(|agent| !followers.contains(agent)).copied().collect::<Vec<_>>());
    follow(tx, act, ticket, Some(&followers)).await
}

/// A note is written at once. What the customer shall read waits for whoever may write messages, except on a ticket
/// without a conversation, where a comment is all there is.
async fn say(
    tx: &mut Tx<'_>,
    act: &Act,
    ticket: &Ticket,
    rule: &Rule,
    text: &str,
    public: bool,
) -> Result<Option<AuditEvent>, DeskError> {
    if public && ticket.conversation.is_some() {
        tx.insert_saying(&Saying {
            id: 0,
            app: ticket.app,
            ticket: ticket.id,
            text: text.to_owned(),
            rule: rule.id,
            kind: rule.kind,
            title: rule.title.clone(),
            created_at: act.now,
        });
        return Ok(None);
    }
    let comment = NewComment { ticket: ticket.id, author: None, public, said: Said::Text(text.to_owned()) };
    let written = tx.insert_comment(&comment, act.now).await?;
    Ok(written.map(|comment| AuditEvent::Comment { comment, public }))
}

/// A rule that is there only to be named.
pub(crate) fn named(id: RuleId, kind: RuleKind, title: &str, act: &Act) -> Rule {
    Rule { id, ..Rule::new(act.app, kind, title, act.now) }
}
