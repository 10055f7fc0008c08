"""What every answer to a registration means, and what to do. Source: jtl-erp-api §4.2, §5."""

from tui.api.registration import ALREADY_TOLD
from tui.api.request import ApiRequest
from tui.api.words import Words

LOOK_FIRST = "If JTL-Wawi shows the request, reject it there; then register again"
_ADDRESS = "Check base_url: http(s)://HOST:PORT/api/DATABASE, the database usually being eazybusiness"
_ASKING = {
    400: (
        "JTL-Wawi does not accept what the app says of itself",
        "Correct what it names, then register again",
    ),
    401: ("the server wants a login where a registration needs none", _ADDRESS),
    402: (
        "JTL-Wawi has no licence that lets apps in",
        "Check the licence of this JTL-Wawi with JTL, then register again",
    ),
    403: (
        "no registration window is open in JTL-Wawi",
        "Open Admin > App-Registrierung > add in JTL-Wawi, leave it waiting, then register again",
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
        "JTL-Wawi does not accept the question for its decision",
        "Register again: the challenge code or the request may be spoilt",
    ),
    401: ("the server wants a login where a registration needs none", _ADDRESS),
    402: _ASKING[402],
    403: (
        "JTL-Wawi does not tell what it decided",
        "Its registration window may be closed: open it again, then go on with --resume",
    ),
    404: (
        "JTL-Wawi knows no such registration request",
        "It may have been withdrawn, or the challenge code is another one: register again",
    ),
    405: ("the server offers no registration at {path}", _ADDRESS),
    ALREADY_TOLD: (
        "this registration was answered before, and its key is told only once",
        "Where the app stands in JTL-Wawi, remove it there; then register again",
    ),
}


def explained(request: ApiRequest, status: int, _: Words) -> tuple[str, str]:
    """(sentence, next step) for an answer; a `failures.Hint`."""
    table = _ASKING if request.method == "POST" else _POLLING
    sentence, step = table.get(status, ("", ""))
    app = str((request.body or {}).get("AppId", ""))
    return sentence.format(path=request.path, app=app), step
