"""Finds a registration that an earlier run left waiting, and offers to resume it."""

from dataclasses import replace

from tui.config.file import is_profile_name
from tui.headless.register.key_file import key_file_fault
from tui.headless.register.prompts import Dialogue
from tui.headless.register.questions import RegisterRequest, Unusable
from tui.ops.pending_registration import Registration, Waiting

_DECIDED = {
    "base_url": "--base-url",
    "environment": "--environment",
    "app_id": "--app-id",
    "display_name": "--display-name",
    "scopes": "--scope",
    "challenge": "--challenge",
    "api_version": "--api-version",
    "ca_bundle": "--ca-bundle",
}
"""Values that are fixed once the request was sent."""


def resumed(request: RegisterRequest, waiting: Waiting) -> Registration:
    """The registration that `--resume` resumes, with the changes that the command line still allows.

    Raises Unusable: there is none, or more than one; or the command line contradicts it.
    """
    given = [flag for name, flag in _DECIDED.items() if getattr(request, name)]
    if given:
        raise Unusable(f"--resume keeps the earlier values: leave out {', '.join(given)}")
    names = waiting.profiles()
    name = request.profile or (names[0] if len(names) == 1 else None)
    if name is None and names:
        raise Unusable(f"several registrations wait: name one with --profile: {', '.join(names)}")
    known = _found(waiting, name) if name else None
    if known is None:
        of = f" of a profile {name!r}" if name else ""
        raise Unusable(f"no registration{of} waits for a decision; start one with `syncdeck register`")
    return _changed(known, request)


def _changed(known: Registration, request: RegisterRequest) -> Registration:
    if request.add is not None:
        known = replace(known, add=request.add)
    if request.key_file is None:
        return known
    path = request.key_file.absolute()
    if fault := key_file_fault(path):
        raise Unusable(f"--secret-file: {fault}")
    return replace(known, key_file=path)


def waiting_registration(
    request: RegisterRequest, waiting: Waiting, dialogue: Dialogue
) -> Registration | None:
    """A waiting registration, if the operator prefers to resume it instead of starting another.

    Raises Unusable: one of the same profile waits, and nobody can be asked.
    """
    if request.new:
        return None
    names = (request.profile,) if request.profile else waiting.profiles() if dialogue.asks else ()
    for name in names:
        known = _found(waiting, name)
        if known is not None and _goes_on(known, dialogue):
            return known
    return None


def _goes_on(known: Registration, dialogue: Dialogue) -> bool:
    at = f"{known.asked_at:%Y-%m-%d %H:%M} UTC" if known.asked_at else "an unknown time"
    what = f"registration of profile {known.profile} at {known.base_url} has been waiting since {at}"
    if not dialogue.asks:
        raise Unusable(f"a {what}: --resume resumes it, --new starts another one")
    dialogue.tell(f"A {what}.")
    return dialogue.ask("Resume it [Y/n]").lower() in ("", "y", "yes")


def _found(waiting: Waiting, profile: str) -> Registration | None:
    if not is_profile_name(profile):
        return None
    try:
        return waiting.find(profile)
    except ValueError as problem:
        raise Unusable(f"{problem}; remove it, then register again") from None
