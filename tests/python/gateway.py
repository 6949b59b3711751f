"""The gateway under test, seen through the official client, and a record of what every call gave."""

import argparse
import inspect
import json

import sunshine_conversations_client as sunshine
import sunshine_conversations_client.api as classes
from sunshine_conversations_client.rest import ApiException

# What a generated client adds to every method; they make the same request.
VARIANTS = ("_with_http_info", "_without_preload_content")


def arguments(**more):
    """Where the gateway is and who calls it; `more` are further options with what they mean."""
    parser = argparse.ArgumentParser()
    for name in ("base", "app", "key", "secret"):
        parser.add_argument(f"--{name}", required=True)
    for name, help_text in more.items():
        parser.add_argument(f"--{name}", help=help_text)
    return parser.parse_args()


def client(given):
    """The official client with a base path and a key: nothing else is told to it."""
    return sunshine.ApiClient(sunshine.Configuration(host=given.base, username=given.key, password=given.secret))


def methods():
    """Every method of every API class, as `UsersApi.create_user`."""
    names = []
    for name, found in inspect.getmembers(classes, inspect.isclass):
        for method, _ in inspect.getmembers(found, inspect.isfunction):
            if name.endswith("Api") and not method.startswith("_") and not method.endswith(VARIANTS):
                names.append(f"{name}.{method}")
    return names


class Calls:
    """Makes calls by their name and notes how each ended."""

    def __init__(self, api_client):
        self.api_client = api_client
        self.made = []

    def __call__(self, name, *given, **options):
        """The answer, or `None` after a refusal."""
        class_name, method = name.split(".")
        api = getattr(sunshine, class_name)(self.api_client)
        try:
            answer = getattr(api, method)(*given, **options)
        except ApiException as refusal:
            self.made.append({"method": name, "status": refusal.status, "code": code(refusal)})
            return None
        self.made.append({"method": name, "answer": type(answer).__name__})
        return answer


def code(refusal):
    """The error's code: from the parsed error where the operation declares its status, else from the body."""
    if refusal.data is not None:
        return refusal.data.errors[0].code
    try:
        return json.loads(refusal.body)["errors"][0]["code"]
    except (TypeError, ValueError, KeyError):
        return refusal.body
