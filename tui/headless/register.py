"""`syncdeck register`: make syncdeck an app of a JTL-Wawi on-premises, step by step or by flags alone.

Invariant: nothing is sent before the operator's word, and the key is on the disk before anything else
happens with it.
"""

import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tui.api.errors import Conflict, ErpError, Forbidden, NotFound, TlsFailed
from tui.api.registration import AppFacts, Registrar, Verdict
from tui.config.file import ConfigFile, read
from tui.domain.registration import Decision, split
from tui.headless.exitcodes import ATTENTION, HEALTHY, UNAUTHORISED, UNUSABLE, worst
from tui.headless.loop import OwnLoop, own_loop
from tui.headless.output import line
from tui.headless.register_dialogue import Abandoned, Dialogue, Terminal
from tui.headless.register_key import keep, keep_elsewhere, make_ready
from tui.headless.register_questions import (
    RegisterRequest,
    Unusable,
    another_app_id,
    complete,
)
from tui.headless.register_result import MakeLine, tell_profile, tell_scopes, try_out
from tui.headless.register_waiting import EVERY, Pace, Waited, wait
from tui.headless.register_words import INTRODUCTION, chosen, resume_command, tell_review
from tui.headless.run_results import code_of
from tui.ops.registration import Registration, Waiting
from tui.paths import shown

if TYPE_CHECKING:
    from pydantic import SecretStr

