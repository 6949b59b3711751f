"""Calls every method of every API class of the official client once or more, and prints how each call ended.

What is expected of each stands in the test that drives this script (`tests/e2e/tests/it/clients/methods.rs`).
"""

import json

import sunshine_conversations_client as sunshine
from gateway import Calls, arguments, client, methods

NOBODY = "0" * 24
given = arguments(
    hook="where webhooks go",
    channel="an integration with a channel",
    visitor="a user who has written there",
    code="what the consent page gave",
    oauth="id:secret of a program",
)
call = Calls(client(given))


def listener(name):
    hook = sunshine.Webhook(target=given.hook, triggers=["conversation:message"])
    return sunshine.Custom(type="custom", display_name=name, webhooks=[hook])


def says(text):
    author = sunshine.Author(type="business", display_name="Ada")
    content = sunshine.Content(sunshine.TextMessage(type="text", text=text))
    return sunshine.MessagePost(author=author, content=content)


# Apps and their keys, by the account's key. The app of the command line lives on.
spare = call("AppsApi.create_app", sunshine.AppCreateBody(display_name="Spare", metadata={"plan": "small"})).app.id
call("AppsApi.list_apps", page=sunshine.Page(size=10))
call("AppsApi.get_app", spare)
call("AppsApi.update_app", spare, sunshine.AppUpdateBody(display_name="Spare part"))
key = call("AppKeysApi.create_app_key", spare, sunshine.AppKeyCreateBody(display_name="a key")).key.id
call("AppKeysApi.list_app_keys", spare)
call("AppKeysApi.get_app_key", spare, key)
call("AppKeysApi.delete_app_key", spare, key)
call("AppsApi.delete_app", spare)
app = given.app

# Integrations with their keys and webhooks.
bot = call("IntegrationsApi.create_integration", app, listener("Bot")).integration.id
desk = call("IntegrationsApi.create_integration", app, listener("Desk")).integration.id
call("IntegrationsApi.list_integrations", app, filter=sunshine.IntegrationListFilter(types="custom,telegram"))
call("IntegrationsApi.get_integration", app, bot)
rename = sunshine.IntegrationUpdate(sunshine.CustomUpdate(display_name="Bot 2"))
call("IntegrationsApi.update_integration", app, bot, rename)
keys = "CustomIntegrationApiKeysApi"
body = sunshine.IntegrationApiKey(display_name="a key")
key = call(f"{keys}.create_custom_integration_key", app, bot, body).key.id
call(f"{keys}.list_custom_integration_keys", app, bot)
call(f"{keys}.get_custom_integration_key", app, bot, key)
call(f"{keys}.delete_custom_integration_key", app, bot, key)
body = sunshine.WebhookCreateBody(target=given.hook, triggers=["user:update"], include_full_source=True)
hook = call("WebhooksApi.create_webhook", app, bot, body)
hook = hook.webhook.id if hook else NOBODY
call("WebhooksApi.list_webhooks", app, bot)
call("WebhooksApi.get_webhook", app, bot, hook)
call("WebhooksApi.update_webhook", app, bot, hook, sunshine.WebhookBody(triggers=["user:remove"]))
call("WebhooksApi.delete_webhook", app, bot, hook)

# The switchboard.
board = call("SwitchboardsApi.create_switchboard", app).switchboard.id
seats = "SwitchboardIntegrationsApi"
body = sunshine.SwitchboardIntegrationCreateBody(name="agents", integration_id=desk, message_history_count=5)
agents = call(f"{seats}.create_switchboard_integration", app, board, body).switchboard_integration.id
body = sunshine.SwitchboardIntegrationCreateBody(name="bot", integration_id=bot)
first = call(f"{seats}.create_switchboard_integration", app, board, body).switchboard_integration.id
body = sunshine.SwitchboardIntegrationCreateBody(name="spare", integration_id=desk)
unused = call(f"{seats}.create_switchboard_integration", app, board, body).switchboard_integration.id
body = sunshine.SwitchboardIntegrationUpdateBody(next_switchboard_integration_id=agents)
call(f"{seats}.update_switchboard_integration", app, board, first, body)
call(f"{seats}.list_switchboard_integrations", app, board)
body = sunshine.SwitchboardUpdateBody(enabled=True, default_switchboard_integration_id=first)
call("SwitchboardsApi.update_switchboard", app, board, body)
call("SwitchboardsApi.list_switchboards", app)

# People.
body = sunshine.UserCreateBody(external_id="crm-1", profile=sunshine.Profile(given_name="Mina"), to_be_retained=True)
mina = call("UsersApi.create_user", app, body).user.id
omar = call("UsersApi.create_user", app, sunshine.UserCreateBody(external_id="crm-2")).user.id
call("UsersApi.get_user", app, "crm-1")
call("UsersApi.update_user", app, mina, sunshine.UserUpdateBody(profile=sunshine.Profile(email="mina@example.org")))
call("UsersApi.sync_user", app, mina, sync_user_body=sunshine.SyncUserBody())

