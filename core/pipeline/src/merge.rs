//! Makes one user of two who turned out to be one person.
//!
//! The surviving user gets everything: conversations with their messages, memberships, channels, devices. What both know
//! stays as the survivor has it. Nothing is sent, and nothing that is on its way is stopped.

use passerelle_model::event::EventKind;
use passerelle_model::id::IdSource;
use passerelle_model::metadata::Metadata;
use passerelle_model::people::Profile;
use passerelle_model::snapshot::{ClientSnapshot, Merge, Pair};
use passerelle_model::time::Timestamp;
use passerelle_store::{Conversation, StoreError, Tx, User};

/// Two users who are one person, and how that came out.
pub(crate) struct Merging {
    pub(crate) surviving: User,
    pub(crate) discarded: User,
    /// The two clients that became one, where there are such.
    pub(crate) clients: Option<Pair<ClientSnapshot>>,
    /// `api`, `channelLinking` or `sdkLogin`.
    pub(crate) reason: &'static str,
}

/// Merges, and tells it to the log. Gives the surviving user as it is now.
pub(crate) async fn merge(
    tx: &mut Tx<'_>,
    ids: &IdSource,
    now: Timestamp,
    merging: Merging,
) -> Result<User, StoreError> {
    let Merging { surviving, discarded, clients, reason } = merging;
    let users = Pair { surviving: surviving.snapshot(), discarded: discarded.snapshot() };
    let theirs = tx.default_conversation(discarded.id).await?;
    let ours = tx.default_conversation(surviving.id).await?;
    tx.move_user(discarded.id, surviving.id);
    let (merged, discarded_metadata) = united(surviving, discarded);
    tx.update_user(&merged);
    let snapshot = |conversation: Conversation| conversation.snapshot();
    let conversations =
        ours.zip(theirs).map(|(ours, theirs)| Pair { surviving: snapshot(ours), discarded: snapshot(theirs) });
    let told = Merge { users, conversations, clients, discarded_metadata, reason: reason.to_owned() };
    tx.append_app_event(merged.app, ids.next(now), now, EventKind::UserMerged(Box::new(told)));
    Ok(merged)
}

/// The surviving user with what only the other one knew, and the facts of the other one that found no place.
fn united(surviving: User, discarded: User) -> (User, Metadata) {
    let (metadata, left) = united_metadata(surviving.metadata, discarded.metadata);
    let user = User {
        external_id: surviving.external_id.or(discarded.external_id),
        profile: united_profile(surviving.profile, discarded.profile),
        metadata,
        authenticated: surviving.authenticated || discarded.authenticated,
        signed_up_at: [surviving.signed_up_at, discarded.signed_up_at].into_iter().flatten().min(),
        to_be_retained: match (surviving.to_be_retained, discarded.to_be_retained) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (ours, theirs) => ours.or(theirs),
        },
        created_at: surviving.created_at.min(discarded.created_at),
        ..surviving
    };
    (user, left)
}

fn united_profile(ours: Profile, theirs: Profile) -> Profile {
    let mut info = theirs.info;
    info.0.extend(ours.info.0.clone());
    let info = if info.check().is_ok() { info } else { ours.info };
    // A first name of one and a last name of the other would make a third person.
    let named = ours.given_name.is_some() || ours.surname.is_some();
    Profile {
        given_name: ours.given_name.or(theirs.given_name.filter(|_| !named)),
        surname: ours.surname.or(theirs.surname.filter(|_| !named)),
        display_name: ours.display_name.or(theirs.display_name),
        email: ours.email.or(theirs.email),
        phone: ours.phone.or(theirs.phone),
        locale: ours.locale.or(theirs.locale),
        avatar_url: ours.avatar_url.or(theirs.avatar_url),
        info,
    }
}

/// Key by key in their order, as long as the whole keeps within its bound.
fn united_metadata(ours: Metadata, theirs: Metadata) -> (Metadata, Metadata) {
    let (mut united, mut left) = (ours, Metadata::default());
    for (key, value) in theirs.0 {
        if united.0.get(&key).is_some_and(|known| *known == value) {
            continue;
        }
        let is_new = !united.0.contains_key(&key);
        if is_new {
            united.0.insert(key.clone(), value.clone());
        }
        if !is_new || united.check().is_err() {
            if is_new {
                united.0.remove(&key);
            }
            left.0.insert(key, value);
        }
    }
    (united, left)
}

#[cfg(test)]
mod tests {
    use passerelle_model::metadata::Scalar;

    use super::*;

    fn facts(facts: &[(&str, &str)]) -> Metadata {
        facts.iter().map(|(key, value)| ((*key).to_owned(), Scalar::from(*value))).collect()
    }

    #[test]
    fn the_survivors_facts_stay_and_no_fact_is_lost() {
        let large = "x".repeat(3000);
        let table = [
            (facts(&[]), facts(&[("a", "1")]), facts(&[("a", "1")]), facts(&[])),
            (facts(&[("a", "1")]), facts(&[("a", "2")]), facts(&[("a", "1")]), facts(&[("a", "2")])),
            (facts(&[("a", "1")]), facts(&[("a", "1")]), facts(&[("a", "1")]), facts(&[])),
            (facts(&[("a", &large)]), facts(&[("b", &large)]), facts(&[("a", &large)]), facts(&[("b", &large)])),
        ];
        for (ours, theirs, united, left) in table {
            assert_eq!(united_metadata(ours, theirs), (united, left));
        }
    }

    #[test]
    fn names_are_never_mixed() {
        let (ours, theirs) = (
            Profile { surname: Some("Okoye".into()), ..Profile::default() },
            Profile { given_name: Some("Ada".into()), email: Some("a@example.org".into()), ..Profile::default() },
        );
        let united = united_profile(ours, theirs);
        assert_eq!((united.given_name, united.surname.as_deref()), (None, Some("Okoye")));
        assert_eq!(united.email.as_deref(), Some("a@example.org"));
    }
}
