"""Whether the console works on this terminal: rules on its environment variables and tmux options."""

from collections.abc import Iterator, Mapping

from tui.domain.check import Check, fail, ok, skipped, warn
from tui.domain.terminal import in_screen, is_utf8, locale_of, only_prints, palette_size
from tui.domain.text import clean, one_line
from tui.frozen import frozen

LEAST_SIZE = (60, 15)
"""Minimum columns and lines of the console."""
DESIGN_SIZE = (80, 24)
_SLOW_ESCAPE = 100
"""Milliseconds that tmux may delay an esc."""
_SIZES = ("COLUMNS", "LINES")
_PASSES = ("on", "all")
_NO_CLIPBOARD = {"Apple_Terminal": "Terminal.app"}


@frozen
class TerminalFacts:
    """Facts about the terminal that need no query to it."""

    environment: Mapping[str, str]
    size: tuple[int, int] | None
    """Columns and lines; None: there is no terminal."""
    tmux: Mapping[str, str] | None = None
    """tmux's options by name, without those that it does not have; None: it did not respond."""


def terminal_checks(facts: TerminalFacts) -> tuple[Check, ...]:
    """The checks; a single skipped one if there is no terminal."""
    if facts.size is None:
        return (skipped("terminal", "there is none: run doctor in the console's terminal"),)
    return tuple(_checks(facts, facts.size))


def _checks(facts: TerminalFacts, size: tuple[int, int]) -> Iterator[Check]:
    environment = facts.environment
    yield _term(environment)
    yield ok("colours", _colours(environment))
    yield _encoding(environment)
    yield _size(size)
    yield from _exported_size(environment)
    yield ok("session", _session(environment))
    if in_screen(environment):
        yield ok("mouse", "off: GNU screen delays every esc while the mouse is reported")
    if environment.get("TMUX"):
        yield from _tmux(facts.tmux)
    yield _clipboard(environment)


def _term(environment: Mapping[str, str]) -> Check:
    term = environment.get("TERM", "")
    if not term:
        return fail("TERM", "is not set", "export TERM=xterm-256color, or what your terminal is")
    if only_prints(environment):
        return fail("TERM", f"{term}: it can only print lines", "export TERM=xterm-256color")
    if environment.get("TMUX") and not term.startswith(("tmux", "screen")):
        step = "Set default-terminal to tmux-256color in ~/.tmux.conf, and no TERM in the shell's files"
        return warn("TERM", f"{_shown(term)}, but this is tmux", step)
    return ok("TERM", _shown(term))


def _colours(environment: Mapping[str, str]) -> str:
    if environment.get("NO_COLOR"):
        return "off by NO_COLOR; signs and words carry the same information"
    if palette_size(environment) == 16:
        return "16, the terminal's own"
    if palette_size(environment) > 256:
        return "16 million (COLORTERM)"
    return "256 or fewer: COLORTERM names no more"


def _encoding(environment: Mapping[str, str]) -> Check:
    name, locale = locale_of(environment)
    if is_utf8(locale):
        return ok("UTF-8", f"{name}={_shown(locale)}")
    found = f"{name}={_shown(locale)} is another encoding" if name else "no locale is set"
    return warn(
        "UTF-8", f"{found}: everything is shown in ASCII, other letters as ?", "export LC_ALL=C.UTF-8"
    )


def _size(size: tuple[int, int]) -> Check:
    shown = f"{size[0]}x{size[1]}"
    if min(size) <= 0:
        return warn("size", "the terminal does not report it", "stty cols 80 rows 24")
    if size[0] < LEAST_SIZE[0] or size[1] < LEAST_SIZE[1]:
        least = f"{LEAST_SIZE[0]}x{LEAST_SIZE[1]}"
        return warn("size", f"{shown} is too small: {least} is needed", "Enlarge the window or the pane")
    if size[0] < DESIGN_SIZE[0] or size[1] < DESIGN_SIZE[1]:
        return ok("size", f"{shown}: some columns are left out below 80x24")
    return ok("size", shown)


def _exported_size(environment: Mapping[str, str]) -> Iterator[Check]:
    exported = [name for name in _SIZES if environment.get(name)]
    if exported:
        values = " and ".join(f"{name}={_shown(environment[name])}" for name in exported)
        does = "is" if len(exported) == 1 else "are"
        yield ok(" ".join(exported), f"{values} {does} set; the console uses the window's own size")


def _session(environment: Mapping[str, str]) -> str:
    over = "over SSH" if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY") else "local"
    inside = ["in tmux"] if environment.get("TMUX") else []
    inside += ["in GNU screen"] if in_screen(environment) else []
    return ", ".join([over, *inside])


def _tmux(options: Mapping[str, str] | None) -> Iterator[Check]:
    if options is None:
        yield warn("tmux", "did not report its options", "Try `tmux show -gv escape-time` by hand")
        return
    held = options.get("escape-time", "")
    if held.isdecimal() and int(held) > _SLOW_ESCAPE:
        step = "tmux set -s escape-time 10 (and into ~/.tmux.conf)"
        yield warn("tmux escape-time", f"{held} ms: tmux delays every esc by that time", step)
    else:
        yield ok("tmux escape-time", f"{_shown(held)} ms" if held else "not reported")
    yield _tmux_clipboard(options.get("set-clipboard", ""), options.get("allow-passthrough"))


def forwards_copies(sets: str, passes: str | None) -> bool:
    """Whether tmux forwards copies, by `set-clipboard` and `allow-passthrough`; without the latter
    (None, before 3.3) it forwards everything."""
    return sets == "on" or passes is None or passes in _PASSES


def _tmux_clipboard(sets: str, passes: str | None) -> Check:
    words = f"set-clipboard {_shown(sets) or 'not reported'}"
    if passes is not None:
        words += f", allow-passthrough {_shown(passes)}"
    if forwards_copies(sets, passes):
        return ok("tmux clipboard", words)
    step = "tmux set -s set-clipboard on (and into ~/.tmux.conf)"
    return warn("tmux clipboard", f"{words}: tmux keeps what is copied from the terminal", step)


def without_clipboard(environment: Mapping[str, str]) -> str | None:
    """The name of a terminal that is known to ignore OSC 52; None: not known to."""
    if environment.get("TERM") == "linux":
        return "the Linux console"
    return _NO_CLIPBOARD.get(environment.get("TERM_PROGRAM", ""))


def _clipboard(environment: Mapping[str, str]) -> Check:
    program = without_clipboard(environment)
    if program is not None:
        step = "Use copied.txt in the state directory"
        return warn("OSC 52", f"{program} does not support it", step)
    return skipped("OSC 52", "not testable: a terminal gives no confirmation; copies are in a file too")


def _shown(text: str) -> str:
    return one_line(clean(text))[:60]
