//! What every operation is expected to answer. A new operation needs a line here; the matrix says so when it is missing.
//!
//! Braces in the query and the body are filled like those of the path: with ids of the caller's app, and then, one by
//! one, with ids of another app, which must be refused. `{fresh}` is new in every call.

use super::Who;

/// One operation.
pub(super) struct Line {
    pub(super) id: &'static str,
    /// Who may call it on things of their own app; all others are refused with 403 or, unknown, with 401.
    pub(super) may: &'static [Who],
    /// What the first of them gets.
    pub(super) status: u16,
    pub(super) query: &'static str,
    pub(super) body: &'static str,
    /// Whose credentials the first of them takes away; nothing can be said of those afterwards.
    pub(super) ends: &'static [Who],
}

/// Every key of the app, and the account's.
const ANYONE: &[Who] = &[Who::Account, Who::App, Who::Own, Who::Granted, Who::Sibling];
/// All but integrations.
const OWNERS: &[Who] = &[Who::Account, Who::App];
/// The account's only.
const ACCOUNT: &[Who] = &[Who::Account];
/// All but an integration that means another one.
const SELF: &[Who] = &[Who::Account, Who::App, Who::Own, Who::Granted];
/// All but an integration to which nothing was offered.
const OFFERED: &[Who] = &[Who::Account, Who::App, Who::Sibling];

/// Everybody who is bound to an app; without an app in the path nobody is foreign.
const BOUND: &[Who] = &[Who::App, Who::Own, Who::Granted, Who::Sibling, Who::ForeignApp, Who::Foreign];
/// Integrations; those that nobody let in have nothing to give back.
const CLIENTS: &[Who] = &[Who::Granted, Who::Own, Who::Sibling, Who::Foreign];

const fn line(id: &'static str, may: &'static [Who], status: u16, body: &'static str) -> Line {
    Line { id, may, status, query: "", body, ends: &[] }
}

const fn asked(id: &'static str, may: &'static [Who], query: &'static str) -> Line {
    Line { id, may, status: 200, query, body: "", ends: &[] }
}

