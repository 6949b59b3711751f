//! Station 3, resolve: whose event it is. Finds or makes user, client and conversation; duplicates end here.

use passerelle_model::id::IdSource;
use passerelle_model::inbound::InboundEvent;
use passerelle_model::people::{ClientStatus, Profile};
use passerelle_model::time::Timestamp;
use passerelle_store::{Client, Conversation, Integration, StoreError, Tx, User};

use crate::linking::{self, Heard};

/// Whose event it is. Made here alone, and only for an event that was never taken before.
pub(crate) struct Resolved {
    pub(crate) user: User,
    pub(crate) client: Client,
    pub(crate) conversation: Conversation,
    pub(crate) is_new: bool,
    _made_here: (),
}

/// Finds or makes whoever the event is about; none for an event that was taken before.
pub(crate) async fn resolve(
    tx: &mut Tx<'_>,
    ids: &IdSource,
    integration: &Integration,
    channel_type: &str,
    event: &InboundEvent,
    now: Timestamp,
) -> Result<Option<Resolved>, StoreError> {
    let Some(state) = tx.channel_state(integration.id, &event.id, &event.sender).await? else {
        metrics::counter!("passerelle_duplicates_total").increment(1);
        return Ok(None);
    };
    tx.remember_event(integration.id, &event.id, now);
    let state = match state.is_awaited {
        true => match linking::heard(tx, ids, integration.id, event, now).await? {
            Heard::Answer => return Ok(None),
            Heard::Linked => tx.known_sender(integration.id, &event.sender).await?,
            Heard::Nothing => state,
        },
        false => state,
    };
    let resolved = match state.known {
        Some((client, user, conversation)) => meet_again(tx, client, user, conversation, event, now),
        None => meet(tx, ids, integration, channel_type, event, now),
    };
    Ok(Some(resolved))
}

fn meet_again(
    tx: &mut Tx<'_>,
    mut client: Client,
    mut user: User,
    conversation: Conversation,
    event: &InboundEvent,
    now: Timestamp,
) -> Resolved {
    if let Some(told) = &event.profile {
        client.profile = told.clone();
        let filled = filled(user.profile.clone(), told);
        if filled != user.profile {
            user.profile = filled;
            tx.update_user(&user);
        }
    }
    client.address.clone_from(&event.conversation);
    client.last_seen_at = now;
    // Who writes can be reached.
    client.status = ClientStatus::Active;
    tx.update_client(&client);
    Resolved { user, client, conversation, is_new: false, _made_here: () }
}

fn meet(
    tx: &mut Tx<'_>,
    ids: &IdSource,
    integration: &Integration,
    channel_type: &str,
    event: &InboundEvent,
    now: Timestamp,
) -> Resolved {
    let told = event.profile.clone().unwrap_or_default();
    let user = User { profile: filled(Profile::default(), &told), ..User::new(ids.next(now), integration.app, now) };
    tx.insert_user(&user);
    let conversation = Conversation {
        channel_type: Some(channel_type.to_owned()),
        ..Conversation::personal(ids.next(now), &user, now)
    };
    tx.insert_conversation(&conversation);
    tx.insert_participant(ids.next(now), conversation.id, user.id);
    let client = Client {
        id: ids.next(now),
        user: user.id,
        integration: integration.id,
        channel_type: channel_type.to_owned(),
        external_id: event.sender.clone(),
        address: event.conversation.clone(),
        conversation: conversation.id,
        status: ClientStatus::Active,
        profile: told,
        last_seen_at: now,
        created_at: now,
    };
    tx.insert_client(&client);
    Resolved { user, client, conversation, is_new: true, _made_here: () }
}

/// What the channel tells fills the gaps; what is known stays, because the business may have corrected it.
fn filled(known: Profile, told: &Profile) -> Profile {
    let or = |known: Option<String>, told: &Option<String>| known.or_else(|| told.clone());
    Profile {
        given_name: or(known.given_name, &told.given_name),
        surname: or(known.surname, &told.surname),
        display_name: or(known.display_name, &told.display_name),
        email: or(known.email, &told.email),
        phone: or(known.phone, &told.phone),
        locale: or(known.locale, &told.locale),
        avatar_url: or(known.avatar_url, &told.avatar_url),
        info: known.info,
    }
}
