"""What a registered app may call. Source: jtl PROTOCOL §4.3."""

from tui.simulator.jtl.apps import App
from tui.simulator.jtl.call import Call
from tui.simulator.jtl.errors import refusal

_SINGLE = {
    ("GET", 0): "extensibility.getextensions",
    ("GET", 1): "extensibility.getextension",
    ("POST", 0): "extensibility.createextension",
    ("PATCH", 1): "extensibility.updateextension",
    ("DELETE", 1): "extensibility.deleteextension",
    ("PUT", 2): "extensibility.putextensionmanifest",
}


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
