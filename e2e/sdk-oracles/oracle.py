"""PyPI `azure-communication-identity`, as Microsoft publishes it, against the emulator.

Prints one line of JSON for each case: its name, and what went wrong if anything did.
"""

import base64
import json
import re
import sys
import traceback
import urllib.parse
import urllib.request
from datetime import timedelta

from azure.communication.identity import CommunicationIdentityClient, CommunicationTokenScope, CommunicationUserIdentifier
from azure.core.credentials import AccessToken, AzureKeyCredential
from azure.core.exceptions import HttpResponseError

EMULATOR = json.loads(sys.argv[1])
WRONG_KEY = base64.b64encode(b"some other key, that is no secret").decode()


def admin(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{EMULATOR['url']}/_emulator/{path}", data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def client(key=EMULATOR["accessKey"]):
    return CommunicationIdentityClient(EMULATOR["url"], AzureKeyCredential(key))


def check(token):
    return admin("POST", "tokens/check", {"token": token})


def refused(work):
    try:
        work()
    except HttpResponseError as error:
        return error.status_code, error.error.code if error.error else None
    raise AssertionError("it was not refused")


def equal(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def an_identity_is_created():
    user = client().create_user()
    equal([identity["id"] for identity in admin("GET", "state")["identities"]], [user.properties["id"]])


def an_identity_is_created_with_its_token():
    scopes = [CommunicationTokenScope.VOIP, CommunicationTokenScope.CHAT_JOIN_LIMITED]
    user, token = client().create_user_and_token(scopes, token_expires_in=timedelta(minutes=60))
    equal(check(token.token), {"state": "good", "identity": user.properties["id"], "scopes": ["voip", "chat.join.limited"]})
    # This client hands the text on as it came.
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+00:00", token.expires_on), token.expires_on
    equal(token.expires_on[:19], admin("GET", "state")["identities"][0]["tokens"][0]["expiresOn"][:19])


def a_further_token_is_issued():
    user = client().create_user()
    token = client().get_token(user, [CommunicationTokenScope.VOIP_JOIN])
    equal(check(token.token)["scopes"], ["voip.join"])


def tokens_are_revoked():
    user, token = client().create_user_and_token(["voip"])
    client().revoke_tokens(user)
    equal(check(token.token), {"state": "revoked"})


def an_identity_is_deleted_and_then_there_is_none():
    user, token = client().create_user_and_token(["voip"])
    client().delete_user(user)
    equal(check(token.token), {"state": "revoked"})
    equal(refused(lambda: client().get_token(user, ["voip"])), (404, "IdentityNotFound"))


def what_makes_no_sense_is_refused():
    user = client().create_user()
    equal(refused(lambda: client().get_token(user, [])), (400, "BadRequest"))
    equal(refused(lambda: client().get_token(user, ["everything"])), (400, "BadRequest"))


def an_identity_of_another_resource_is_refused():
    other = CommunicationUserIdentifier("8:acs:7d3f1c2a-1111-4222-8333-944444444444_0000001a-2222-3333-4444-555555555555")
    equal(refused(lambda: client().get_token(other, ["voip"])), (401, "IdentityNotOwned"))


def a_wrong_key_is_refused_and_nothing_is_made():
    equal(refused(lambda: client(WRONG_KEY).create_user()), (401, "Denied"))
    equal(admin("GET", "state")["identities"], [])


class Entra:
    """A credential that asks the emulator's token endpoint for just the scope that Microsoft's client wants."""

    def __init__(self, scope=None):
        self.asked = []
        self.scope = scope

    def get_token(self, *scopes, **_):
        self.asked.extend(scopes)
        form = {
            "grant_type": "client_credentials",
            "client_id": EMULATOR["clientId"],
            "client_secret": EMULATOR["clientSecret"],
            "scope": self.scope or scopes[0],
        }
        url = f"{EMULATOR['url']}/{EMULATOR['tenantId']}/oauth2/v2.0/token"
        with urllib.request.urlopen(url, urllib.parse.urlencode(form).encode()) as answer:
            token = json.loads(answer.read())
        return AccessToken(token["access_token"], 4_000_000_000)


def a_token_of_entra_is_taken_for_the_scope_that_the_client_asks_for():
    entra = Entra()
    user = CommunicationIdentityClient(EMULATOR["url"], entra).create_user(enforce_https=False)
    equal(entra.asked, ["https://communication.azure.com//.default"])
    equal(admin("GET", "state")["identities"][0]["id"], user.properties["id"])


def a_token_of_entra_for_another_audience_is_refused():
    graph = CommunicationIdentityClient(EMULATOR["url"], Entra("https://graph.microsoft.com/.default"))
    equal(refused(lambda: graph.create_user(enforce_https=False)), (401, "Denied"))


CASES = [
    an_identity_is_created,
    an_identity_is_created_with_its_token,
    a_further_token_is_issued,
    tokens_are_revoked,
    an_identity_is_deleted_and_then_there_is_none,
    what_makes_no_sense_is_refused,
    an_identity_of_another_resource_is_refused,
    a_wrong_key_is_refused_and_nothing_is_made,
    a_token_of_entra_is_taken_for_the_scope_that_the_client_asks_for,
    a_token_of_entra_for_another_audience_is_refused,
]

for case in CASES:
    failure = None
    try:
        admin("POST", "reset")
        case()
    except Exception:
        failure = traceback.format_exc()
    print(json.dumps({"name": case.__name__.replace("_", " "), "failure": failure}), flush=True)
