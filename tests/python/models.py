"""Loads what the gateway sends through the models of the official client, as its users do.

Three jobs, chosen by the first word: `events FILE` reads webhook bodies, one JSON text a line; `answers FILE` reads
answers with what was asked; `read` walks through all that an app shows, list by list and page by page. Prints what was
seen and what does not load, as JSON.
"""

import inspect
import json
import re
import sys

import sunshine_conversations_client as sunshine
import sunshine_conversations_client.api as classes
from gateway import VARIANTS, arguments, client

# What the client gives for an answer of which it says nothing: `{}`.
NOTHING = "object"


def model_of(trigger):
    """The class of an event: `user:update` is a `UserUpdateEvent`, control has no `Event` behind it."""
    words = [word[0].upper() + word[1:] for word in trigger.split(":")]
    suffix = "" if words[0] == "Switchboard" else "Event"
    return getattr(sunshine, "".join(words) + suffix)


def load(event):
    """Raises unless the event and its payload load."""
    loaded = model_of(event["type"]).from_dict(event)
    assert loaded.payload is not None, "the payload is empty"


def events(file):
    """Every event of the bodies in a file."""
    seen, bad = {}, []
    with open(file, encoding="utf-8") as lines:
        for body in map(json.loads, lines):
            for event in body["events"]:
                seen[event["type"]] = seen.get(event["type"], 0) + 1
                try:
                    load(event)
                except Exception as error:  # Whatever is raised is the finding.
                    bad.append({"event": event["type"], "error": str(error)[:2000], "id": event.get("id")})
    return {"seen": seen, "bad": bad}


def documented():
    """What each method of the client says of itself: `(verb, path, {status: model})`, read from its source."""
    found = []
    for name, api in inspect.getmembers(classes, inspect.isclass):
        for method, function in inspect.getmembers(api, inspect.isfunction):
            if not name.endswith("Api") or method.startswith("_") or method.endswith(VARIANTS):
                continue
            request = inspect.getsource(getattr(api, f"_{method}_serialize"))
            [verb] = re.findall(r"method='(\w+)'", request)
            [path] = re.findall(r"resource_path='([^']+)'", request)
            said = re.findall(r"'(\d{3})': (?:None|\"([^\"]+)\"),", inspect.getsource(function))
            found.append((verb, path, dict(said)))
    return found


def operation_of(asked, known):
    """What the client says of this request: the method whose path fits it, the more literal the better."""
    segments = asked["path"].split("/")

    def literals(path):
        parts = path.split("/")
        fits = len(parts) == len(segments) and all(
            part == segment or part.startswith("{") for part, segment in zip(parts, segments)
        )
        return sum(not part.startswith("{") for part in parts) if fits else -1

    fitting = [(literals(path), path, models) for verb, path, models in known if verb == asked["method"]]
    best = max(fitting, key=lambda found: found[0], default=(-1, None, None))
    return best[2] if best[0] >= 0 else None


def answers(file):
    """Every answer in a file as the model that the client documents for it, by operation, status and model."""
    known, api = documented(), client_of_nobody()
    seen, bad = {}, []
    with open(file, encoding="utf-8") as lines:
        for asked in map(json.loads, lines):
            models = operation_of(asked, known)
            model = asked.get("model") or model_for(models, asked["status"])
            name = f"{asked['operation']} {asked['status']} {model}"
            seen[name] = seen.get(name, 0) + 1
            try:
                loaded = api.deserialize(json.dumps(asked["body"]), model, "application/json")
                assert loaded == {} if model == NOTHING else loaded is not None, f"{loaded} instead of {model}"
                assert model != "ErrorResponse" or loaded.errors[0].code, "an error without a code"
            except Exception as error:  # Whatever is raised is the finding.
                bad.append({"answer": name, "error": str(error)[:2000], "body": str(asked["body"])[:500]})
    return {"seen": seen, "bad": bad}


def model_for(models, status):
    """The model of a status; errors that are documented for none are in the envelope of all the others."""
    if status >= 400:
        return "ErrorResponse"
    return (models or {}).get(str(status)) or "unknown"


def client_of_nobody():
    return sunshine.ApiClient(sunshine.Configuration())


def pages(method, *given, **options):
    """Every page of a list, from its beginning."""
    after = None
    while True:
        page = method(*given, page=sunshine.Page(after=after, size=100), **options)
        yield page
        if not page.meta or not page.meta.has_more:
            return
        after = page.meta.after_cursor


def everything(given):
    """Every object that the app shows: `(what, how to get it)`, got by calls of the client."""
    api, app = client(given), given.app
    yield sunshine.AppsApi(api).get_app(app)
    yield from pages(sunshine.IntegrationsApi(api).list_integrations, app)
    boards = sunshine.SwitchboardsApi(api).list_switchboards(app)
    yield boards
    for board in boards.switchboards:
        yield sunshine.SwitchboardIntegrationsApi(api).list_switchboard_integrations(app, board.id)
    for page in sunshine.IntegrationsApi(api).list_integrations(app).integrations:
        yield sunshine.WebhooksApi(api).list_webhooks(app, page.id)
    for user in given.users.split(","):
        yield from everything_of(api, app, user)


def everything_of(api, app, user):
    """Every object of one user."""
    yield sunshine.UsersApi(api).get_user(app, user)
    yield from pages(sunshine.ClientsApi(api).list_clients, app, user)
    yield sunshine.DevicesApi(api).list_devices(app, user)
    of_user = sunshine.ConversationListFilter(user_id=user)
    for page in pages(sunshine.ConversationsApi(api).list_conversations, app, filter=of_user):
        yield page
        for conversation in page.conversations:
            yield sunshine.ConversationsApi(api).get_conversation(app, conversation.id)
            yield from pages(sunshine.ParticipantsApi(api).list_participants, app, conversation.id)
            yield from history(api, app, conversation.id)


def history(api, app, conversation):
    """Every page of messages, from the newest backwards."""
    before = None
    while True:
        page = sunshine.MessagesApi(api).list_messages(app, conversation, page=sunshine.Page(before=before))
        yield page
        if not page.meta.has_more:
            return
        before = page.meta.before_cursor


def read(given):
    """Counts the answers by their model. The client raises where one does not load."""
    seen = {}
    for answer in everything(given):
        name = type(answer).__name__
        seen[name] = seen.get(name, 0) + 1
        if name == "MessageListResponse":
            for message in answer.messages:
                kind = type(message.content.actual_instance).__name__ if message.content else "deleted"
                seen[kind] = seen.get(kind, 0) + 1
    return {"seen": seen, "bad": []}


job = sys.argv.pop(1)
if job == "read":
    report = read(arguments(users="ids, with commas between"))
else:
    report = {"events": events, "answers": answers}[job](sys.argv[1])
print(json.dumps(report))
