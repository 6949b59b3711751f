//! The conversation itself: from what happened and where we stand to what is said and done.

use passerelle_sdk::prelude::*;

use crate::answers::accept;
use crate::intent::{BACK, CANCEL, Input, Intent, MENU, Reply, intent, reply};
use crate::language::Language;
use crate::settings::{Does, Entry, Settings};
use crate::state::{Field, Stage, State};
use crate::texts::Text;

/// Why control came when a conversation begins before its user wrote.
const STARTED: &str = "conversation-started";

/// Answers one event.
pub fn respond(settings: &Settings, conversation: &Conversation, state: State, event: &Event) -> Turn<State> {
    let language = Language::choose(settings.language, conversation.profile.locale.as_deref());
    let talk = Talk { settings, language };
    match &event.kind {
        EventKind::ControlGained(reason) if reason == STARTED => talk.greeting(State::default()),
        // Somebody else had the conversation and is done. The next message is a new beginning.
        EventKind::ControlGained(_) => Turn::new(State::default()),
        EventKind::WakeUp(_) => Turn::new(state),
        EventKind::Message(_) | EventKind::Postback(_) => match Input::of(event) {
            Some(input) => talk.heard(state, &input),
            None => Turn::new(state),
        },
    }
}

/// Speaking by these settings in this language.
struct Talk<'a> {
    settings: &'a Settings,
    language: Language,
}

