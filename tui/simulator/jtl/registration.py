"""Registering an app on-premises, in two steps. No login: the open window is what lets it in.

Source: jtl PROTOCOL §4.2. Inferred: another challenge code than the first one is answered as 404, and
a rejection is told once, as the key is.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from tui.simulator.http_messages import Answer, Received, Refused, empty
from tui.simulator.jtl.apps import ACCEPT, REJECT, App, Apps, Asked
from tui.simulator.jtl.call import fields_of
from tui.simulator.jtl.errors import error_answer, invalid, not_found, refusal
from tui.simulator.world import World

PATH = re.compile(r"(?:/v[12])?/authentication(?:/(?P<id>[^/]+))?/?", re.IGNORECASE)
PENDING, REJECTED, ACCEPTED = range(3)
_TEXTS = (
    "AppId",
    "DisplayName",
    "Description",
    "Version",
    "ProviderName",
    "ProviderWebsite",
    "AppIcon",
)
_LONGEST_CHALLENGE = 30


def registration(world: World, request: Received, path: str) -> Answer | None:
    """The answer to a call of the registration; None where `path` is another one."""
    match = PATH.fullmatch(path)
    if match is None:
        return None
    apps = world.jtl.apps
    try:
        if request.method == "POST" and match["id"] is None:
            return _ask(apps, request)
        if request.method == "GET" and match["id"] is not None:
            return _tell(world, apps, match["id"], _challenge(request))
    except Refused as refused:
        return refused.answer
    return empty(405, ("Allow", "POST" if match["id"] is None else "GET"))


def _challenge(request: Received) -> str:
    code = request.headers.get("x-challengecode", "")
    if not 0 < len(code) <= _LONGEST_CHALLENGE:
        raise invalid({"x-challengecode": [f"1 to {_LONGEST_CHALLENGE} characters are needed."]})
    return code


def _ask(apps: Apps, request: Received) -> Answer:
    challenge = _challenge(request)
    fields = _fields(request)
    if not apps.licensed:
        return empty(402)
    if not apps.window_open:
        raise refusal(403, "FORBIDDEN", "There is no open registration.")
    if apps.knows(fields["appid"]):
        raise refusal(409, "CONFLICT", "The app is registered already.")
    known_id = _derived("request", len(apps.asked))
    scopes = (*fields["mandatoryapiscopes"], *(fields.get("optionalapiscopes") or ()))
    asked = Asked(known_id, fields["appid"], fields["version"], challenge, scopes)
    apps.asked[known_id] = asked
    return Answer(201, _status(asked, PENDING))


def _fields(request: Received) -> Mapping[str, Any]:
    fields = fields_of(request)
    wrong = {
        name: ["The field is required."]
        for name in _TEXTS
        if not (isinstance(fields.get(name.lower()), str) and fields[name.lower()])
    }
    if not isinstance(fields.get("mandatoryapiscopes"), list):
        wrong["MandatoryApiScopes"] = ["The field is required."]
    if wrong:
        raise invalid(wrong)
    return fields


def _tell(world: World, apps: Apps, known_id: str, challenge: str) -> Answer:
    asked = apps.asked.get(known_id.lower())
    if asked is None or asked.challenge != challenge:
        raise not_found("The registration request")
    if asked.answered:
        return error_answer(410, "GONE", "The registration request was answered already.")
    asked.polls += 1
    if asked.polls <= apps.pending_polls or apps.answer not in (ACCEPT, REJECT):
        return Answer(200, {"RequestStatusInfo": _status(asked, PENDING), "GrantedScopes": []})
    asked.answered = True
    if apps.answer == REJECT:
        return Answer(200, {"RequestStatusInfo": _status(asked, REJECTED), "GrantedScopes": []})
    granted = [scope for scope in asked.scopes if scope not in apps.withheld]
    key = f"sim-registered-{world.options.seed}-{_derived('key', len(apps.by_key))}"
    apps.by_key[key] = App(asked.app_id, asked.version, frozenset(granted))
    return Answer(
        200,
        {
            "RequestStatusInfo": _status(asked, ACCEPTED),
            "Token": {"ApiKey": key},
            "GrantedScopes": granted,
        },
    )


def _status(asked: Asked, status: int) -> dict[str, object]:
    return {"AppId": asked.app_id, "RegistrationRequestId": asked.id, "Status": status}


def _derived(what: str, number: int) -> str:
    """A uuid of its own row: registering must not change the identifiers of anything else."""
    return str(UUID(bytes=sha256(f"{what} {number}".encode()).digest()[:16], version=4))
