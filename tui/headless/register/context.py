"""What the modules of `register` share: their dependencies, and how they report a failure."""

import time
from collections.abc import Callable
from dataclasses import field
from pathlib import Path

from tui.api.errors import ErpError, TlsFailed
from tui.api.registrar import Registrar
from tui.frozen import frozen
from tui.headless.output import line
from tui.headless.register.finish import MakeService
from tui.headless.register.polling import Pace
from tui.headless.register.prompts import Dialogue, Terminal
from tui.ops.pending_registration import Registration, Waiting


@frozen
class RegisterContext:
    make_registrar: Callable[[Registration], Registrar]
    make_service: MakeService
    state: Path
    dialogue: Dialogue = field(default_factory=Terminal)
    pace: Callable[[float], Pace] = lambda seconds: Pace(seconds, time.monotonic)

    @property
    def waiting(self) -> Waiting:
        return Waiting(self.state / "registrations")


def tell_failure(dialogue: Dialogue, failure: ErpError) -> None:
    """Report a failure, with a next step that fits a registration."""
    step = failure.next_step
    if isinstance(failure, TlsFailed) and failure.authority_is_unknown:
        step = "Pass the certificate of the issuing authority with --ca-bundle FILE"
    dialogue.complain(f"{line(failure.message)}{f'. {line(step)}' if step else ''}")