impl Talk<'_> {
    fn heard(&self, state: State, input: &Input) -> Turn<State> {
        match state.stage {
            Stage::New | Stage::Gone => self.first_words(input),
            Stage::Menu => self.in_menu(state, input),
            Stage::Asking(field) => self.asked(state, field, input),
        }
    }

    /// Whoever comes with a question is greeted and answered; nobody has failed to be understood yet.
    fn first_words(&self, input: &Input) -> Turn<State> {
        match intent(self.settings, input) {
            Intent::Menu | Intent::Unknown => self.greeting(State::default()),
            _ => {
                let greeting = Content::text(self.say(Text::Greeting));
                let mut turn = self.in_menu(State::default(), input);
                turn.actions.insert(0, BotAction::Reply(greeting));
                turn
            }
        }
    }

    fn greeting(&self, state: State) -> Turn<State> {
        let words = format!("{}\n\n{}", self.say(Text::Greeting), self.say(Text::Prompt));
        self.menu(state, words)
    }

    fn in_menu(&self, mut state: State, input: &Input) -> Turn<State> {
        if input.is_wordless() {
            return self.missed(state, Text::NotText);
        }
        let intent = intent(self.settings, input);
        if intent == Intent::Unknown {
            return self.missed(state, Text::NotUnderstood);
        }
        state.misses = 0;
        match intent {
            Intent::Entry(position) => self.chosen(state, &self.settings.menu[position]),
            Intent::Faq(position) => {
                let faq = &self.settings.faqs[position];
                tagged(self.answered(state, faq.answer.text(self.language)), faq.tag.as_deref())
            }
            Intent::Human => self.hand_over(state, Text::Handover, "user-asked"),
            Intent::Menu | Intent::Unknown => self.menu(state, self.say(Text::Prompt).to_owned()),
        }
    }

    fn chosen(&self, mut state: State, entry: &Entry) -> Turn<State> {
        state.topic = Some(entry.label.text(self.language).to_owned());
        let turn = match &entry.does {
            Does::Answer { answer } => self.answered(state, answer.text(self.language)),
            Does::Link { answer, url } => {
                state.stage = Stage::Menu;
                let words = Content::text(answer.text(self.language));
                Turn::new(state).reply(words.with_link(self.say(Text::OpenPage), url))
            }
            Does::Collect => match self.settings.questions.first() {
                Some(first) => self.ask(state, *first, None),
                None => self.hand_over(state, Text::Collected, "user-asked"),
            },
            Does::Handover => self.hand_over(state, Text::Handover, "user-asked"),
        };
        tagged(turn, entry.tag.as_deref())
    }

    fn answered(&self, state: State, answer: &str) -> Turn<State> {
        let words = format!("{answer}\n\n{}", self.say(Text::AnythingElse));
        self.menu(state, words)
    }

    fn asked(&self, mut state: State, field: Field, input: &Input) -> Turn<State> {
        match reply(self.settings, input) {
            Reply::Back => match self.before(field) {
                Some(earlier) => self.ask(forgiven(state), earlier, None),
                None => self.menu(forgiven(state), self.say(Text::Prompt).to_owned()),
            },
            Reply::Cancel => {
                let words = format!("{} {}", self.say(Text::Cancelled), self.say(Text::Prompt));
                self.menu(forgiven(state), words)
            }
            Reply::Human => self.hand_over(state, Text::Handover, "user-asked"),
            Reply::Answer => match accept(field, &input.written) {
                Some(answer) => {
                    state.captured.keep(field, answer);
                    match self.after(field) {
                        Some(next) => self.ask(forgiven(state), next, None),
                        None => self.hand_over(forgiven(state), Text::Collected, "collected"),
                    }
                }
                None => self.refused(state, field),
            },
        }
    }

    fn refused(&self, mut state: State, field: Field) -> Turn<State> {
        state.misses += 1;
        if self.gives_up(&state) {
            return self.hand_over(state, Text::GivingUp, "not-understood");
        }
        self.ask(state, field, Some(Text::refusing(field)))
    }

    fn missed(&self, mut state: State, why: Text) -> Turn<State> {
        state.misses += 1;
        if self.gives_up(&state) {
            return self.hand_over(state, Text::GivingUp, "not-understood");
        }
        let words = format!("{} {}", self.say(why), self.say(Text::Prompt));
        self.menu(state, words)
    }

    fn gives_up(&self, state: &State) -> bool {
        state.misses >= self.settings.max_misunderstandings
    }

    /// Asks for a fact, perhaps after saying why the last answer will not do.
    fn ask(&self, mut state: State, field: Field, complaint: Option<Text>) -> Turn<State> {
        state.stage = Stage::Asking(field);
        let question = self.say(Text::asking(field));
        let words = match complaint {
            Some(complaint) => format!("{} {question}", self.say(complaint)),
            None => question.to_owned(),
        };
        let buttons =
            Content::text(words).with_reply(self.say(Text::Back), BACK).with_reply(self.say(Text::Cancel), CANCEL);
        Turn::new(state).reply(buttons)
    }

    fn menu(&self, mut state: State, words: String) -> Turn<State> {
        state.stage = Stage::Menu;
        let mut content = Content::text(words);
        for (position, entry) in self.settings.menu.iter().enumerate() {
            content = content.with_reply(entry.label.text(self.language), format!("{MENU}{}", position + 1));
        }
        Turn::new(state).reply(content)
    }

    /// Gives the conversation away with all that is known. What the user told goes into the profile too.
    fn hand_over(&self, mut state: State, words: Text, reason: &str) -> Turn<State> {
        let State { topic, captured, misses, .. } = std::mem::take(&mut state);
        let mut turn = Turn::new(State { stage: Stage::Gone, ..state }).reply(self.say(words));
        if let Some(name) = &captured.name {
            let (given, surname) = name.split_once(' ').unwrap_or((name, ""));
            turn = turn.set_user_field("given-name", given);
            if !surname.is_empty() {
                turn = turn.set_user_field("surname", surname);
            }
        }
        if let Some(email) = &captured.email {
            turn = turn.set_user_field("email", email);
        }
        for (name, value) in captured.facts() {
            turn = turn.set_ticket_field(name, value);
        }
        let mut facts: Vec<(&str, Scalar)> = vec![("language", self.language.tag().into())];
        if let Some(topic) = topic {
            facts.push(("topic", topic.into()));
        }
        if misses > 0 {
            facts.push(("misunderstandings", misses.into()));
        }
        turn.pass_control(&self.settings.handover_target, reason, facts)
    }

    fn before(&self, field: Field) -> Option<Field> {
        let position = self.settings.questions.iter().position(|question| *question == field)?;
        self.settings.questions.get(position.checked_sub(1)?).copied()
    }

    fn after(&self, field: Field) -> Option<Field> {
        let position = self.settings.questions.iter().position(|question| *question == field)?;
        self.settings.questions.get(position + 1).copied()
    }

    fn say(&self, text: Text) -> &str {
        text.words(self.settings, self.language)
    }
}

fn forgiven(state: State) -> State {
    State { misses: 0, ..state }
}

/// Tags come before a hand-over, because a bot that gave control away may do nothing more.
fn tagged(mut turn: Turn<State>, tag: Option<&str>) -> Turn<State> {
    if let Some(tag) = tag {
        turn.actions.insert(0, BotAction::Tag(tag.to_owned()));
    }
    turn
}

#[cfg(test)]
mod tests {
    use passerelle_sdk::testing::{self, Host};

