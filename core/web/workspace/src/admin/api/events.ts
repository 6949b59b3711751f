/** The events that a webhook may hear of, in the words of `/v2`. `docs/api/webhooks.md` tells what each carries. */
export const EVENT_GROUPS = [
  {
    id: "messages",
    events: [
      "conversation:message",
      "conversation:message:edit",
      "conversation:message:delete",
      "conversation:message:delivery:channel",
      "conversation:message:delivery:user",
      "conversation:message:delivery:failure",
      "conversation:postback",
      "conversation:read",
      "conversation:typing",
    ],
  },
  {
    id: "conversations",
    events: [
      "conversation:create",
      "conversation:join",
      "conversation:leave",
      "conversation:remove",
      "conversation:referral",
    ],
  },
  {
    id: "control",
    events: [
      "switchboard:passControl",
      "switchboard:offerControl",
      "switchboard:acceptControl",
      "switchboard:releaseControl",
      "switchboard:passControl:failure",
      "switchboard:offerControl:failure",
      "switchboard:acceptControl:failure",
    ],
  },
  {
    id: "people",
    events: ["user:update", "user:merge", "user:remove", "client:add", "client:update", "client:remove"],
  },
] as const;
