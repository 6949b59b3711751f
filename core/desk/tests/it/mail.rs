//! Letters when the house ends in the middle.

use passerelle_desk::mail::{MailConfig, NewLetter, write};
use passerelle_desk::{NewTicket, create};
use passerelle_model::desk::{PersonId, TicketId};
use passerelle_model::time::Clock;
use passerelle_store::{Mail, MailState, Secret};

use crate::house::{ALL, House, until};

fn config() -> MailConfig {
    MailConfig {
        // Nobody listens there.
        smtp: Secret::new("smtp://127.0.0.1:9"),
        from: "support@shop.example".to_owned(),
        ..MailConfig::default()
    }
}

/// An agent writes a letter: its ticket, and the comment that it is.
async fn letter(house: &House, agent: PersonId) -> (TicketId, Mail) {
    let act = house.act(agent, Clock::system().now());
    let postbox = config().read().expect("sound settings").postbox.expect("a server");
    let written = house.store.write(move |tx| {
        Box::pin(async move {
            let new = NewTicket { body: "hello".to_owned(), public: true, ..NewTicket::default() };
            let ticket = create(tx, &act, new).await.expect("a ticket");
            let (to, sender_name) = ("eve@mail.example".to_owned(), "Ada".to_owned());
            let new = NewLetter { ticket, to, subject: None, body: "hi".to_owned(), sender_name };
            write(tx, &act, &postbox, new).await.expect("a letter");
            Ok(ticket)
        })
    });
    let ticket = written.await.expect("it is written");
    let comments = house.store.comments(ticket, ALL).await.expect("a read").rows;
    let ids: Vec<_> = comments.iter().map(|comment| comment.id).collect();
    let mail = house.store.mails_of(&ids).await.expect("a read").remove(0);
    (ticket, mail)
}

async fn now(house: &House, mail: &Mail) -> Mail {
    house.store.mails_of(&[mail.comment]).await.expect("a read").remove(0)
}

#[tokio::test]
async fn a_letter_that_was_under_way_is_uncertain_and_one_that_waits_goes_on_waiting() {
    let house = House::new().await;
    let agent = house.agent("ada", 5).await;
    let (ticket, under_way) = letter(&house, agent).await;
    let (_, waits) = letter(&house, agent).await;
    let id = under_way.id;
    let claimed = house.store.write(move |tx| Box::pin(async move { tx.claim_mail(id).await }));
    assert!(claimed.await.expect("it is written"), "and here the process ends");
    let desk = house.desk_with_mail(config().read().expect("sound settings"));
    let uncertain = async || Some(now(&house, &under_way).await).filter(|mail| mail.state == MailState::Uncertain);
    let after = until(uncertain).await;
    assert!(after.reason.is_some_and(|reason| reason.contains("stopped")));
    let tried = async || Some(now(&house, &waits).await).filter(|mail| mail.reason.is_some());
    let after = until(tried).await;
    assert_eq!((after.state, after.tries), (MailState::Pending, 1), "it is tried again");
    let audits = house.store.audits(ticket, ALL).await.expect("a read").rows;
    assert!(format!("{audits:?}").contains("uncertain to eve@mail.example"), "{audits:?}");
    assert!(desk.drain(std::time::Duration::from_secs(5)).await);
}
