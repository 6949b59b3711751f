//! Says to customers what rules want said: takes it, writes the message through the command door, and reports, all in one
//! transaction, so that a kill in between says nothing twice and loses nothing.

use std::sync::Arc;
use std::time::Duration;

use passerelle_desk::{Act, ToSay, said, take_saying, unsaid};
use passerelle_model::content::{Content, MAX_TEXT};
use passerelle_model::event::EventKind;
use passerelle_model::metadata::Metadata;
use passerelle_model::time::Clock;
use passerelle_pipeline::{
    Caller, Command, CommandError, Destination, Done, Gateway, NewAuthor, NewMessage, Stop, Together,
};
use passerelle_store::{Saying, StoreError};
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::problem::stop;

/// Pause after a failure.
const TROUBLE: Duration = Duration::from_secs(1);

/// The task, for as long as the house is open.
pub struct Sayings {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Sayings {
    /// Says what the last process left unsaid, and then whatever rules want said.
    pub fn start(gateway: Gateway, clock: Clock) -> Self {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let stopped = stop.clone();
        tasks.spawn(async move {
            tokio::select! {
                () = follow(&gateway, &clock) => {}
                () = stopped.cancelled() => {}
            }
        });
        Self { stop, tasks }
    }

    /// Begins nothing new and ends what is under way. False when the deadline came first.
    pub async fn drain(&self, deadline: Duration) -> bool {
        self.stop.cancel();
        self.tasks.close();
        tokio::time::timeout(deadline, self.tasks.wait()).await.is_ok()
    }
}

async fn follow(gateway: &Gateway, clock: &Clock) {
    let mut feed = gateway.store().committed();
    loop {
        while let Err(error) = say_all(gateway, clock).await {
            tracing::error!(%error, "what rules want said could not be said; it is tried again");
            tokio::time::sleep(TROUBLE).await;
        }
        loop {
            match feed.recv().await {
                // Whatever a rule does to a ticket is an entry of the log, also what it wants said.
                Ok(event) if matches!(event.event.kind, EventKind::TicketChanged { .. }) => break,
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return,
            }
        }
    }
}

async fn say_all(gateway: &Gateway, clock: &Clock) -> Result<(), CommandError> {
    loop {
        let waiting = gateway.store().sayings().await?;
        if waiting.is_empty() {
            return Ok(());
        }
        for saying in waiting {
            say(gateway, clock, saying).await?;
        }
    }
}

/// Says one thing. What is refused is put on record and not tried again.
async fn say(gateway: &Gateway, clock: &Clock, saying: Saying) -> Result<(), CommandError> {
    let act = Act { app: saying.app, by: None, now: clock.now(), ids: Arc::clone(gateway.ids()) };
    let (id, app, doing) = (saying.id, saying.app, act.clone());
    let done = gateway.together(Caller::App(app), app, None, move |mut all| {
        Box::pin(async move {
            if let Some(to_say) = take_saying(all.tx, id).await.map_err(stop)? {
                write(&mut all, &doing, to_say).await?;
            }
            Ok(String::new())
        })
    });
    match done.await {
        Ok(_) => Ok(()),
        Err(error @ CommandError::Unavailable(_)) => Err(error),
        Err(error) => give_up(gateway, act, saying, error.to_string()).await.map_err(CommandError::from),
    }
}

async fn write(all: &mut Together<'_, '_>, act: &Act, to_say: ToSay) -> Result<(), Stop> {
    let text: String = to_say.saying.text.chars().take(MAX_TEXT).collect();
    let new = NewMessage {
        conversation: to_say.conversation,
        author: NewAuthor::Business { display_name: None, avatar_url: None },
        content: Content::text(text),
        metadata: Metadata::default(),
        destination: Destination::LastUsed,
        files: Vec::new(),
        in_reply_to: None,
        extras: Default::default(),
        key: None,
    };
    let Done::Messages(messages) = all.execute(Command::PostMessage(new)).await? else { return Ok(()) };
    for message in messages {
        said(all.tx, act, &to_say.saying, message.id).await.map_err(stop)?;
    }
    Ok(())
}

async fn give_up(gateway: &Gateway, act: Act, saying: Saying, reason: String) -> Result<(), StoreError> {
    let noted = gateway.store().write(move |tx| {
        Box::pin(async move {
            tx.take_saying(saying.id).await?;
            match unsaid(tx, &act, &saying, &reason).await {
                Err(passerelle_desk::DeskError::Store(error)) => Err(error),
                _ => Ok(()),
            }
        })
    });
    noted.await
}
