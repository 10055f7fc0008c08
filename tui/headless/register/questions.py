"""The parameters of `register`, from the command line or by questions. Sends nothing."""

import secrets
from collections.abc import Callable
from pathlib import Path

from tui import __version__
from tui.config.file import ConfigFile, is_profile_name, nearest, profile_names
from tui.domain.jtl.registration import SCOPES, USUAL, challenge_fault
from tui.domain.profile import Environment
from tui.domain.text import header_safe
from tui.domain.urls import fault_of, is_plain
from tui.frozen import frozen
from tui.headless.output import line
from tui.headless.register.key_file import key_file_fault
from tui.headless.register.prompts import Dialogue
from tui.ops.pending_registration import Registration

PROVIDER = "syncdeck"
WEBSITE = "https://syncdeck.example"
"""The app's maker; JTL-Wawi requires both and only shows them."""
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that look alike."""
_ENVIRONMENTS = tuple(one.value for one in Environment)
Check = Callable[[str], str | None]


class Unusable(Exception):
    """A command-line value is invalid or missing; the message is a sentence."""


@frozen
class RegisterRequest:
    """The command line; None: the option was not given."""

    config: Path
    profile: str | None = None
    base_url: str | None = None
    environment: str | None = None
    app_id: str | None = None
    display_name: str | None = None
    provider: str = PROVIDER
    website: str = WEBSITE
    scopes: tuple[str, ...] = ()
    challenge: str | None = None
    key_file: Path | None = None
    api_version: str | None = None
    ca_bundle: Path | None = None
    allow_plain_http: bool = False
    add: bool | None = None
    """True: --write-config, False: --print."""
    yes: bool = False
    show_key: bool = False
    resume: bool = False
    new: bool = False
    minutes: float = 15
    """How long to wait for a decision."""


def complete(
    request: RegisterRequest, dialogue: Dialogue, config: ConfigFile | None, secrets_folder: Path
) -> Registration:
    """Complete the registration's parameters; asks for missing ones.

    Raises:
        Unusable: a value is invalid, or missing and nobody can be asked.
        Abandoned: the input ended.
    """
    _refuse_missing(request, dialogue)
    _refuse_provider(request)
    ask = _Asking(dialogue)
    base_url = ask.text("--base-url", request.base_url, _BASE_URL, "", _url_check(request))
    known = profile_names(config) if config else ()
    profile = ask.text("--profile", request.profile, _PROFILE, "wawi", _name_check(known, request))
    environment = ask.text(
        "--environment", request.environment, _ENVIRONMENT, "production", _environment_fault
    )
    app_id = ask.text("--app-id", request.app_id, _APP_ID, f"syncdeck/{__version__}", header_fault)
    display_name = ask.text(
        "--display-name", request.display_name, _DISPLAY_NAME, "syncdeck", _text_fault
    )
    scopes = ask.text("--scope", _joined(request.scopes), _SCOPES, " ".join(USUAL), _scopes_fault)
    given = None if request.key_file is None else str(request.key_file)
    usual = str(secrets_folder / f"{profile}-wawi-key")
    key_file = ask.text("--secret-file", given, _KEY_FILE, usual, _key_file_fault)
    challenge = ask.text(
        "--challenge", request.challenge, _CHALLENGE, fresh_challenge(), challenge_fault
    )
    add = request.add if request.add is not None else profile not in known and ask.yes(_ADD)
    return Registration(
        profile=profile,
        environment=environment,
        base_url=base_url.rstrip("/"),
        app_id=app_id,
        app_version=__version__,
        display_name=display_name,
        provider=request.provider,
        website=request.website,
        scopes=tuple(dict.fromkeys(scopes.split())),
        challenge=challenge,
        key_file=Path(key_file).expanduser().absolute(),
        add=add,
        ca_bundle=request.ca_bundle and request.ca_bundle.absolute(),
        allow_plain_http=request.allow_plain_http and is_plain(base_url),
        api_version=request.api_version or "",
    )


def another_app_id(dialogue: Dialogue) -> str:
    """Ask for a different AppId. Raises Abandoned: the input ended."""
    return _Asking(dialogue).text("--app-id", None, "Another AppId", "", header_fault)


def fresh_challenge() -> str:
    """A code that is hard to guess and easy to read aloud: `K7QM-4XRT-9PWD-2HFC`."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


# The questions.

