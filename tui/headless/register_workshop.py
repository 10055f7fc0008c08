"""What the rooms of `register` share: what they work with, and how a failure is told."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tui.api.errors import ErpError, TlsFailed
from tui.api.registration import Registrar
from tui.headless.output import line
from tui.headless.register_dialogue import Dialogue, Terminal
from tui.headless.register_result import MakeLine
from tui.headless.register_waiting import Pace
from tui.ops.registration import Registration, Waiting


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the registration works with."""

    make_registrar: Callable[[Registration], Registrar]
    make_line: MakeLine
    state: Path
    """The state directory."""
    dialogue: Dialogue = field(default_factory=Terminal)
    pace: Callable[[float], Pace] = lambda seconds: Pace(seconds, time.monotonic)

    @property
    def waiting(self) -> Waiting:
        """The registrations that wait for their answer."""
        return Waiting(self.state / "registrations")


def tell_failure(dialogue: Dialogue, failure: ErpError) -> None:
    """What happened, and what can be done about it in a registration."""
    step = failure.next_step
    if isinstance(failure, TlsFailed) and "ca_bundle" in step:
        step = "Give the certificate of the authority that issued it with --ca-bundle FILE"
    dialogue.complain(f"{line(failure.sentence)}{f'. {line(step)}' if step else ''}")