# A conversation of one, and one of several.
one = sunshine.ParticipantSubSchema(sunshine.ParticipantWithUserId(user_id=mina))
body = sunshine.ConversationCreateBody(type=sunshine.ConversationType.PERSONAL, participants=[one])
talk = call("ConversationsApi.create_conversation", app, body).conversation.id
body = sunshine.ConversationCreateBody(type=sunshine.ConversationType.SDKGROUP, participants=[one], display_name="Us")
group = call("ConversationsApi.create_conversation", app, body).conversation.id
call("ConversationsApi.list_conversations", app, filter=sunshine.ConversationListFilter(user_id=mina))
call("ConversationsApi.get_conversation", app, talk)
call("ConversationsApi.update_conversation", app, talk, sunshine.ConversationUpdateBody(metadata={"order": 7}))
call("ParticipantsApi.join_conversation", app, group, sunshine.ParticipantJoinBody(user_id=omar))
call("ParticipantsApi.list_participants", app, group, page=sunshine.Page(size=1))
body = sunshine.ParticipantLeaveBody(sunshine.ParticipantLeaveBodyUserId(user_id=omar))
call("ParticipantsApi.leave_conversation", app, group, body)

# What is said and done in it.
message = call("MessagesApi.post_message", app, talk, says("Hello")).messages[0].id
call("MessagesApi.list_messages", app, talk, page=sunshine.Page(size=10))
body = sunshine.ActivityPost(type="typing:start", author=sunshine.Author(type="business"))
call("ActivitiesApi.post_activity", app, talk, body)
call("SwitchboardActionsApi.pass_control", app, talk, sunshine.PassControlBody(switchboard_integration="next"))
call("SwitchboardActionsApi.offer_control", app, talk, sunshine.OfferControlBody(switchboard_integration="bot"))
call("SwitchboardActionsApi.accept_control", app, talk, sunshine.AcceptControlBody(metadata={"why": "asked"}))
call("SwitchboardActionsApi.release_control", app, talk)
reference = sunshine.DownloadMessageRefBodyAllOfAppleInteractiveDataRef(
    url="https://example.org/data", bid="com.example", key="00", signature="00", owner="someone"
)
body = sunshine.DownloadMessageRefBodyAllOfApple(interactive_data_ref=reference)
body = sunshine.DownloadMessageRefBody(user_id=mina, apple=body)
call("ConversationsApi.download_message_ref", app, talk, body)
payload = sunshine.MetaConversionEventPayload(data=[{"event_name": "Purchase"}])
body = sunshine.WhatsAppConversionEventsBody(whatsapp=sunshine.MetaConversionEvent(payload=payload))
call("ConversationsApi.post_conversion_events", app, talk, sunshine.ConversionEventsBody(body))

# Files, clients and devices.
file = call("AttachmentsApi.upload_attachment", app, "public", ("note.txt", b"a note"))
url = file.attachment.media_url if file else given.hook
call("AttachmentsApi.delete_attachment", app, sunshine.AttachmentDeleteBody(media_url=url))
number = sunshine.MatchCriteriaWhatsapp(type="loop", integration_id=given.channel, phone_number="+15145550123")
body = sunshine.ClientCreate(
    match_criteria=sunshine.MatchCriteria(number),
    confirmation=sunshine.Confirmation(type="immediate"),
    target=sunshine.Target(conversation_id=talk),
)
call("ClientsApi.create_client", app, mina, body)
[visitor] = call("ClientsApi.list_clients", app, given.visitor, page=sunshine.Page(size=10)).clients
call("ClientsApi.remove_client", app, given.visitor, visitor.id)
call("DevicesApi.list_devices", app, mina)
call("DevicesApi.get_device", app, mina, NOBODY)

# Everything goes again.
call("MessagesApi.delete_message", app, talk, message)
call("MessagesApi.delete_all_messages", app, talk)
call("ConversationsApi.delete_conversation", app, group)
call("UsersApi.delete_user_personal_information", app, mina)
call("UsersApi.delete_user", app, omar)
call(f"{seats}.delete_switchboard_integration", app, board, unused)
call("SwitchboardsApi.delete_switchboard", app, board)
call("IntegrationsApi.delete_integration", app, desk)

# OAuth: the code comes from a consent page that the test has answered. This client sends no header with
# `get_token_info`, so callers of it add the header by hand.
oauth_id, oauth_secret = (given.oauth or "none:none").split(":")
call("OAuthEndpointsApi.authorize", oauth_id, "code", state="s")
body = sunshine.GetTokenRequest(
    code=given.code or "none", grant_type="authorization_code", client_id=oauth_id, client_secret=oauth_secret
)
token = call("OAuthEndpointsApi.get_token", body)
access = token.access_token if token else "none"
bearer = sunshine.ApiClient(sunshine.Configuration(host=given.base, access_token=access))
bearer.default_headers["Authorization"] = f"Bearer {access}"
call.api_client = bearer
call("OAuthEndpointsApi.get_token_info")
call("OAuthEndpointsApi.revoke_access")

print(json.dumps({"methods": methods(), "calls": call.made}))