    use super::*;

    /// A conversation that goes on: what the bot says to each line, one word per action.
    struct Chat {
        settings: Settings,
        locale: Option<&'static str>,
        state: State,
        _host: Host,
    }

    fn chat(settings: &str) -> Chat {
        let settings = serde_json::from_str(settings).expect("settings");
        Chat { settings, locale: None, state: State::default(), _host: Host::new() }
    }

    impl Chat {
        fn event(&mut self, event: &Event) -> Vec<String> {
            let mut conversation = testing::conversation();
            conversation.profile.locale = self.locale.map(str::to_owned);
            let turn = respond(&self.settings, &conversation, self.state.clone(), event);
            self.state = turn.state.expect("a state is always kept");
            turn.actions.iter().map(told).collect()
        }

        fn user(&mut self, words: &str) -> Vec<String> {
            self.event(&testing::message(words))
        }
    }

    fn told(action: &BotAction) -> String {
        match action {
            BotAction::Reply(content) => {
                let buttons: Vec<_> = content.actions().iter().map(Action::label).collect();
                format!("{} {buttons:?}", content.plain().unwrap_or_default()).replace("\n\n", " ")
            }
            BotAction::SetUserField((name, value)) => format!("user {name}={value}"),
            BotAction::SetTicketField((name, value)) => {
                format!("ticket {name}={}", value.as_text().unwrap_or_default())
            }
            BotAction::Tag(tag) => format!("tag {tag}"),
            BotAction::PassControl(handover) => {
                let facts = handover.metadata.iter().map(|(name, value)| match value {
                    Scalar::Text(text) => format!("{name}={text}"),
                    Scalar::Number(number) => format!("{name}={number}"),
                    Scalar::Flag(flag) => format!("{name}={flag}"),
                });
                format!(
                    "pass to {} because {}: {}",
                    handover.target,
                    handover.reason,
                    facts.collect::<Vec<_>>().join(" ")
                )
            }
            other => format!("{other:?}"),
        }
    }

