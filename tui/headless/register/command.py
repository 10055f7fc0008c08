"""`syncdeck register`: registers syncdeck as an app of a JTL-Wawi on-premises, by questions or by flags.

Invariant: nothing is sent before the operator confirms.
"""

from dataclasses import replace
from datetime import UTC, datetime

from tui.api.errors import Conflict, ErpError, Forbidden
from tui.api.registrar import AppFacts, Registrar
from tui.config.file import read
from tui.domain.jtl.registration import split
from tui.headless.event_loop import OwnLoop, seen_through
from tui.headless.exit_codes import UNUSABLE
from tui.headless.register.context import RegisterContext, tell_failure
from tui.headless.register.decision import AwaitedDecision, interrupted
from tui.headless.register.finish import see_that_it_fits
from tui.headless.register.key_file import make_ready
from tui.headless.register.prompts import Abandoned
from tui.headless.register.questions import RegisterRequest, Unusable, another_app_id, complete
from tui.headless.register.resume import resumed, waiting_registration
from tui.headless.register.texts import INTRODUCTION, chosen, tell_review
from tui.headless.run.results import code_of
from tui.ops.pending_registration import Registration
from tui.paths import shown

_DESCRIPTION = "Terminal console for worker syncs and extensions"


def run(request: RegisterRequest, context: RegisterContext) -> int:
    """Register; returns the exit code.

    Raises:
        tui.config.file.ConfigError: the config is invalid; nothing was sent.
        OSError: the output cannot be written.
    """
    with OwnLoop() as loop:
        try:
            return _Registering(request, context, loop).run()
        except Unusable as problem:
            context.dialogue.complain(f"nothing was sent: {problem}")
        except Abandoned:
            context.dialogue.complain("nothing was sent: the input ended")
    return UNUSABLE


class _Registering:
    """The first half of the command: until JTL-Wawi has accepted the request."""

    def __init__(self, request: RegisterRequest, context: RegisterContext, loop: OwnLoop) -> None:
        self._request, self._context, self._loop = request, context, loop
        self._dialogue = context.dialogue

    def run(self) -> int:
        request, waiting = self._request, self._context.waiting
        if request.resume:
            return self._awaited(resumed(request, waiting))
        known = waiting_registration(request, waiting, self._dialogue)
        if known is not None:
            return self._awaited(known)
        agreed = self._agreed()
        return UNUSABLE if agreed is None else self._send(agreed)

    def _awaited(self, registration: Registration) -> int:
        return AwaitedDecision(self._request, self._context, self._loop).run(registration)

    # Before anything is sent.

    def _agreed(self) -> Registration | None:
        """The registration to send, if the operator confirms it."""
        path = self._request.config
        config = read(path) if path.exists() else None
        if self._dialogue.asks:
            self._dialogue.tell(INTRODUCTION)
        secrets_folder = path.absolute().parent / "secrets"
        registration = complete(self._request, self._dialogue, config, secrets_folder)
        if registration.add:
            see_that_it_fits(registration, path)
        tell_review(self._dialogue, registration, shown(path))
        if not self._request.yes:
            # The review may have scrolled away: repeat its key facts beside the question.
            self._dialogue.tell(f"{registration.app_id} · {registration.base_url}")
            question = "When that window is waiting, y sends the request; anything else does not"
            if self._dialogue.ask(question, afresh=True) != "y":
                self._dialogue.complain("nothing was sent: it was not confirmed")
                return None
        self._make_ready(registration)
        return registration

    def _make_ready(self, registration: Registration) -> None:
        """Check that JTL-Wawi's response can be stored."""
        for what, place in (
            ("key", registration.key_file),
            ("registration", self._context.waiting.path(registration.profile)),
        ):
            try:
                make_ready(place)
            except OSError as error:
                raise Unusable(
                    f"the {what} could not be kept in {shown(place)}: {error.strerror or error}"
                ) from None

    # Sending.

    def _send(self, registration: Registration) -> int:
        while True:
            registrar = self._context.make_registrar(registration)
            answer, number = self._loop.run(_asked(registrar, registration))
            if isinstance(answer, str):
                return self._taken(
                    replace(registration, request_id=answer, api_version=registrar.api_version), number
                )
            if answer is None:
                self._dialogue.complain(
                    "ended while the request was running: if JTL-Wawi shows it, reject it there"
                )
                return 128 + number
            tell_failure(self._dialogue, answer)
            again = None if number else self._mended(registration, answer)
            if again is None:
                return 128 + number if number else code_of(answer)
            registration = again

    def _taken(self, registration: Registration, number: int) -> int:
        registration = replace(registration, asked_at=datetime.now(UTC))
        try:
            self._context.waiting.keep(registration)
        except OSError as error:
            self._dialogue.complain(
                f"this registration cannot be resumed later: {error.strerror or error}"
            )
        if number:
            return interrupted(self._dialogue, registration, number)
        self._dialogue.tell("JTL-Wawi has accepted the request.")
        return self._awaited(registration)

    def _mended(self, registration: Registration, failure: ErpError) -> Registration | None:
        """The registration to send next, if the operator can do something about the failure."""
        if not self._dialogue.asks:
            return None
        try:
            if isinstance(failure, Forbidden):
                ready = self._dialogue.ask(
                    "Press enter to send it again when the window is waiting (q ends)"
                )
                return None if ready else registration
            if isinstance(failure, Conflict):
                return replace(registration, app_id=another_app_id(self._dialogue))
        except Abandoned:
            return None
        return None


async def _asked(registrar: Registrar, registration: Registration) -> str | ErpError:
    """The id of the request, or why there is none."""
    mandatory, optional = split(chosen(registration.scopes))
    app = AppFacts(
        registration.app_id,
        registration.display_name,
        _DESCRIPTION,
        registration.app_version,
        registration.provider,
        registration.website,
        mandatory,
        optional,
    )
    try:
        return await seen_through(registrar.request(app, registration.challenge))
    except ErpError as failure:
        return failure
    finally:
        await registrar.aclose()