_GONE = 410
_DESCRIPTION = "Terminal console for worker syncs and extensions"
MakeRegistrar = Callable[[Registration], Registrar]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the registration works with."""

    make_registrar: MakeRegistrar
    make_line: MakeLine
    state: Path
    """The state directory."""
    dialogue: Dialogue = field(default_factory=Terminal)
    pace: Callable[[float], Pace] = lambda seconds: Pace(seconds, time.monotonic)


def run(request: RegisterRequest, workshop: Workshop) -> int:
    """Do it; the exit code.

    Raises:
        tui.config.file.ConfigError: the config cannot be used; nothing was sent.
        OSError: the output cannot be written.
    """
    with own_loop() as loop:
        registering = _Registering(request, workshop, loop)
        try:
            return registering.run()
        except Unusable as problem:
            workshop.dialogue.complain(f"nothing was sent: {problem}")
            return UNUSABLE
        except Abandoned:
            workshop.dialogue.complain("nothing was sent: the input ended")
            return UNUSABLE


class _Registering:
    """One run of the command."""

    def __init__(self, request: RegisterRequest, workshop: Workshop, loop: OwnLoop) -> None:
        self._request, self._workshop, self._loop = request, workshop, loop
        self._dialogue = workshop.dialogue
        self._waiting = Waiting(workshop.state / "registrations")
        self._key: SecretStr | None = None
        self._unkept: OSError | None = None

    def run(self) -> int:
        """From the first question to the last word."""
        registration = self._picked_up() if self._request.resume else self._left_over()
        if registration is not None:
            return self._wait(registration)
        registration = self._agreed()
        if registration is None:
            return UNUSABLE
        return self._send(registration)

    # What is gone on with.

    def _picked_up(self) -> Registration:
        names = self._waiting.profiles()
        name = self._request.profile or (names[0] if len(names) == 1 else None)
        if name is None and names:
            raise Unusable(f"several registrations wait: name one with --profile: {', '.join(names)}")
        found = self._found(name) if name else None
        if found is None:
            of = f" of a profile {name!r}" if name else ""
            raise Unusable(f"no registration{of} waits for its answer; `syncdeck register` begins one")
        add = self._request.add
        return found if add is None else replace(found, add=add)

    def _left_over(self) -> Registration | None:
        """One that still waits, where the operator would rather go on with it."""
        if self._request.new:
            return None
        if self._request.profile is None:
            names = self._waiting.profiles() if self._dialogue.asks else ()
        else:
            names = (self._request.profile,)
        for name in names:
            found = self._found(name)
            if found is not None and self._goes_on(found):
                return found
        return None

    def _goes_on(self, found: Registration) -> bool:
        at = f"{found.asked_at:%Y-%m-%d %H:%M} UTC" if found.asked_at else "an unknown time"
        what = f"a registration of profile {found.profile} at {found.base_url} waits since {at}"
        if not self._dialogue.asks:
            raise Unusable(f"{what}: --resume goes on with it, --new begins another one")
        self._dialogue.tell(f"{what[0].upper()}{what[1:]}.")
        return self._dialogue.ask("Go on with it [Y/n]").lower() in ("", "y", "yes")

    def _found(self, profile: str) -> Registration | None:
        try:
            return self._waiting.find(profile)
        except ValueError as problem:
            raise Unusable(f"{problem}; remove it, then register again") from None

    # Before anything is sent.

    def _agreed(self) -> Registration | None:
        """What is to be sent, if the last step is taken."""
        path = self._request.config
        config = read(path) if path.exists() else None
        if self._dialogue.asks:
            self._dialogue.tell(INTRODUCTION)
        secrets_folder = path.absolute().parent / "secrets"
        registration = complete(self._request, self._dialogue, config, secrets_folder)
        self._see_that_it_fits(registration, config)
        tell_review(self._dialogue, registration, shown(path))
        if not self._request.yes:
            # The review may have scrolled away: what is asked about stands beside the question.
            self._dialogue.tell(f"{registration.app_id} · {registration.base_url}")
            question = "When that window waits, y sends the request; anything else does not"
            if self._dialogue.ask(question, afresh=True) != "y":
                self._dialogue.complain("nothing was sent: the last step was not taken")
                return None
        try:
            make_ready(registration.key_file)
        except OSError as error:
            where = shown(registration.key_file)
            raise Unusable(f"the key could not be kept in {where}: {error.strerror}") from None
        return registration

    def _see_that_it_fits(self, registration: Registration, config: ConfigFile | None) -> None:
        """A config that is not valid is told of before there is a key."""
        if registration.add and config is not None:
            from tui.config.check import validate

            validate(config)

    # Sending.

    def _send(self, registration: Registration) -> int:
        while True:
            registrar = self._workshop.make_registrar(registration)
            answer, number = self._loop.run(_asked(registrar, registration))
            if isinstance(answer, str):
                return self._taken(replace(registration, request_id=answer), number)
            if number:
                self._dialogue.complain(
                    "ended while the request was on its way: if JTL-Wawi shows it, reject it there"
                )
                return 128 + number
            assert answer is not None  # noqa: S101 - no signal, so there is an answer
            again = self._after_refusal(registration, answer)
            if again is None:
                return code_of(answer)
            registration = again

    def _taken(self, registration: Registration, number: int) -> int:
        registration = replace(registration, asked_at=datetime.now(UTC))
        try:
            self._waiting.keep(registration)
        except OSError as error:
            self._dialogue.complain(
                f"this registration cannot be picked up later: {error.strerror or error}"
            )
        if number:
            return self._interrupted(registration, number)
        self._dialogue.tell("JTL-Wawi has taken the request.")
        return self._wait(registration)

    def _after_refusal(self, registration: Registration, failure: ErpError) -> Registration | None:
        """Tell it, and what to send next if somebody at the terminal can do something about it."""
        self._tell(failure)
        if not self._dialogue.asks:
            return None
        try:
            if isinstance(failure, Forbidden):
                ready = self._dialogue.ask("Press enter to send it again when the window waits (q ends)")
                return None if ready else registration
            if isinstance(failure, Conflict):
                return replace(registration, app_id=another_app_id(self._dialogue))
        except Abandoned:
            return None
        return None

    def _tell(self, failure: ErpError) -> None:
        step = failure.next_step
        if isinstance(failure, TlsFailed):
            step = "Give the certificate of the authority that issued it with --ca-bundle FILE"
        self._dialogue.complain(f"{line(failure.sentence)}{f'. {line(step)}' if step else ''}")

    # Waiting.

    def _wait(self, registration: Registration) -> int:
        minutes = self._request.minutes
        self._dialogue.tell(
            f"Waiting for somebody to accept {registration.app_id} in JTL-Wawi. It is asked every"
            f" {EVERY:g} s, for {minutes:g} min; ctrl+c ends the waiting and loses nothing:"
            f" `{resume_command(registration.profile)}` goes on."
        )
        registrar = self._workshop.make_registrar(registration)
        pace = self._workshop.pace(minutes * 60)

        def hold(key: "SecretStr") -> None:
            self._hold(registration, key)

        waiting = wait(registrar, registration, hold, self._say, pace)
        waited, number = self._loop.run(_closing(registrar, waiting))
        if self._key is not None and waited is not None and waited.verdict is not None:
            code = self._accepted(registration, self._key, waited.verdict)
            return 128 + number if number else code
        if number or waited is None:
            return self._interrupted(registration, number)
        return self._without_key(registration, waited)

    def _say(self, sentence: str) -> None:
        self._dialogue.tell(f"  {line(sentence)}")

    def _hold(self, registration: Registration, key: "SecretStr") -> None:
        """Write the key where it belongs; what fails is seen to when there is time to ask."""
        self._key = key
        try:
            keep(registration.key_file, key)
        except OSError as error:
            self._unkept = error

    def _interrupted(self, registration: Registration, number: int) -> int:
        self._dialogue.complain(
            f"the registration still waits: `{resume_command(registration.profile)}` goes on with it"
        )
        return 128 + number

    def _without_key(self, registration: Registration, waited: Waited) -> int:
        if waited.verdict is not None and waited.verdict.decision is Decision.REJECTED:
            self._forget(registration)
            self._dialogue.complain(
                f"the request of {registration.app_id} was rejected in JTL-Wawi. Agree with whoever"
                " answers there, then register again"
            )
            return UNAUTHORISED
        if waited.error is None:
            self._dialogue.complain("nobody has accepted or rejected it in time")
            self._interrupted(registration, 0)
            return ATTENTION
        self._tell(waited.error)
        if isinstance(waited.error, NotFound) or waited.error.status == _GONE:
            self._forget(registration)
        else:
            self._interrupted(registration, 0)
        return code_of(waited.error)

    def _forget(self, registration: Registration) -> None:
        try:
            self._waiting.drop(registration.profile)
        except OSError as error:
            self._dialogue.complain(f"the waiting registration stays on disk: {error.strerror or error}")

    # With the key.

    def _accepted(self, registration: Registration, key: "SecretStr", verdict: Verdict) -> int:
        if self._unkept is not None:
            spare = self._workshop.state / "secrets" / registration.key_file.name
            place = keep_elsewhere(key, self._unkept, registration.key_file, self._dialogue, spare)
            if place is None:
                return self._keyless(registration, key)
            registration = replace(registration, key_file=place)
        self._forget(registration)
        self._dialogue.tell()
        self._dialogue.tell(f"Accepted. The key is in {shown(registration.key_file)} (0600).")
        file, written = tell_profile(self._dialogue, registration, self._request.config)
        granted = tell_scopes(self._dialogue, registration, verdict.granted)
        works = try_out(self._dialogue, self._loop, self._workshop.make_line, file, registration.profile)
        self._show(key)
        code = works if works > 128 else worst((written, granted, works))
        if registration.add and written == HEALTHY:
            self._dialogue.tell(f"Go on with: syncdeck --profile {registration.profile}")
        return code

    def _keyless(self, registration: Registration, key: "SecretStr") -> int:
        """The key is in no file: it is shown if that was asked for, and lost otherwise."""
        self._forget(registration)
        if self._request.show_key:
            self._dialogue.show(key.get_secret_value())
        self._dialogue.complain(
            "the key is in no file, and is not told again. If you do not have it, remove"
            f" {registration.app_id} in JTL-Wawi under Admin > App-Registrierung, then register again"
        )
        return UNUSABLE

    def _show(self, key: "SecretStr") -> None:
        """Once, and only to who asks for it; the file is enough for syncdeck."""
        wanted = self._request.show_key
        if not wanted and self._dialogue.asks:
            with suppress(Abandoned):
                question = "Show the key here, once [y/N]"
                wanted = self._dialogue.ask(question).lower() in ("y", "yes")
        if wanted:
            self._dialogue.show(key.get_secret_value())


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
        return await registrar.request(app, registration.challenge)
    except ErpError as failure:
        return failure
    finally:
        await registrar.aclose()


async def _closing(registrar: Registrar, waiting: Coroutine[object, object, Waited]) -> Waited:
    try:
        return await waiting
    finally:
        await registrar.aclose()
