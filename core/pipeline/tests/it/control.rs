//! Control: only one speaks, and who speaks is in the log.

use passerelle_model::event::EventKind;
use passerelle_model::metadata::Metadata;
use passerelle_pipeline::{Command, Handing};
use passerelle_test_support::plugins::{BOT_MOODY, CHANNEL_LOOP};

use crate::house::House;

impl House {
    pub(crate) async fn kinds(&self) -> Vec<EventKind> {
        let events = self.gateway.store().events(self.app, None, 0, 1000).await.expect("a read");
        events.into_iter().map(|stored| stored.event.kind).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_is_silent_while_the_desk_has_control_and_back_after_it() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let conversation = house.conversation().await.id;
    let handing = Handing {
        conversation,
        target: "next".into(),
        metadata: Metadata::default(),
        reason: Some("user-asked".into()),
    };
    house.run(Command::PassControl(handing)).await;
    assert_eq!(house.conversation().await.active, Some(house.desk));
    house.hears("m2", "ada", "are you human?").await.expect("it is taken");
    house.until("the message is recorded", || async { house.messages().await.len() == 3 }).await;
    house
        .run(Command::ReleaseControl {
            conversation,
            reason: Some("ticketClosed".into()),
            metadata: Metadata::default(),
        })
        .await;
    house.hears("m3", "ada", "thanks").await.expect("it is taken");
    house.shows("ada", "echo: thanks").await;
    assert_eq!(house.channel.texts("ada"), ["echo: hello", "echo: thanks"]);
    assert_eq!(house.conversation().await.control_epoch, 4, "bot, desk, nobody, bot");
    let kinds = house.kinds().await;
    let released =
        |kind: &EventKind| matches!(kind, EventKind::ControlReleased { reason, .. } if reason == "ticket-closed");
    assert!(kinds.iter().any(released), "{kinds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_does_not_exist_is_refused_and_leaves_an_event() {
    let house = House::open(CHANNEL_LOOP).await;
    house.hears("m1", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "echo: hello").await;
    let conversation = house.conversation().await.id;
    let handing = Handing { conversation, target: "nobody".into(), metadata: Metadata::default(), reason: None };
    let caller = passerelle_pipeline::Caller::App(house.app);
    let refused = house.gateway.execute(caller, house.app, Command::PassControl(handing)).await;
    assert!(refused.is_err());
    let failed = |kind: &EventKind| matches!(kind, EventKind::ControlFailed { code, .. } if code == "switchboard_invalid_target");
    assert!(house.kinds().await.iter().any(failed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_gets_control_back_hears_why_with_the_next_message() {
    let house = House::open_with(CHANNEL_LOOP, BOT_MOODY).await;
    house.hears("m0", "ada", "hello").await.expect("it is taken");
    house.shows("ada", "moody: hello").await;
    let conversation = house.conversation().await.id;
    for (index, (given, told)) in [
        (Some("ticketClosed"), "because: ticket-closed"),
        (Some("lunch"), "because: released"),
        (None, "because: released"),
    ]
    .into_iter()
    .enumerate()
    {
        let metadata = Metadata::default();
        let handing = Handing { conversation, target: "next".into(), metadata: metadata.clone(), reason: None };
        house.run(Command::PassControl(handing)).await;
        house.run(Command::ReleaseControl { conversation, reason: given.map(Into::into), metadata }).await;
        let before = house.channel.texts("ada").len();
        assert_eq!(house.conversation().await.active, None, "nobody until the user writes");
        house.hears(&format!("m{}", index + 1), "ada", "why?").await.expect("it is taken");
        house.until("the bot answers", || async { house.channel.texts("ada").len() > before }).await;
        assert_eq!(house.channel.texts("ada")[before..], [told], "after {given:?}");
    }
}