_BASE_URL = (
    "The address of the JTL-Wawi REST server, such as https://wawi.example:5883/api/eazybusiness:"
    " host, port, /api/ and the name of the database.",
    "Address",
)
_PROFILE = ("The name of this connection in syncdeck's config.", "Profile")
_ENVIRONMENT = (
    "What is at risk there: a production profile is read-only until it is unlocked.",
    "production, staging or development",
)
_APP_ID = ("The app's unique name in JTL-Wawi; each may be registered once.", "AppId")
_DISPLAY_NAME = ("The name that people see in JTL-Wawi.", "Display name")
_SCOPES = (
    "What syncdeck may do there, one or more scopes. They cannot be changed afterwards; request no"
    " more than you need.",
    "Scopes",
)
_KEY_FILE = ("The file for the key: a new one that only you can read.", "File for the key")
_CHALLENGE = (
    "The challenge code: it connects the request with the program that fetches the key. A new one is"
    " made for you; your own may have 30 characters.",
    "Challenge code",
)
_ADD = (
    "The profile can be added at the end of the config file, or its lines printed for you to add.",
    "Add it",
)


class _Asking:
    """Uses the given value, or asks until the answer is valid."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue

    def text(
        self, flag: str, given: str | None, words: tuple[str, str] | str, usual: str, check: Check
    ) -> str:
        if given is not None or not self._dialogue.asks:
            text = usual if given is None else given
            if fault := check(text):
                raise Unusable(f"{flag}: {fault}")
            return text
        explanation, question = ("", words) if isinstance(words, str) else words
        if explanation:
            self._explain(flag, explanation)
        while True:
            text = self._dialogue.ask(f"{question} [{usual}]" if usual else question) or usual
            fault = check(text)
            if fault is None:
                return text
            self._dialogue.tell(f"  {fault}")

    def _explain(self, flag: str, explanation: str) -> None:
        self._dialogue.tell()
        self._dialogue.tell(explanation)
        if flag == "--scope":
            for name in USUAL:
                self._dialogue.tell(f"  {name}: {SCOPES[name].gives}")

    def yes(self, words: tuple[str, str]) -> bool:
        self._dialogue.tell()
        self._dialogue.tell(words[0])
        return self._dialogue.ask(f"{words[1]} [Y/n]").lower() in ("", "y", "yes")


def _refuse_missing(request: RegisterRequest, dialogue: Dialogue) -> None:
    given = {
        "--base-url": request.base_url,
        "--profile": request.profile,
        "--write-config or --print": None if request.add is None else True,
        "--yes": request.yes or None,
    }
    missing = [flag for flag, value in given.items() if value is None]
    if missing and not dialogue.asks:
        raise Unusable(f"there is no terminal for questions; also required: {', '.join(missing)}")


def _refuse_provider(request: RegisterRequest) -> None:
    if fault := _text_fault(request.provider):
        raise Unusable(f"--provider-name: {fault}")
    if fault := fault_of(request.website):
        raise Unusable(f"--provider-website: {fault}")


# Validity checks.


def _url_check(request: RegisterRequest) -> Check:
    def check(url: str) -> str | None:
        if fault := fault_of(url):
            return fault
        if is_plain(url) and not request.allow_plain_http:
            return (
                "http:// would send the key over the network for anybody to read: use https://, or"
                " --allow-plain-http if the network is trusted"
            )
        return None

    return check


def _name_check(known: tuple[str, ...], request: RegisterRequest) -> Check:
    def check(name: str) -> str | None:
        if not is_profile_name(name):
            return "use at most 40 letters, digits, spaces, dots, dashes and underscores"
        if name in known and request.add is not False:
            return (
                f"there is a profile {name!r} already, and it is not changed: choose another name, or"
                " --print to see the lines"
            )
        return None

    return check


def _environment_fault(text: str) -> str | None:
    return None if text in _ENVIRONMENTS else f"write one of {', '.join(_ENVIRONMENTS)}"


def header_fault(text: str) -> str | None:
    """Why `text` cannot be a header's value, or None."""
    usable = text and text == text.strip() and header_safe(text)
    return None if usable else "it is empty, or contains a character that no request can carry"


def _text_fault(text: str) -> str | None:
    usable = text.strip() and line(text) == text
    return None if usable else "it is empty, or contains a character that cannot be shown"


def _joined(scopes: tuple[str, ...]) -> str | None:
    return " ".join(scopes) if scopes else None


def _scopes_fault(text: str) -> str | None:
    for name in text.split():
        if name not in SCOPES:
            hint = nearest(name, tuple(SCOPES))
            return f"syncdeck does not use a scope {line(name)!r}{hint}; known: {', '.join(SCOPES)}"
    return None if text.split() else "at least one scope is needed"


def _key_file_fault(text: str) -> str | None:
    try:
        path = Path(text).expanduser().absolute()
        return key_file_fault(path)
    except (RuntimeError, ValueError, OSError):
        return "that is not a writable file"
