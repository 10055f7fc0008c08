"""PartnerSystemUser/Authenticate: a ticket for a signed system user token.

Source: superoffice PROTOCOL §10. What is refused, and in which words, is our guess: one of them repeats
what it was given, as a careless server would. The signature is checked by plain arithmetic, so that the
simulator needs no cryptography.
"""

import base64
import binascii
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tui.simulator import credentials
from tui.simulator.http_messages import Answer, Received, empty, lowered
from tui.simulator.superoffice.system_user_key import EXPONENT, MODULUS
from tui.simulator.world import World

LOGIN = re.compile(r"/login/api/partnersystemuser/authenticate/?", re.IGNORECASE)
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
"""What PKCS#1 v1.5 writes before a SHA-256 digest."""
_FRESH = timedelta(minutes=5)
"""How far the signed minute may be from ours."""


def authenticate(world: World, request: Received) -> Answer:
    """POST: 200 also where it refuses, with the reason."""
    if request.method != "POST":
        return empty(405, ("Allow", "POST"))
    try:
        body = request.parsed
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return empty(400)
    known = lowered(body)
    refusal = _refusal(world, known)
    if refusal:
        return Answer(tree={"IsSuccessful": False, "Token": None, "ErrorMessage": refusal})
    return Answer(tree={"IsSuccessful": True, "Token": _token(world), "ErrorMessage": ""})


def _refusal(world: World, body: dict[str, Any]) -> str:
    if (app := body.get("applicationtoken")) != credentials.SO_APP_TOKEN:
        return f"The application token {app} is not known."
    if str(body.get("contextidentifier", "")).lower() != credentials.SO_TENANT.lower():
        return "The application is not authorised for this tenant."
    if body.get("returntokentype") != "JWT":
        return "Only JWT is returned."
    signed, _, signature = str(body.get("signedsystemtoken", "")).rpartition(".")
    token, _, minute = signed.rpartition(".")
    if token != credentials.SO_SYSTEM_USER_TOKEN or not is_signed(signed.encode(), signature):
        return "The system user token or its signature is not valid."
    if not _is_fresh(minute, world.clock()):
        return "The system user token was signed too long ago."
    return ""


def is_signed(text: bytes, signature: str) -> bool:
    """Whether `signature` (base64) is RSA-SHA256 with PKCS#1 v1.5 over `text` by the test key."""
    try:
        given = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    size = (MODULUS.bit_length() + 7) // 8
    tail = _SHA256 + hashlib.sha256(text).digest()
    padded = b"\x00\x01" + b"\xff" * (size - len(tail) - 3) + b"\x00" + tail
    opened = pow(int.from_bytes(given), EXPONENT, MODULUS).to_bytes(size)
    return len(given) == size and opened == padded


def _is_fresh(minute: str, now: datetime) -> bool:
    try:
        at = datetime.strptime(minute, "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        return False
    return abs(now - at) <= _FRESH


def _token(world: World) -> str:
    """A JWT with a new ticket among its claims; nobody checks its signature, so it has none."""
    so = world.so
    so.tickets_issued += 1
    ticket = f"7T:sim-system-{world.options.seed}-{so.tickets_issued}"
    so.tickets.add(ticket)
    claims = {
        "sub": credentials.SO_USER,
        "http://schemes.superoffice.net/identity/ctx": credentials.SO_TENANT,
        "http://schemes.superoffice.net/identity/ticket": ticket,
    }
    parts = (json.dumps({"alg": "none", "typ": "JWT"}), json.dumps(claims), "unsigned")
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)