/// Every operation of the table, in any order.
pub(super) const EXPECTATIONS: &[Line] = &[
    line("CreateApp", ACCOUNT, 201, r#"{"displayName":"New"}"#),
    line("ListApps", ACCOUNT, 200, ""),
    line("GetApp", OWNERS, 200, ""),
    line("UpdateApp", OWNERS, 200, r#"{"displayName":"Renamed"}"#),
    line("DeleteApp", ACCOUNT, 200, ""),
    line("CreateAppKey", ACCOUNT, 201, r#"{"displayName":"k"}"#),
    line("ListAppKeys", ACCOUNT, 200, ""),
    line("GetAppKey", ACCOUNT, 200, ""),
    line("DeleteAppKey", ACCOUNT, 200, ""),
    line("CreateUser", ANYONE, 201, r#"{"externalId":"crm-{fresh}"}"#),
    line("GetUser", ANYONE, 200, ""),
    line("UpdateUser", ANYONE, 200, r#"{"profile":{"givenName":"Mina"}}"#),
    line("DeleteUser", ANYONE, 200, ""),
    asked("ListUsers", ANYONE, "filter[identities.email]=mina@example.org"),
    line("DeleteUserPersonalInformation", ANYONE, 200, ""),
    // What is not served is refused to everybody, after everything else.
    line("SyncUser", ANYONE, 400, ""),
    line("DownloadMessageRef", ANYONE, 400, ""),
    line("SendConversionEvents", ANYONE, 400, ""),
    line("ListClients", ANYONE, 200, ""),
    // No channel of the world can be told whom to write to; the ids are looked at first.
    line(
        "CreateClient",
        ANYONE,
        400,
        r#"{"matchCriteria":{"type":"custom","integrationId":"{integration}","phoneNumber":"+15145550123"},
            "confirmation":{"type":"immediate"},"target":{"conversationId":"{conversation}"}}"#,
    ),
    line("RemoveClient", ANYONE, 200, ""),
    line("ListDevices", ANYONE, 200, ""),
    // Only the widget makes devices, and it is not there yet.
    line("GetDevice", ANYONE, 404, ""),
    line("JoinConversation", ANYONE, 201, r#"{"userId":"{user}"}"#),
    line("LeaveConversation", ANYONE, 200, r#"{"userId":"{user}"}"#),
    line("CreateConversation", ANYONE, 201, r#"{"type":"personal","participants":[{"userId":"{user}"}]}"#),
    asked("ListConversations", ANYONE, "filter[userId]={user}"),
    line("GetConversation", ANYONE, 200, ""),
    line("UpdateConversation", ANYONE, 200, r#"{"displayName":"Order 7"}"#),
    // The one of the world is its user's default conversation, and that one stays.
    line("DeleteConversation", ANYONE, 400, ""),
    line("ListParticipants", ANYONE, 200, ""),
    line("PostActivity", ANYONE, 200, r#"{"type":"conversation:read","author":{"type":"user","userId":"{user}"}}"#),
    line(
        "PostMessage",
        ANYONE,
        201,
        r#"{"author":{"type":"user","userId":"{user}"},"content":{"type":"text","text":"hello"}}"#,
    ),
    line("ListMessages", ANYONE, 200, ""),
    line("DeleteAllMessages", ANYONE, 200, ""),
    line("DeleteMessage", ANYONE, 200, ""),
    // Who may bring and remove files is the question here; files themselves are tested in `attachments`.
    line("UploadAttachment", ANYONE, 400, ""),
    line("DeleteAttachment", ANYONE, 400, r#"{"mediaUrl":"https://elsewhere.example/a.png"}"#),
    line("PassControl", ANYONE, 200, r#"{"switchboardIntegration":"{seat}"}"#),
    line("OfferControl", ANYONE, 200, r#"{"switchboardIntegration":"{other_seat}"}"#),
    line("AcceptControl", OFFERED, 200, ""),
    line("ReleaseControl", SELF, 200, ""),
    // Let in, and told that this is no cursor: a stream would not end.
    Line {
        query: "cursor=none&filter[conversationId]={conversation}&filter[userId]={user}",
        ..line("StreamEvents", ANYONE, 400, "")
    },
    line(
        "CreateIntegration",
        OWNERS,
        201,
        r#"{"type":"custom","displayName":"i","defaultResponderId":"{seat}",
            "webhooks":[{"target":"https://bot.example.org/hook","triggers":["conversation:message"]}]}"#,
    ),
    line("ListIntegrations", OWNERS, 200, ""),
    line("GetIntegration", OWNERS, 200, ""),
    line("UpdateIntegration", OWNERS, 200, r#"{"displayName":"j","defaultResponderId":"{seat}"}"#),
    // It sits on the default seat, which keeps it.
    line("DeleteIntegration", OWNERS, 400, ""),
    line("CreateIntegrationKey", OWNERS, 201, r#"{"displayName":"k"}"#),
    line("ListIntegrationKeys", OWNERS, 200, ""),
    line("GetIntegrationKey", OWNERS, 200, ""),
    line("DeleteIntegrationKey", OWNERS, 200, ""),
    line("ListWebhooks", SELF, 200, ""),
    line("GetWebhook", SELF, 200, ""),
    line("CreateWebhook", SELF, 201, r#"{"target":"https://bot.example.org/{fresh}","triggers":["user:remove"]}"#),
    line("UpdateWebhook", SELF, 200, r#"{"triggers":["user:merge"]}"#),
    line("DeleteWebhook", SELF, 200, ""),
    line("ListAttempts", SELF, 200, ""),
    line("ListDeadLetters", SELF, 200, ""),
    line("ReplayDeadLetters", SELF, 200, ""),
    // There is one already, and an app has one.
    line("CreateSwitchboard", OWNERS, 400, ""),
    line("ListSwitchboards", OWNERS, 200, ""),
    line("UpdateSwitchboard", OWNERS, 200, r#"{"enabled":true,"defaultSwitchboardIntegrationId":"{seat}"}"#),
    line("DeleteSwitchboard", OWNERS, 200, ""),
    line("CreateSwitchboardIntegration", OWNERS, 201, r#"{"name":"n{fresh}","integrationId":"{integration}"}"#),
    line("ListSwitchboardIntegrations", OWNERS, 200, ""),
    line("UpdateSwitchboardIntegration", OWNERS, 200, r#"{"nextSwitchboardIntegrationId":"{other_seat}"}"#),
    // The one of the world is the default one, and that one stays.
    line("DeleteSwitchboardIntegration", OWNERS, 400, ""),
    line("GetTokenInfo", BOUND, 200, ""),
    Line { ends: &[Who::Own], ..line("RevokeAuthorization", CLIENTS, 200, "") },
];
