"""What `register` explains to an operator who does not know JTL-Wawi's App-Registrierung.

Source: jtl PROTOCOL §4.2, §4.3.
"""

from collections.abc import Iterator

from tui.domain.jtl.registration import SCOPES, Scope, split
from tui.headless.output import line
from tui.headless.register.prompts import Dialogue
from tui.ops.pending_registration import Registration
from tui.paths import shown

_MARGIN = "  "
INTRODUCTION = (
    "This registers syncdeck in a JTL-Wawi on-premises, as an app with its own key. It starts with"
    " some questions; enter accepts the value in brackets, ctrl+c ends it. Nothing is sent until"
    " you confirm it at the end."
)
_STEPS = (
    "1. Start JTL-Wawi (new user interface) as a user who may register apps.",
    "2. Open Admin > App-Registrierung and press add: a window opens and waits for an app.",
    "3. Leave that window open, and return here to send the request.",
    "4. JTL-Wawi then shows the request, with the name and the scopes above. Accept it there.",
    "5. syncdeck fetches the key automatically, and stores it.",
)
_WIDTH = 15


def chosen(names: tuple[str, ...]) -> tuple[Scope, ...]:
    """The scopes with these names, without unknown ones."""
    return tuple(SCOPES[name] for name in names if name in SCOPES)


def tell_review(dialogue: Dialogue, registration: Registration, config: str) -> None:
    """Everything that will be sent and written, and the steps in JTL-Wawi."""
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
    yield "Key", f"{shown(registration.key_file)}, readable only by you (0600)"
    yield "Config", f"added to {config}" if registration.add else "its lines are printed"
    yield "Challenge code", registration.challenge
    yield "", "You do not type it anywhere. Where JTL-Wawi shows a code, it"
    yield "", "must be this one."
