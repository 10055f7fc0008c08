"""Control sequences, and a terminal's abilities by its name. Plain data, shared by the console, its
emergency exit and `doctor`."""

from collections.abc import Mapping

DEVICE = "/dev/tty"
"""The controlling terminal, even if the process's streams are redirected."""
MODES_OFF = (
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?7h\x1b[?1000;1002;1003;1004;1006;1015;1016;2004;2048l\x1b[m"
)
"""Ends every mode that the console turns on: keyboard protocol, alternate screen, hidden cursor, no
wrapping, mouse, focus, paste and resize reports, colours."""
TITLE_KEPT = "\x1b[22;2t"
"""The terminal saves its title (XTWINOPS)."""
TITLE_BACK = "\x1b]2;\x07\x1b[23;2t"
"""Restores the saved title; if none was saved, the title is empty."""
RESET = "".join(
    (
        # Without an alternate screen, leaving it would move the cursor to its last saved place: save
        # the current one.
        "\x1b7",
        "\x1b[<99u",
        "\x1b[?2026l",
        MODES_OFF,
        # The alternate screen has its own stack of keyboard protocols.
        "\x1b[<99u",
        "\x1b[?1;1005l\x1b>",
        "\x1b(B\x0f",
    )
)
"""The same for any state that a killed console or another program left behind: also synchronised
output, keyboard protocols that were pushed several times, cursor and keypad keys, line drawing."""
_LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")
_PRINTERS = ("", "dumb", "unknown")
_MILLIONS = 1 << 24
_FORCED = {"truecolor": _MILLIONS, "256": 256, "standard": 16, "windows": 16}
_HAVE_256 = ("256color", "kitty")
_POOR = ("linux", "vt100", "vt220", "ansi", "xterm-mono")


def locale_of(environment: Mapping[str, str]) -> tuple[str, str]:
    """The variable that sets the character encoding, and its value; empty: none is set."""
    return next(((name, environment[name]) for name in _LOCALE if environment.get(name)), ("", ""))


def is_utf8(locale: str) -> bool:
    return locale.lower().replace("-", "").partition("@")[0].endswith("utf8")


def only_prints(environment: Mapping[str, str]) -> bool:
    """Whether the terminal cannot position text, or is unknown."""
    return environment.get("TERM", "") in _PRINTERS


def in_screen(environment: Mapping[str, str]) -> bool:
    """Whether GNU screen is in between: with mouse reports on, it delays every esc."""
    is_named = environment.get("TERM", "").startswith("screen") and not environment.get("TMUX")
    return bool(environment.get("STY")) or is_named


def is_poor(environment: Mapping[str, str]) -> bool:
    """Whether the terminal has only the 16 colours of its own palette."""
    term = environment.get("TERM", "")
    return term in _POOR or (term in ("xterm", "screen") and "COLORTERM" not in environment)


def palette_size(environment: Mapping[str, str]) -> int:
    """The number of colours sent: 16, 256 or 16,777,216, by the same rules as Rich, which is too slow to
    import for this."""
    forced = _FORCED.get(environment.get("TEXTUAL_COLOR_SYSTEM", "").lower())
    if forced:
        return forced
    if is_poor(environment):
        return 16
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return _MILLIONS
    kind = environment.get("TERM", "").strip().lower().rpartition("-")[2]
    return 256 if kind in _HAVE_256 else 16


def palette_of(environment: Mapping[str, str]) -> str:
    """The same in a word, `none` if NO_COLOR is set: drawings for one palette do not fit another."""
    return "none" if environment.get("NO_COLOR") else str(palette_size(environment))


def draws_faint(environment: Mapping[str, str]) -> bool:
    """Whether the faint attribute dims: the Linux console draws bright black instead."""
    return environment.get("TERM", "") != "linux"
