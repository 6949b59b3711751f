"""The walk of a new integration, with the official client and plain assertions.

User, conversation, message, list, activity, webhook, upload, switchboard, delete. Prints what it made, as JSON, for the
test that drives it. The webhook's target is `--hook`, where the test listens.
"""

import base64
import json
import urllib.request

import sunshine_conversations_client as sunshine
from gateway import arguments, client

# One white pixel.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/58hAAYIAf+7lVZfAAAAAElFTkSuQmCC"
)

given = arguments(hook="where webhooks go")
app = given.app
api = client(given)
users, conversations, messages = sunshine.UsersApi(api), sunshine.ConversationsApi(api), sunshine.MessagesApi(api)
integrations, webhooks = sunshine.IntegrationsApi(api), sunshine.WebhooksApi(api)
seats, boards = sunshine.SwitchboardIntegrationsApi(api), sunshine.SwitchboardsApi(api)
control = sunshine.SwitchboardActionsApi(api)


def business(content):
    author = sunshine.Author(type="business", display_name="Ada")
    return sunshine.MessagePost(author=author, content=sunshine.Content(content))


# A program that listens, and another that takes over.
bot = integrations.create_integration(
    app,
    sunshine.Custom(
        type="custom",
        display_name="Bot",
        webhooks=[sunshine.Webhook(target=given.hook, triggers=["conversation:message", "conversation:create"])],
    ),
).integration
desk = integrations.create_integration(
    app,
    sunshine.Custom(
        type="custom", display_name="Desk", webhooks=[sunshine.Webhook(target=given.hook, triggers=["user:update"])]
    ),
).integration
assert (bot.type, bot.status) == ("custom", "active"), bot
hook = webhooks.create_webhook(
    app,
    bot.id,
    sunshine.WebhookCreateBody(
        target=given.hook, triggers=["switchboard:passControl", "user:remove"], include_full_user=True
    ),
).webhook
assert len(hook.secret) == 32 and hook.include_full_user, hook
assert len(webhooks.list_webhooks(app, bot.id).webhooks) == 2

# Who is in control.
board = boards.create_switchboard(app).switchboard
agents = seats.create_switchboard_integration(
    app, board.id, sunshine.SwitchboardIntegrationCreateBody(name="agents", integration_id=desk.id)
).switchboard_integration
first = seats.create_switchboard_integration(
    app,
    board.id,
    sunshine.SwitchboardIntegrationCreateBody(
        name="bot", integration_id=bot.id, next_switchboard_integration_id=agents.id
    ),
).switchboard_integration
board = boards.update_switchboard(
    app, board.id, sunshine.SwitchboardUpdateBody(enabled=True, default_switchboard_integration_id=first.id)
).switchboard
assert board.enabled and board.default_switchboard_integration_id == first.id, board

# Somebody, and a conversation with them.
mina = users.create_user(
    app,
    sunshine.UserCreateBody(
        external_id="crm/4711@example.org",
        profile=sunshine.Profile(given_name="Mina", surname="Okoye", email="mina@example.org", locale="en-GB"),
        metadata={"tier": "gold", "visits": 3, "vip": True},
    ),
).user
assert users.get_user(app, "crm/4711@example.org").user.id == mina.id, "an external id with a slash finds the user"
try:
    users.create_user(app, sunshine.UserCreateBody(external_id="crm/4711@example.org"))
    raise AssertionError("two users have one external id")
except sunshine.exceptions.ConflictException as refusal:
    assert refusal.data.errors[0].code == "conflict", refusal
talk = conversations.create_conversation(
    app,
    sunshine.ConversationCreateBody(
        type=sunshine.ConversationType.PERSONAL,
        participants=[sunshine.ParticipantSubSchema(sunshine.ParticipantWithUserId(user_id=mina.id))],
    ),
).conversation
assert talk.is_default and talk.active_switchboard_integration.name == "bot", talk

# They write, we answer, in text and with a picture.
asked = sunshine.MessagePost(
    author=sunshine.Author(type="user", user_id=mina.id),
    content=sunshine.Content(sunshine.TextMessage(type="text", text="Where is my parcel?")),
)
question = messages.post_message(app, talk.id, asked).messages[0]
reply = sunshine.Action(sunshine.Reply(type="reply", text="Monday", payload="d1"))
answer = messages.post_message(
    app, talk.id, business(sunshine.TextMessage(type="text", text="Pick a day", actions=[reply]))
).messages[0]
uploaded = sunshine.AttachmentsApi(api).upload_attachment(
    app, "public", ("pixel.png", PIXEL), var_for="message", conversation_id=talk.id
).attachment
assert uploaded.media_type == "image/png", uploaded
picture = messages.post_message(
    app, talk.id, business(sunshine.ImageMessage(type="image", mediaUrl=uploaded.media_url, altText="A pixel"))
).messages[0]
with urllib.request.urlopen(picture.content.actual_instance.media_url) as served:
    assert served.read() == PIXEL, "the picture comes back as it was sent"

# The history as it reads, page by page.
history = messages.list_messages(app, talk.id).messages
assert [message.id for message in history] == [question.id, answer.id, picture.id], history
assert history[1].content.actual_instance.actions[0].actual_instance.payload == "d1"
older = messages.list_messages(app, talk.id, page=sunshine.Page(before=picture.id))
assert [message.id for message in older.messages] == [question.id, answer.id] and not older.meta.has_more, older
mine = sunshine.ConversationListFilter(user_external_id="crm/4711@example.org")
assert [found.id for found in conversations.list_conversations(app, filter=mine).conversations] == [talk.id]

# Typing and reading.
activities = sunshine.ActivitiesApi(api)
for kind in ("typing:start", "typing:stop", "conversation:read"):
    body = sunshine.ActivityPost(type=kind, author=sunshine.Author(type="business"))
    assert activities.post_activity(app, talk.id, body) == {}, kind
read = sunshine.ActivityPost(type="conversation:read", author=sunshine.Author(type="user", user_id=mina.id))
assert activities.post_activity(app, talk.id, read) == {}
[participant] = sunshine.ParticipantsApi(api).list_participants(app, talk.id).participants
assert participant.user_id == mina.id and participant.unread_count == 0, participant

# Control goes to the agents and comes back to the bot.
assert control.pass_control(app, talk.id, sunshine.PassControlBody(switchboard_integration="next")) == {}
assert conversations.get_conversation(app, talk.id).conversation.active_switchboard_integration.name == "agents"
assert control.offer_control(app, talk.id, sunshine.OfferControlBody(switchboard_integration="bot")) == {}
assert control.accept_control(app, talk.id, sunshine.AcceptControlBody()) == {}
assert conversations.get_conversation(app, talk.id).conversation.active_switchboard_integration.name == "bot"
assert control.release_control(app, talk.id) == {}

# And everything goes again.
assert messages.delete_message(app, talk.id, answer.id) == {}
assert users.delete_user(app, mina.id) == {}
try:
    users.get_user(app, mina.id)
    raise AssertionError("the deleted user is still there")
except sunshine.exceptions.NotFoundException as gone:
    assert gone.data.errors[0].code == "user_not_found", gone

print(json.dumps({"conversation": talk.id, "question": question.id, "user": mina.id, "secrets": {hook.id: hook.secret}}))
