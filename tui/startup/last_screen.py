"""The last state of the first screen, cached for the next start: text, with its time.

It is read before anything else is loaded, so this imports only `os`, `sys` and `time`. Invariants: a
file that differs from the written form is ignored; nothing in it can control a terminal; a profile's
file is used only with the same config file that it was written under.
"""

import os
import sys
import time

_HEAD = "syncdeck last state 1"
_LARGEST = 65_536
MOST_ROWS = 60
_LONGEST_CELL = 200
_ABSENT = ("", "0", "0")
_SGR = "0123456789;"


class LastState:
    """One profile's first screen as last seen."""

    def __init__(
        self,
        at: float,
        where: str,
        tabs: str,
        columns: "list[tuple[int, int, bool, str]]",
        rows: "list[tuple[str, ...]]",
        bar: "tuple[str, str]" = ("", ""),
        syncs: int = 0,
    ) -> None:
        self.at = at
        """Seconds since 1970 at which all of it was last confirmed."""
        self.where, self.tabs = where, tabs
        self.columns = columns
        """Per column: position of the cell, width, whether it aligns right, title."""
        self.rows = rows[:MOST_ROWS]
        """Key, sign, tone, then one text per cell."""
        self.bar = bar
        """The palette of the terminal, and the SGR parameters of the title bar on it."""
        self.syncs = syncs
        """How many syncs the server listed; more than `rows`."""

    @property
    def text(self) -> str:
        """Its date, without an age that would depend on our clock."""
        return f"as of {time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(self.at))} UTC: last seen state"


class LastStates:
    """The files of one config file's profiles."""

    def __init__(self, folder: str, config: str, default: str = "", *, sealed: bool = False) -> None:
        """`default`: the profile that the config chooses; `sealed`: read-only by the command line."""
        self._folder = folder
        self._lines = [_HEAD, "\t".join(("config", *_signature(config))), f"sealed\t{sealed}"]
        self._default = default

    def read(self, profile: str) -> LastState | None:
        """The stored state of a profile; None if there is none that can be trusted."""
        text = _text(os.path.join(self._folder, f"{profile}.txt"))
        return self._parsed(text, profile)

    def read_default(self) -> LastState | None:
        """The same for the profile that the config chooses."""
        try:
            names = sorted(os.listdir(self._folder))
        except OSError:
            return None
        for name in names:
            text = _text(os.path.join(self._folder, name))
            state = (
                self._parsed(text, name.removesuffix(".txt")) if "\ndefault\tTrue\n" in text else None
            )
            if state is not None:
                return state
        return None

    def syncs(self, profile: str) -> int:
        """How many syncs the profile had, also if the config file was edited since; 0: unknown."""
        text = _text(os.path.join(self._folder, f"{profile}.txt"))
        entries = [line.split("\t") for line in text.split("\n")]
        if self._lines[1].split("\t")[:2] not in [one[:2] for one in entries]:
            return 0
        try:
            return int(_of(entries, "syncs")[0][1])
        except (ValueError, IndexError):
            return 0

    def write(self, profile: str, state: LastState) -> None:
        """Store it, 0600.

        Raises:
            OSError: it cannot be written.
        """
        from pathlib import Path

        from tui.paths import replace_private

        lines = [
            *self._lines,
            f"profile\t{profile}",
            f"default\t{profile == self._default}",
            f"at\t{state.at:.0f}",
            f"syncs\t{state.syncs}",
            f"where\t{_plain(state.where)}",
            f"tabs\t{_plain(state.tabs)}",
            "\t".join(("bar", *map(_plain, state.bar))),
            *("\t".join(("column", *map(str, one[:3]), _plain(one[3]))) for one in state.columns),
            *("\t".join(("row", *map(_plain, row))) for row in state.rows),
            "end",
        ]
        content = "\n".join(lines).encode()[:_LARGEST]
        replace_private(Path(self._folder) / f"{profile}.txt", content, durable=False)

    def _parsed(self, text: str, profile: str) -> LastState | None:
        lines = text.split("\n")
        wanted = [*self._lines, f"profile\t{profile}"]
        if lines[: len(wanted)] != wanted or lines[-1] != "end" or self._lines[1].endswith("\t0\t0"):
            return None
        if not all(line.replace("\t", "").isprintable() for line in lines):
            return None
        try:
            return _state([line.split("\t") for line in lines[len(wanted) : -1]])
        except (ValueError, IndexError, KeyError):
            return None


def _state(entries: "list[list[str]]") -> LastState:
    single = {one[0]: one[1] for one in entries if len(one) == 2}
    columns = [(int(i), int(w), r == "True", t) for _, i, w, r, t in _of(entries, "column")]
    rows = [tuple(one[1:]) for one in _of(entries, "row")]
    most = max(index for index, _, _, _ in columns)
    if any(len(row) <= most + 3 or not 0 < len(row[1]) < 3 for row in rows):
        raise ValueError("a row is cut short")
    at = float(single["at"])
    if not 0 < at <= time.time() + 60:
        raise ValueError("its time is in the future")
    return LastState(
        at, single["where"], single["tabs"], columns, rows, _bar(entries), int(single["syncs"])
    )


def _bar(entries: "list[list[str]]") -> "tuple[str, str]":
    """The SGR parameters of the title bar: numbers only, so that they can only be colours and
    attributes."""
    for _, palette, codes in _of(entries, "bar"):
        if not codes.strip(_SGR):
            return palette, codes
    return "", ""


def _of(entries: "list[list[str]]", kind: str) -> "list[list[str]]":
    return [one for one in entries if one[0] == kind]


def _plain(text: str) -> str:
    text = text[:_LONGEST_CELL]
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _signature(config: str) -> "tuple[str, str, str]":
    """The config file's current state: another content may choose or define another profile."""
    try:
        seen = os.stat(config)
    except OSError:
        return _ABSENT
    return _plain(os.path.abspath(config)), str(seen.st_mtime_ns), str(seen.st_size)


def _text(path: str) -> str:
    """The text of a regular file of ours, or nothing."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        seen = os.fstat(handle)
        if seen.st_uid != os.getuid() or seen.st_mode & 0o170077 != 0o100000:
            return ""
        return os.read(handle, _LARGEST).decode()
    except (OSError, ValueError):
        return ""
    finally:
        os.close(handle)


def folder() -> str:
    """The folder of the files, found without imports; empty if that is not possible."""
    named = os.environ.get("SYNCDECK_CACHE_DIR") or _xdg("XDG_CACHE_HOME", "~/.cache")
    return os.path.join(os.path.expanduser(named), "last") if named else ""


def config() -> str:
    """The config file used by default; empty as above."""
    named = os.environ.get("SYNCDECK_CONFIG")
    if named:
        return os.path.expanduser(named)
    place = _xdg("XDG_CONFIG_HOME", "~/.config")
    return os.path.join(place, "config.toml") if place else ""


def _xdg(variable: str, otherwise: str) -> str:
    if sys.platform != "linux":
        return ""
    place = os.environ.get(variable, "").strip() or os.path.expanduser(otherwise)
    return os.path.join(place, "syncdeck")
