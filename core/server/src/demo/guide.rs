//! Tells the newcomer the ids of each conversation as it appears, in commands that can be pasted.

use std::collections::BTreeSet;

use passerelle_model::id::ConversationId;
use passerelle_pipeline::{EventStream, Published};

use super::Words;
use crate::house::House;
use crate::terminal::say;

/// Conversations that are told about; after so many the newcomer knows how it goes.
const MANY: usize = 20;

/// Follows the feed until the house closes.
pub(super) async fn follow(house: House, mut feed: EventStream, words: Words) {
    let mut told: BTreeSet<ConversationId> = BTreeSet::new();
    while told.len() < MANY {
        let event = match feed.next().await {
            Published::Event(event) => event,
            Published::Closed => return,
            Published::Sign(_) | Published::Lagged => continue,
        };
        let conversation = event.event.conversation().filter(|_| event.app == words.app);
        if let Some(conversation) = conversation.filter(|id| told.insert(*id)) {
            tell(&house, &words, conversation).await;
        }
    }
}

async fn tell(house: &House, words: &Words, id: ConversationId) {
    let Ok(Some(conversation)) = house.store().conversation(words.app, id).await else { return };
    let Some(user) = conversation.user else { return };
    say(&format!("\nConversation {id} of user {user}:"));
    for (title, line) in words.commands.iter().filter(|(_, line)| line.contains("CONVERSATION")) {
        say(&format!("  {title}\n     {}", line.replace("CONVERSATION", &id.to_string())));
    }
}
