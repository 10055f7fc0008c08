"""What each response to a registration means, and what to do. Source: jtl PROTOCOL §4.2, §5."""

from tui.api.error_body import Words
from tui.api.http.request import ApiRequest
from tui.api.registrar import ALREADY_TOLD

LOOK_FIRST = "If JTL-Wawi shows the request, reject it there; then register again"
_ADDRESS = "Check base_url: http(s)://HOST:PORT/api/DATABASE; the database is usually eazybusiness"
_ASKING = {
    400: (
        "JTL-Wawi rejected the app's details",
        "Correct the details that it names, then register again",
    ),
    401: ("the server requires a login where a registration needs none", _ADDRESS),
    402: (
        "JTL-Wawi has no licence for apps",
        "Check the licence of this JTL-Wawi with JTL, then register again",
    ),
    403: (
        "no registration window is open in JTL-Wawi",
        "Open Admin > App-Registrierung > add in JTL-Wawi, leave it open, then register again",
    ),
    404: ("the server offers no registration at {path}", _ADDRESS),
    405: ("the server offers no registration at {path}", _ADDRESS),
    409: (
        "an app with the AppId {app} is registered already",
        "Remove it in JTL-Wawi under Admin > App-Registrierung, or take another AppId (--app-id)",
    ),
}
_ASKING[422] = _ASKING[400]
_POLLING = {
    400: (
        "JTL-Wawi rejected the query for its decision",
        "Register again: the challenge code or the request may be damaged",
    ),
    401: ("the server requires a login where a registration needs none", _ADDRESS),
    402: _ASKING[402],
    403: (
        "JTL-Wawi does not report its decision",
        "Its registration window may be closed: open it again, then continue with --resume",
    ),
    404: (
        "JTL-Wawi has no such registration request",
        "It may have been withdrawn, or the challenge code is a different one: register again",
    ),
    405: ("the server offers no registration at {path}", _ADDRESS),
    ALREADY_TOLD: (
        "the decision on this registration was already reported, and its key is reported only once",
        "If JTL-Wawi lists the app, remove it there; then register again",
    ),
}


def explained(request: ApiRequest, status: int, _: Words) -> tuple[str, str]:
    """(sentence, next step) for a response; a `error_mapping.Hint`."""
    table = _ASKING if request.method == "POST" else _POLLING
    sentence, step = table.get(status, ("", ""))
    app = str((request.body or {}).get("AppId", ""))
    return sentence.format(path=request.path, app=app), step
