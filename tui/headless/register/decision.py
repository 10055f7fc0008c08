"""From an accepted request to a working profile, or to the reason why there is none.

Invariant: the key is on the disk before anything else uses it.
"""

from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tui.api.errors import NotFound
from tui.api.registrar import ALREADY_TOLD, Registrar, Verdict
from tui.domain.jtl.registration import Decision
from tui.domain.profile import suggested_command
from tui.headless.event_loop import OwnLoop
from tui.headless.exit_codes import ATTENTION, HEALTHY, UNAUTHORISED, UNUSABLE, worst
from tui.headless.output import line
from tui.headless.register.context import RegisterContext, tell_failure
from tui.headless.register.finish import tell_profile, tell_scopes, try_out
from tui.headless.register.key_file import keep, keep_elsewhere
from tui.headless.register.polling import EVERY, Waited, wait
from tui.headless.register.prompts import Abandoned, Dialogue
from tui.headless.register.questions import RegisterRequest
from tui.headless.run.results import code_of
from tui.ops.pending_registration import Registration
from tui.paths import shown

if TYPE_CHECKING:
    from pydantic import SecretStr


class AwaitedDecision:
    """The second half of the command."""

    def __init__(self, request: RegisterRequest, context: RegisterContext, loop: OwnLoop) -> None:
        self._request, self._context, self._loop = request, context, loop
        self._dialogue = context.dialogue
        self._key: SecretStr | None = None
        self._unkept: OSError | None = None

    def run(self, registration: Registration) -> int:
        """Wait for the decision, and act on it; returns the exit code."""
        minutes = self._request.minutes
        self._dialogue.tell(
            f"Waiting for somebody to accept {registration.app_id} in JTL-Wawi. syncdeck checks every"
            f" {EVERY:g} s, for {minutes:g} min. Press ctrl+c to stop waiting; nothing is lost:"
            f" `{_resume_command(registration)}` resumes it."
        )
        registrar = self._context.make_registrar(registration)
        pace = self._context.pace(minutes * 60)
        hold = partial(self._hold, registration)
        waiting = wait(registrar, registration, hold, self._say, pace)
        waited, number = self._loop.run(_closing(registrar, waiting))
        if self._key is not None and waited is not None and waited.verdict is not None:
            code = self._accepted(registration, self._key, waited.verdict)
            return 128 + number if number else code
        if number or waited is None:
            return interrupted(self._dialogue, registration, number)
        return self._without_key(registration, waited)

    def _say(self, sentence: str) -> None:
        self._dialogue.tell(f"  {line(sentence)}")

    def _hold(self, registration: Registration, key: "SecretStr") -> None:
        """Write the key to its file; a failure is handled later, when questions can be asked."""
        self._key = key
        try:
            keep(registration.key_file, key)
        except OSError as error:
            self._unkept = error

    def _without_key(self, registration: Registration, waited: Waited) -> int:
        if waited.verdict is not None and waited.verdict.decision is Decision.REJECTED:
            self._forget(registration)
            self._dialogue.complain(
                f"the request of {registration.app_id} was rejected in JTL-Wawi. Ask its administrator"
                " why, then register again"
            )
            return UNAUTHORISED
        if waited.error is None:
            self._dialogue.complain("nobody has accepted or rejected it in time")
            interrupted(self._dialogue, registration, 0)
            return ATTENTION
        tell_failure(self._dialogue, waited.error)
        if isinstance(waited.error, NotFound) or waited.error.status == ALREADY_TOLD:
            self._forget(registration)
        else:
            interrupted(self._dialogue, registration, 0)
        return code_of(waited.error)

    def _forget(self, registration: Registration) -> None:
        try:
            self._context.waiting.drop(registration.profile)
        except OSError as error:
            self._dialogue.complain(f"the waiting registration stays on disk: {error.strerror or error}")

    # With the key.

    def _accepted(self, registration: Registration, key: "SecretStr", verdict: Verdict) -> int:
        if self._unkept is not None:
            spare = self._context.state / "secrets" / registration.key_file.name
            place = keep_elsewhere(key, self._unkept, registration.key_file, self._dialogue, spare)
            if place is None:
                return self._keyless(registration, key)
            registration = replace(registration, key_file=place)
        self._forget(registration)
        self._dialogue.tell()
        self._dialogue.tell(f"Accepted. The key is in {shown(registration.key_file)} (0600).")
        file, written = tell_profile(self._dialogue, registration, self._request.config)
        granted = tell_scopes(self._dialogue, registration, verdict.granted)
        works = try_out(
            self._dialogue, self._loop, self._context.make_service, file, registration.profile
        )
        self._show(key)
        code = works if works > 128 else worst((written, granted, works))
        if registration.add and written == HEALTHY:
            self._dialogue.tell(f"Start it with: syncdeck --profile {registration.profile}")
        return code

    def _keyless(self, registration: Registration, key: "SecretStr") -> int:
        """The key is in no file: show it if requested; otherwise it is lost."""
        self._forget(registration)
        if self._request.show_key:
            self._dialogue.show(key.get_secret_value())
        self._dialogue.complain(
            "the key is in no file, and JTL-Wawi does not report it again. If you do not have it, remove"
            f" {registration.app_id} in JTL-Wawi under Admin > App-Registrierung, then register again"
        )
        return UNUSABLE

    def _show(self, key: "SecretStr") -> None:
        """Once, and only on request; syncdeck itself needs only the file."""
        wanted = self._request.show_key
        if not wanted and self._dialogue.asks:
            with suppress(Abandoned):
                question = "Show the key here, once [y/N]"
                wanted = self._dialogue.ask(question).lower() in ("y", "yes")
        if wanted:
            self._dialogue.show(key.get_secret_value())


def _resume_command(registration: Registration) -> str:
    return suggested_command(registration.profile, "register", "--resume")


def interrupted(dialogue: Dialogue, registration: Registration, number: int) -> int:
    """Say how to resume; returns the exit code of a command that signal `number` ended."""
    dialogue.complain(f"the registration still waits: `{_resume_command(registration)}` resumes it")
    return 128 + number


async def _closing(registrar: Registrar, waiting: Coroutine[object, object, Waited]) -> Waited:
    try:
        return await waiting
    finally:
        await registrar.aclose()
