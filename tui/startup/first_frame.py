"""The first frame: the last known state, dated and dim, before anything heavy is loaded.

Plain sequences on the alternate screen; only the title bar has colour, as the console drew it on the
same palette. The console takes over the frame without clearing it; if the start ends earlier, the
terminal is restored. Shows nothing on an unsuitable output, in the demo, or without a stored state.
"""

import os
import sys

from tui.domain.terminal import draws_faint, only_prints, palette_of
from tui.startup.encoding import shows_utf8
from tui.startup.last_screen import LastState, LastStates, config, folder

_WITH_VALUE = ("--config", "--profile", "--log")
_WITHOUT = ("--read-only", "--slow", "--no-mouse", "--stock-driver")
_ON = "\x1b[?1049h"
_OFF = "\x1b[?7h\x1b[m\x1b[?25h\x1b[?1049l"
_FAINT, _PLAIN = "\x1b[2m", "\x1b[m"
_TITLES, _BELOW = 3, 2
"""Lines above the rows, and below them."""
_CONNECTING = "connecting…"

_settings: "list[object] | None" = None
"""The terminal's line settings while the frame is shown; None: it is not."""


def show(arguments: "list[str]") -> None:
    """Show the last known state, if these arguments start a console and there is one."""
    try:
        given = _given(arguments)
        state = None if given is None or not _is_able() else _last(given)
        if state is not None:
            _take_terminal(_picture(state, *os.get_terminal_size(1)))
    except (OSError, ValueError):
        leave()


def _given(arguments: "list[str]") -> "dict[str, str] | None":
    """The options; None unless the arguments only start a console on a profile."""
    given: dict[str, str] = {}
    rest = iter(arguments)
    for one in rest:
        name, is_joined, value = one.partition("=")
        if name in _WITH_VALUE:
            given[name] = value if is_joined else next(rest, "")
        elif one in _WITHOUT:
            given[one] = "yes"
        else:
            return None
    return given


def _is_able() -> bool:
    from tui.startup.foreground import in_foreground

    is_ours = all(map(os.isatty, (0, 1, 2))) and in_foreground(0)
    return is_ours and shows_utf8() and not only_prints(os.environ)


def _last(given: "dict[str, str]") -> "LastState | None":
    file, place = os.path.expanduser(given.get("--config") or config()), folder()
    if not file or not place:
        return None
    states = LastStates(place, file, sealed="--read-only" in given)
    profile = given.get("--profile")
    return states.read_default() if profile is None else states.read(profile)


def _picture(state: LastState, columns: int, lines: int) -> str:
    """The whole frame; the terminal cuts lines that are too wide."""
    dim = _FAINT if draws_faint(os.environ) else ""
    shown = [
        f"\x1b[{_bar(state)}m{_title(state.where, columns)}{_PLAIN}{dim}",
        _plain(state.tabs),
        "   " + " ".join(_fit(title, width, right=right) for _, width, right, title in state.columns),
        *(_row(row, state) for row in state.rows),
    ][: max(_TITLES, lines - _BELOW)]
    placed = "".join(f"\x1b[{line};1H{text}" for line, text in enumerate(shown, 1))
    dated = f"\x1b[{max(1, lines - 1)};1H {_plain(state.text)}"
    return f"{_ON}\x1b[?25l\x1b[?7l{placed}{dated}{_PLAIN}\x1b[?7h"


def _bar(state: LastState) -> str:
    """The SGR of the title bar; production stands out even if its colours are unknown."""
    palette, codes = state.bar
    if palette == palette_of(os.environ) and codes and not codes.strip("0123456789;"):
        return codes
    return "1;7" if "· PRODUCTION" in state.where else "1"


def _title(where: str, columns: int) -> str:
    """The whole first line, because the colour fills it."""
    return f"{_fit(where, max(0, columns - len(_CONNECTING) - 1), right=False)}{_CONNECTING} "


def _row(row: "tuple[str, ...]", state: LastState) -> str:
    cells = row[3:]
    texts = (_fit(cells[index], width, right=right) for index, width, right, _ in state.columns)
    return f" {_plain(row[1])} {' '.join(texts)}"


def _fit(text: str, width: int, *, right: bool) -> str:
    """Cut or pad, in the same way as the list."""
    text = _plain(text)
    length = _cells(text)
    if length > width:
        kept = ""
        for letter in text:
            if _cells(kept) + _width(letter) >= width:
                break
            kept += letter
        return kept + " " * (width - 1 - _cells(kept)) + "…"
    blank = " " * (width - length)
    return blank + text if right else text + blank


def _plain(text: str) -> str:
    """Without control characters: the config or a foreign cache file could contain some."""
    if text.isprintable():
        return text
    return "".join(letter for letter in text if letter.isprintable() or letter == "\xa0")


def _cells(text: str) -> int:
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(letter: str) -> int:
    if letter.isascii():
        return 1
    from unicodedata import combining, east_asian_width

    return 0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1


def _take_terminal(picture: str) -> None:
    import signal
    import termios

    global _settings
    _settings = termios.tcgetattr(0)
    # Interrupts too: as an exception it would be lost in an import that catches everything.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, _end)
    # A shell in front of the frame would be a shell without echo.
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    os.write(1, picture.encode())
    quiet = termios.tcgetattr(0)
    quiet[3] &= ~termios.ECHO
    # The key waits, like every other one, for the console.
    quiet[6][termios.VSUSP] = bytes([os.fpathconf(0, "PC_VDISABLE")])
    termios.tcsetattr(0, termios.TCSANOW, quiet)


def _end(number: int, _frame: object) -> None:
    leave()
    os._exit(128 + number)


def leave() -> None:
    """Remove the frame, unless the console has taken it over."""
    if _settings is not None:
        _restore_settings()
        forget()
        os.write(1, _OFF.encode())


def hand_over() -> None:
    """The console is about to draw in place: the alternate screen is already on."""
    if _settings is not None:
        _restore_settings()
        vars(sys)["__stderr__"] = _Standing(sys.__stderr__)


def forget() -> None:
    """From now on the console itself restores the terminal."""
    global _settings
    _settings = None


def _restore_settings() -> None:
    import signal
    import termios

    signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    termios.tcsetattr(0, termios.TCSANOW, _settings)  # type: ignore[arg-type] # as it was read


class _Standing:
    """The terminal, already on the alternate screen: switching to it again would clear it."""

    def __init__(self, file: object) -> None:
        self._file = file
        self._is_new = True

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def write(self, text: str) -> int:
        """Write, without the first switch."""
        if self._is_new and _ON in text:
            self._is_new, text = False, text.replace(_ON, "", 1)
        return self._file.write(text)  # type: ignore[attr-defined,no-any-return]