    const SHOP: &str = r#"{
        "menu": [
            {"label": {"en": "Opening hours", "fr": "Horaires"}, "action": "answer", "answer": {"en": "9 to 5.", "fr": "De 9 h à 17 h."}},
            {"label": "Catalogue", "action": "link", "answer": "Here it is.", "url": "https://example.com", "tag": "catalogue"},
            {"label": "Complaint", "action": "collect", "tag": "complaint"}
        ],
        "faqs": [{"keywords": ["delivery"], "answer": "Two days.", "tag": "delivery"}],
        "handover_target": "desk"
    }"#;
    const MENU_BUTTONS: &str = r#"["Opening hours", "Catalogue", "Complaint"]"#;
    const ASK_BUTTONS: &str = r#"["Back", "Cancel"]"#;
    const HANDOVER: &str =
        "I am handing you over to a person. Please stay here, the answer comes in this conversation. []";

    #[test]
    fn the_first_message_is_greeted_with_the_menu() {
        let greeting = format!("Hello! I am the assistant of this team. What can I do for you? {MENU_BUTTONS}");
        assert_eq!(chat(SHOP).user("hello").concat(), greeting);
        assert_eq!(chat(SHOP).user("blue").concat(), greeting);
        assert_eq!(chat(SHOP).event(&testing::control_gained("conversation-started")), [greeting]);
    }

    #[test]
    fn who_comes_with_a_question_is_greeted_and_answered() {
        let expected = ["tag delivery".to_owned(), format!("Two days. Can I do anything else for you? {MENU_BUTTONS}")];
        let mut said = chat(SHOP).user("what about delivery?");
        assert_eq!(said.remove(0), "Hello! I am the assistant of this team. []");
        assert_eq!(said, expected);
    }

    #[test]
    fn choices_answer_and_link() {
        let mut chat = chat(SHOP);
        chat.user("hello");
        assert_eq!(chat.user("1"), [format!("9 to 5. Can I do anything else for you? {MENU_BUTTONS}")]);
        assert_eq!(chat.user("catalogue"), ["tag catalogue", r#"Here it is. ["Open"]"#]);
        assert_eq!(
            chat.event(&testing::postback("menu:1"))[0],
            format!("9 to 5. Can I do anything else for you? {MENU_BUTTONS}")
        );
    }

    #[test]
    fn a_complaint_is_collected_and_handed_over() {
        let mut chat = chat(SHOP);
        chat.user("hello");
        assert_eq!(chat.user("3"), ["tag complaint".to_owned(), format!("What is your name? {ASK_BUTTONS}")]);
        assert_eq!(
            chat.user("Ada King Lovelace"),
            [format!("At which e-mail address can we reach you? {ASK_BUTTONS}")]
        );
        let again = "That does not look like an e-mail address, such as ada@example.com.";
        let question = "At which e-mail address can we reach you?";
        assert_eq!(chat.user("none"), [format!("{again} {question} {ASK_BUTTONS}")]);
        assert_eq!(chat.user("back"), [format!("What is your name? {ASK_BUTTONS}")]);
        chat.user("Ada Lovelace");
        chat.user("ada@example.com");
        assert_eq!(
            chat.user("My engine is late."),
            [
                "Thank you. A person will read this and answer here. []",
                "user given-name=Ada",
                "user surname=Lovelace",
                "user email=ada@example.com",
                "ticket name=Ada Lovelace",
                "ticket email=ada@example.com",
                "ticket reason=My engine is late.",
                "pass to desk because collected: language=en topic=Complaint",
            ]
        );
        assert_eq!(chat.state, State { stage: Stage::Gone, ..State::default() });
    }

    #[test]
    fn the_questions_can_be_left() {
        let mut chat = chat(SHOP);
        chat.user("hello");
        chat.user("3");
        assert_eq!(
            chat.user("cancel"),
            [format!("All right, we leave it there. What can I do for you? {MENU_BUTTONS}")]
        );
        chat.user("3");
        assert_eq!(chat.user("back"), [format!("What can I do for you? {MENU_BUTTONS}")]);
        chat.user("3");
        chat.user("Ada Lovelace");
        let said = chat.user("human");
        assert_eq!(said[0], HANDOVER);
        assert!(said.contains(&"ticket name=Ada Lovelace".to_owned()), "{said:?}");
        assert_eq!(said.last().expect("a hand-over"), "pass to desk because user-asked: language=en topic=Complaint");
    }

    #[test]
    fn who_asks_for_a_person_gets_one() {
        let mut chat = chat(SHOP);
        chat.user("hello");
        assert_eq!(chat.user("I want a human!"), [HANDOVER, "pass to desk because user-asked: language=en"]);
    }

    #[test]
    fn misunderstandings_in_a_row_lead_to_a_person() {
        let mut chat = chat(SHOP);
        chat.user("hello");
        let sorry = format!("Sorry, I did not understand that. What can I do for you? {MENU_BUTTONS}");
        assert_eq!(chat.user("blue").concat(), sorry);
        chat.user("1");
        assert_eq!(chat.user("blue"), [sorry]);
        let picture = testing::message(Content::image(Media::handle("m")));
        assert_eq!(
            chat.event(&picture),
            [format!("Sorry, I can only read words. What can I do for you? {MENU_BUTTONS}")]
        );
        assert_eq!(
            chat.user("green"),
            [
                "I do not understand well enough to help, so a person will take over. []",
                "pass to desk because not-understood: language=en topic=Opening hours misunderstandings=3",
            ]
        );
    }

    #[test]
    fn when_control_comes_back_the_next_message_is_greeted() {
        let mut chat = chat(SHOP);
        chat.user("hello");
        chat.user("human");
        assert_eq!(chat.event(&testing::control_gained("ticket-closed")), Vec::<String>::new());
        assert!(chat.user("thanks").concat().starts_with("Hello! I am the assistant"));
    }

    #[test]
    fn french_is_spoken_with_the_french_and_texts_can_be_replaced() {
        let mut french = chat(SHOP);
        french.locale = Some("fr-FR");
        assert!(french.user("bonjour").concat().starts_with("Bonjour ! Je suis l’assistant"));
        assert!(french.user("1").concat().starts_with("De 9 h à 17 h. Puis-je faire autre chose"));

        let mut own = chat(r#"{"language": "fr", "texts": {"fr": {"greeting": "Coucou."}}}"#);
        assert_eq!(
            own.user("hello")[0],
            r#"Coucou. Que puis-je faire pour vous ? ["Laisser un message", "Parler à un conseiller"]"#
        );
    }

    #[test]
    fn a_wake_up_changes_nothing() {
        let mut chat = chat(SHOP);
        chat.user("hello");
        let before = chat.state.clone();
        assert_eq!(chat.event(&testing::wake_up("note")), Vec::<String>::new());
        assert_eq!(chat.state, before);
    }
}
