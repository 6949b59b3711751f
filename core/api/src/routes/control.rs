//! Who may speak: the switchboard actions of a conversation.

use passerelle_pipeline::{Command, Handing};

use crate::call::{Answer, Call, Reply};
use crate::error::ApiError;
use crate::wire::limits::MAX_WORD;

pub(super) async fn pass(call: Call) -> Answer {
    let handing = handing(&call).await?;
    call.execute(Command::PassControl(handing)).await?;
    Reply::done()
}

pub(super) async fn offer(call: Call) -> Answer {
    let handing = handing(&call).await?;
    call.execute(Command::OfferControl(handing)).await?;
    Reply::done()
}

pub(super) async fn accept(call: Call) -> Answer {
    let (conversation, metadata) = (call.conversation().await?.id, call.fields()?.metadata("metadata")?);
    call.execute(Command::AcceptControl { conversation, metadata }).await?;
    Reply::done()
}

pub(super) async fn release(call: Call) -> Answer {
    let conversation = call.conversation().await?.id;
    let fields = call.fields()?;
    let (reason, metadata) = (fields.text("reason", MAX_WORD)?, fields.metadata("metadata")?);
    call.execute(Command::ReleaseControl { conversation, reason, metadata }).await?;
    Reply::done()
}

async fn handing(call: &Call) -> Result<Handing, ApiError> {
    let conversation = call.conversation().await?.id;
    let fields = call.fields()?;
    Ok(Handing {
        conversation,
        target: fields.needed_text("switchboardIntegration", MAX_WORD)?,
        metadata: fields.metadata("metadata")?,
        reason: fields.text("reason", MAX_WORD)?,
    })
}
