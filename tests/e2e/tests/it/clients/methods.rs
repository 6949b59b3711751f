//! Every method of every API class of the official clients, and what is expected of it.
//!
//! Names are those of the Python client; the JavaScript client writes the same in camel case, and lacks a few. A method
//! that a client has and this table has not, or the other way round, fails the test.

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// With an answer of this model. `object` is the empty answer of calls that only do something.
    Answer(&'static str),
    /// With this status and code, for this reason.
    Refusal(u16, &'static str, &'static str),
}

/// One method.
#[derive(Clone, Copy, Debug)]
pub(super) struct Method {
    pub(super) class: &'static str,
    pub(super) name: &'static str,
    /// Whether only the Python client has it.
    pub(super) python_only: bool,
    pub(super) expected: Expected,
}

const fn gives(class: &'static str, name: &'static str, model: &'static str) -> Method {
    Method { class, name, python_only: false, expected: Expected::Answer(model) }
}

const fn does(class: &'static str, name: &'static str) -> Method {
    gives(class, name, "object")
}

const fn refuses(
    class: &'static str,
    name: &'static str,
    (status, code): (u16, &'static str),
    why: &'static str,
) -> Method {
    Method { class, name, python_only: false, expected: Expected::Refusal(status, code, why) }
}

const fn python(method: Method) -> Method {
    Method { python_only: true, ..method }
}

/// What the published API has and this house cannot do.
const NOT_SERVED: (u16, &str) = (400, "bad_request");

/// All of them.
pub(super) const METHODS: &[Method] = &[
    does("ActivitiesApi", "post_activity"),
    gives("AppKeysApi", "create_app_key", "AppKeyResponse"),
    does("AppKeysApi", "delete_app_key"),
    gives("AppKeysApi", "get_app_key", "AppKeyResponse"),
    gives("AppKeysApi", "list_app_keys", "AppKeyListResponse"),
    gives("AppsApi", "create_app", "AppResponse"),
    does("AppsApi", "delete_app"),
    gives("AppsApi", "get_app", "AppResponse"),
    gives("AppsApi", "list_apps", "AppListResponse"),
    gives("AppsApi", "update_app", "AppResponse"),
    does("AttachmentsApi", "delete_attachment"),
    gives("AttachmentsApi", "upload_attachment", "AttachmentResponse"),
    gives("ClientsApi", "create_client", "ClientResponse"),
    gives("ClientsApi", "list_clients", "ClientListResponse"),
    does("ClientsApi", "remove_client"),
    gives("ConversationsApi", "create_conversation", "ConversationResponse"),
    does("ConversationsApi", "delete_conversation"),
    refuses(
        "ConversationsApi",
        "download_message_ref",
        NOT_SERVED,
        "needs a channel whose vendor keeps data by reference",
    ),
    gives("ConversationsApi", "get_conversation", "ConversationResponse"),
    gives("ConversationsApi", "list_conversations", "ConversationListResponse"),
    python(refuses(
        "ConversationsApi",
        "post_conversion_events",
        NOT_SERVED,
        "needs a channel that sells advertisements",
    )),
    gives("ConversationsApi", "update_conversation", "ConversationResponse"),
    gives("CustomIntegrationApiKeysApi", "create_custom_integration_key", "IntegrationApiKeyResponse"),
    does("CustomIntegrationApiKeysApi", "delete_custom_integration_key"),
    gives("CustomIntegrationApiKeysApi", "get_custom_integration_key", "IntegrationApiKeyResponse"),
    gives("CustomIntegrationApiKeysApi", "list_custom_integration_keys", "IntegrationApiKeyListResponse"),
    refuses("DevicesApi", "get_device", (404, "device_not_found"), "no device before there is a widget"),
    gives("DevicesApi", "list_devices", "DeviceListResponse"),
    gives("IntegrationsApi", "create_integration", "IntegrationResponse"),
    does("IntegrationsApi", "delete_integration"),
    gives("IntegrationsApi", "get_integration", "IntegrationResponse"),
    gives("IntegrationsApi", "list_integrations", "IntegrationListResponse"),
    gives("IntegrationsApi", "update_integration", "IntegrationResponse"),
    does("MessagesApi", "delete_all_messages"),
    does("MessagesApi", "delete_message"),
    gives("MessagesApi", "list_messages", "MessageListResponse"),
    gives("MessagesApi", "post_message", "MessagePostResponse"),
    gives("OAuthEndpointsApi", "authorize", "nothing"),
    gives("OAuthEndpointsApi", "get_token", "GetToken200Response"),
    python(gives("OAuthEndpointsApi", "get_token_info", "AppResponse")),
    does("OAuthEndpointsApi", "revoke_access"),
    gives("ParticipantsApi", "join_conversation", "ParticipantResponse"),
    does("ParticipantsApi", "leave_conversation"),
    gives("ParticipantsApi", "list_participants", "ParticipantListResponse"),
    does("SwitchboardActionsApi", "accept_control"),
    does("SwitchboardActionsApi", "offer_control"),
    does("SwitchboardActionsApi", "pass_control"),
    does("SwitchboardActionsApi", "release_control"),
    gives("SwitchboardIntegrationsApi", "create_switchboard_integration", "SwitchboardIntegrationResponse"),
    does("SwitchboardIntegrationsApi", "delete_switchboard_integration"),
    gives("SwitchboardIntegrationsApi", "list_switchboard_integrations", "SwitchboardIntegrationListResponse"),
    gives("SwitchboardIntegrationsApi", "update_switchboard_integration", "SwitchboardIntegrationResponse"),
    gives("SwitchboardsApi", "create_switchboard", "SwitchboardResponse"),
    does("SwitchboardsApi", "delete_switchboard"),
    gives("SwitchboardsApi", "list_switchboards", "SwitchboardListResponse"),
    gives("SwitchboardsApi", "update_switchboard", "SwitchboardResponse"),
    gives("UsersApi", "create_user", "UserResponse"),
    does("UsersApi", "delete_user"),
    gives("UsersApi", "delete_user_personal_information", "UserResponse"),
    gives("UsersApi", "get_user", "UserResponse"),
    python(refuses("UsersApi", "sync_user", NOT_SERVED, "the agents' side of users comes with the desk")),
    gives("UsersApi", "update_user", "UserResponse"),
    gives("WebhooksApi", "create_webhook", "WebhookResponse"),
    does("WebhooksApi", "delete_webhook"),
    gives("WebhooksApi", "get_webhook", "WebhookResponse"),
    gives("WebhooksApi", "list_webhooks", "WebhookListResponse"),
    gives("WebhooksApi", "update_webhook", "WebhookResponse"),
];
