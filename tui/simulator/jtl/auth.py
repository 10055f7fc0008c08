"""Who may call the JTL side: OAuth2 client credentials in the cloud, a `Wawi` key on-premises, which
may do what its scopes allow.

Source: jtl PROTOCOL §4.1, §4.2, §4.3, §5, §7 no. 6. A missing tenant header is 412, an unknown one 401.
"""

import base64
import binascii
from datetime import timedelta
from urllib.parse import parse_qs

from tui.simulator import credentials
from tui.simulator.http_messages import Answer, Received, Refused, empty
from tui.simulator.jtl.apps import App
from tui.simulator.jtl.call import Call
from tui.simulator.jtl.errors import refusal
from tui.simulator.world import World

RATE_LIMIT = 6_000
"""Calls a minute that the headers speak of; nothing is refused, throttling is a fault."""
_SINGLE = {
    ("GET", 0): "extensibility.getextensions",
    ("GET", 1): "extensibility.getextension",
    ("POST", 0): "extensibility.createextension",
    ("PATCH", 1): "extensibility.updateextension",
    ("DELETE", 1): "extensibility.deleteextension",
    ("PUT", 2): "extensibility.putextensionmanifest",
}


def token(world: World, request: Received) -> Answer:
    """POST /oauth2/token: form grant_type=client_credentials, Basic with client id and secret."""
    if request.method != "POST":
        return empty(405, ("Allow", "POST"))
    if _basic(request.headers.get("authorization", "")) != (
        credentials.CLIENT_ID,
        credentials.CLIENT_SECRET,
    ):
        return Answer(
            401, {"error": "invalid_client"}, headers=(("WWW-Authenticate", 'Basic realm="token"'),)
        )
    form = parse_qs(request.body.decode("utf-8", "replace"))
    if form.get("grant_type") != ["client_credentials"]:
        return Answer(400, {"error": "unsupported_grant_type"})
    return Answer(200, _issue(world), headers=(("Cache-Control", "no-store"),))


def _issue(world: World) -> dict[str, object]:
    jtl, now = world.jtl, world.clock()
    jtl.tokens = {text: end for text, end in jtl.tokens.items() if end > now}
    jtl.tokens_issued += 1
    access = f"sim-access-{world.options.seed}-{jtl.tokens_issued}"
    jtl.tokens[access] = now + timedelta(seconds=jtl.token_lifetime)
    return {"access_token": access, "token_type": "Bearer", "expires_in": int(jtl.token_lifetime)}


def check_cloud(world: World, request: Received) -> None:
    """Let a cloud call pass, or raise `Refused` with 401 or 412."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    end = world.jtl.tokens.get(text)
    live = text == credentials.STATIC_BEARER or (end is not None and end > world.clock())
    if scheme.lower() != "bearer" or not live:
        raise Refused(empty(401, ("WWW-Authenticate", 'Bearer error="invalid_token"')))
    tenant = request.headers.get("x-tenant-id")
    if tenant is None:
        raise refusal(412, "PRECONDITION_FAILED", "The header x-tenant-id is required.")
    if tenant.lower() != credentials.TENANT_ID:
        raise Refused(empty(401))


def check_on_premises(world: World, request: Received) -> App | None:
    """Let an on-premises call pass, or raise `Refused` with 401, which has no body.

    Returns the app that was registered here; None for the fixed key, which may do everything.
    """
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    named = (request.headers.get("x-appid", ""), request.headers.get("x-appversion", ""))
    app = world.jtl.apps.by_key.get(key)
    registered = world.jtl.registered_app if app is None else (app.app_id, app.version)
    known_app = all(named) if registered is None else named == registered
    known_key = app is not None or key == credentials.API_KEY
    if scheme.lower() != "wawi" or not known_key or not known_app:
        raise Refused(empty(401))
    return app


def rate_headers(world: World) -> tuple[tuple[str, str], ...]:
    """X-RateLimit-*, as the cloud sends them (§5)."""
    jtl, minute = world.jtl, int(world.clock().timestamp() // 60)
    if minute != jtl.minute:
        jtl.minute, jtl.calls_this_minute = minute, 0
    jtl.calls_this_minute += 1
    return (
        ("X-RateLimit-Limit", str(RATE_LIMIT)),
        ("X-RateLimit-Interval-Length-Seconds", "60"),
        ("X-RateLimit-Remaining", str(max(0, RATE_LIMIT - jtl.calls_this_minute))),
    )


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return user, password


def check_scope(app: App, call: Call) -> None:
    """Let the call pass, or raise `Refused` with 403."""
    allowing = _allowing(call)
    if not app.scopes & allowing:
        raise refusal(
            403, "FORBIDDEN", f"The app needs one of the scopes {', '.join(sorted(allowing))}."
        )


def _allowing(call: Call) -> set[str]:
    """The scopes of which one is enough."""
    method = call.request.method
    reading = {"all.read"} if method == "GET" else set[str]()
    if call.area == "extensions":
        single = _SINGLE.get((method, len(call.parts)), "extensibility.integration")
        return {"extensibility.integration", single} | reading
    if method == "GET":
        status = call.parts[:1] == ("status",)
        single = "worker.getworkerstatus" if status else "worker.getworkersyncs"
        return {"system.worker.read", single} | reading
    return {
        "system.worker.write",
        "worker.synccontrol" if method == "PUT" else "worker.configuresync",
    }
