"""Faults that stand in for an answer; nothing is carried out. The table is in `faults`."""

import json
from collections.abc import Callable
from dataclasses import replace

from tui.simulator.faults.table import Fault
from tui.simulator.http_messages import HTML, JSON, Answer, Received, empty
from tui.simulator.jtl.errors import error_answer
from tui.simulator.superoffice.archive import sync_log
from tui.simulator.superoffice.errors import NO_ACCESS, message_answer, so_error
from tui.simulator.superoffice.routes import AGENT, ARCHIVE
from tui.simulator.superoffice.tenant import MOVED
from tui.simulator.world import World

PAGE = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
LOGIN = Answer(text=PAGE.format("Sign in"), media=HTML)
LOGIN_PATH = "/login"
_REASONS = {
    402: "A licence is required.",
    404: "The path was not found.",
    429: "Too many requests.",
    500: "An unexpected error occurred.",
    503: "The service is not available.",
}
_QUIRKS = {
    "1": error_answer(
        400, "FormatNotParsable", "Guid string should only contain hexadecimal characters (workers)."
    ),
    "2": error_answer(400, "FormatNotParsable", "Key must from Type int"),
    "3": error_answer(400, "FormatNotParsable", "key must from type guid: invalid key format"),
    "4": error_answer(400, "AmbiguousApiVersion", "Specify only a single API version: path or header."),
    "5": error_answer(500, "INTERNAL", "Unknown Internal Error"),
    "6": empty(401),
    "7": error_answer(403, "FORBIDDEN", "The scope system.worker.read is missing."),
    "10": empty(204),
    "13": error_answer(404, "NOT_FOUND", "No route matches."),
    "15": Answer(
        400,
        {
            "error": {
                "code": "UnsupportedApiVersion",
                "message": "The HTTP resource does not support the API version '1'.",
                "innerError": None,
            }
        },
    ),
    "16": Answer(
        400,
        {
            "type": "https://docs.api-versioning.org/problems#unsupported",
            "title": "Nicht unterstützte API-Version",
            "status": 400,
            "detail": "Die angeforderte Ressource gibt es in dieser Fassung nicht.",
        },
    ),
}
_UNSPECIFIED = Answer(
    400,
    {
        "type": "https://docs.api-versioning.org/problems#unspecified",
        "title": "Unspecified API version",
        "status": 400,
        "detail": "An API version is required, but was not specified.",
    },
)


def instead(world: World, fault: Fault, request: Received) -> Answer | None:
    """The answer that `fault` gives instead of the right one; None where it needs the right one."""
    if fault.kind == "quirk" and fault.arg == "17":
        return None if "api-version" in request.headers else _UNSPECIFIED
    if fault.kind == "quirk":
        return _QUIRKS.get(fault.arg)
    make = _ANSWERS.get(fault.kind)
    return make(world, fault, request) if make else None


def _is_superoffice(request: Received) -> bool:
    return any(route.fullmatch(request.path) for route in (AGENT, ARCHIVE))


def _status(_world: World, fault: Fault, request: Received) -> Answer:
    code, _, seconds = fault.arg.partition(",")
    status = int(code)
    headers = (("Retry-After", seconds),) if seconds else ()
    reason = _REASONS.get(status, f"Status {status}.")
    if status in (204, 304, 401):
        return empty(status, *headers)
    if _is_superoffice(request):
        return Answer(status, so_error(status, "SoServerException", reason).tree, headers=headers)
    return Answer(status, error_answer(status, f"HTTP_{status}", reason).tree, headers=headers)


def _forbidden(_world: World, _fault: Fault, request: Received) -> Answer:
    if _is_superoffice(request):
        return NO_ACCESS
    area = "extensibility.integration" if "/extensions" in request.path else "system.worker"
    right = "" if area.startswith("ext") else ".read" if request.method == "GET" else ".write"
    return error_answer(403, "FORBIDDEN", f"The scope {area}{right} is missing.")


def _expired(world: World, _fault: Fault, request: Received) -> Answer:
    world.jtl.tokens.clear()
    if _is_superoffice(request):
        return so_error(401, "SoSecurityException", "The token has expired.")
    return empty(401, ("WWW-Authenticate", 'Bearer error="invalid_token"'))


def _echo(_world: World, fault: Fault, request: Received) -> Answer:
    names = ("authorization", "x-api-key", "so-apptoken", "cookie", "x-xsrf-token")
    said = " ".join(f"{name}: {request.headers[name]}" for name in names if name in request.headers)
    status = int(fault.arg or 400)
    answer = error_answer(status, said, f"bad login {said}", {said: [f"not {said}"]})
    if _is_superoffice(request):
        answer = so_error(status, said, f"bad login {said}")
    return replace(answer, headers=(("X-Request-Id", said),))


def _html(_world: World, fault: Fault, _request: Received) -> Answer:
    status = int(fault.arg or 200)
    title = "Bad gateway" if status >= 500 else "Welcome to the gateway"
    return Answer(status, text=PAGE.format(title), media=HTML)


def _raw(_world: World, fault: Fault, _request: Received) -> Answer:
    known = json.loads(fault.arg)
    body, status = known.get("body"), int(known.get("status", 200))
    if not isinstance(body, str):
        body = json.dumps(body)
    return Answer(status, text=body, media=str(known.get("ctype", JSON)))


def _large_log(world: World, _fault: Fault, request: Received) -> Answer | None:
    return sync_log(world, request, large=True) if ARCHIVE.fullmatch(request.path) else None


_ANSWERS: dict[str, Callable[[World, Fault, Received], Answer | None]] = {
    "status": _status,
    "forbidden": _forbidden,
    "expired": _expired,
    "echo": _echo,
    "421": lambda *_: MOVED,
    "html": _html,
    "redirect-login": lambda *_: empty(302, ("Location", f"{LOGIN_PATH}?ReturnUrl=%2F")),
    "null": lambda *_: Answer(),
    "empty": lambda *_: empty(200),
    "message": lambda _, fault, __: message_answer(fault.arg or "An error has occurred."),
    "raw": _raw,
    "large-log": _large_log,
}
