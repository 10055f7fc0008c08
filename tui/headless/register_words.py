"""What `register` says to somebody who has never seen JTL-Wawi's App-Registrierung.

Source: jtl-erp-api §4.2, §4.3.
"""

from collections.abc import Iterator

from tui.domain.registration import SCOPES, Scope, split
from tui.headless.output import line
from tui.headless.register_dialogue import Dialogue
from tui.ops.registration import Registration
from tui.paths import shown

_MARGIN = "  "
INTRODUCTION = (
    "This makes syncdeck known to a JTL-Wawi on-premises, as an app with a key of its own. First some"
    " questions; enter takes what stands in brackets, ctrl+c ends it. Nothing is sent before the end,"
    " when you say so."
)
_STEPS = (
    "1. Start JTL-Wawi (new user interface) as somebody who may register apps.",
    "2. Open Admin > App-Registrierung and press add: a window opens and waits for an app.",
    "3. Leave that window waiting, and come back here to send the request.",
    "4. JTL-Wawi then shows the request, with the name and the scopes above. Accept it there.",
    "5. syncdeck fetches the key by itself, and keeps it.",
)
_WIDTH = 15


def chosen(names: tuple[str, ...]) -> tuple[Scope, ...]:
    """The scopes of these names, those that are still known."""
    return tuple(SCOPES[name] for name in names if name in SCOPES)


def tell_review(dialogue: Dialogue, registration: Registration, config: str) -> None:
    """All that will be sent and written, and what is to be done in JTL-Wawi."""
    dialogue.tell()
    dialogue.tell("Register syncdeck as an app")
    for label, value in _rows(registration, config):
        dialogue.show(f"{_MARGIN}{label:{_WIDTH}}{line(value)}".rstrip())
    mandatory, _ = split(chosen(registration.scopes))
    for scope in chosen(registration.scopes):
        kind = "needed" if scope.name in mandatory else "optional"
        dialogue.tell(f"{_MARGIN}Scope {scope.name} ({kind}): {scope.gives}")
    dialogue.tell()
    dialogue.tell("What to do in JTL-Wawi")
    for step in _STEPS:
        dialogue.tell(f"{_MARGIN}{step}")
    dialogue.tell()


def _rows(registration: Registration, config: str) -> Iterator[tuple[str, str]]:
    yield "Server", registration.base_url
    yield "AppId", f"{registration.app_id} (version {registration.app_version})"
    yield "Shown as", f"{registration.display_name}, by {registration.provider}"
    yield "Profile", f"{registration.profile} · {registration.environment}"
    yield "Key", f"{shown(registration.key_file)}, for you alone (0600)"
    yield "Config", f"added to {config}" if registration.add else "its lines are printed"
    yield "Challenge code", registration.challenge
    yield "", "You need not type it anywhere. Where JTL-Wawi shows a code, it"
    yield "", "must be this one."


def resume_command(profile: str) -> str:
    """How to go on later."""
    name = profile if profile.isascii() and " " not in profile else f"'{profile}'"
    return f"syncdeck register --resume --profile {name}"
