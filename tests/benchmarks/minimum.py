"""The cheapest plain-ANSI encoding of a visible change: cursor moves, style deltas, text, erase to the
end of the line. Each changed row is priced in two ways, as runs of changed cells and from its first to
its last changed cell; the cheaper counts. No scroll regions, no repetition."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias


class Cell(NamedTuple):
    """What a person sees in one place."""

    text: str
    """Empty: the right half of a wide character."""
    foreground: str
    background: str
    bold: bool
    italics: bool
    underscore: bool
    reverse: bool


Row: TypeAlias = Sequence[Cell]
Style: TypeAlias = tuple[str, str, bool, bool, bool, bool]
PLAIN: Style = ("default", "default", False, False, False, False)
_FAR = 5
"""Bytes of a move within a line; a shorter gap may be cheaper to write over."""


def minimum(before: Sequence[Row], after: Sequence[Row]) -> int:
    """Bytes that turn the screen `before` into the screen `after`."""
    total, pen = 0, PLAIN
    for line, (old, new) in enumerate(zip(before, after, strict=True)):
        changed = [at for at, cell in enumerate(new) if cell != old[at]]
        if not changed:
            continue
        ways = [_priced(line, new, runs, pen) for runs in _ways(changed)]
        bare = _erased(old, new)
        if bare is not None:
            kept = [at for at in changed if at < bare]
            ways += [_with_erase(line, new, runs, pen, bare) for runs in _ways(kept)]
        cost, pen = min(ways, key=lambda way: way[0])
        total += cost
    return total


def _ways(changed: Sequence[int]) -> list[list[range]]:
    if not changed:
        return [[]]
    return [_runs(changed, 1), _runs(changed, _FAR), [range(changed[0], changed[-1] + 1)]]


def _runs(changed: Sequence[int], gap: int) -> list[range]:
    """Stretches of changed cells; those that are no further apart than `gap` are one."""
    runs = [range(changed[0], changed[0] + 1)]
    for at in changed[1:]:
        if at - runs[-1].stop < gap:
            runs[-1] = range(runs[-1].start, at + 1)
        else:
            runs.append(range(at, at + 1))
    return runs


def _priced(line: int, row: Row, runs: Sequence[range], pen: Style) -> tuple[int, Style]:
    cost, at = 0, -1
    for run in runs:
        cost += _move(line, run.start, at)
        for cell in row[run.start : run.stop]:
            style: Style = cell[1:]
            cost += _restyle(pen, style) + len(cell.text.encode())
            pen = style
        at = run.stop
    return cost, pen


def _with_erase(line: int, row: Row, runs: Sequence[range], pen: Style, bare: int) -> tuple[int, Style]:
    cost, pen = _priced(line, row, runs, pen)
    style: Style = row[bare][1:]
    moved = 0 if runs and runs[-1].stop == bare else _move(line, bare, runs[-1].stop if runs else -1)
    return cost + moved + _restyle(pen, style) + len("\x1b[K"), style


def _erased(old: Row, new: Row) -> int | None:
    """From where the line is blank to its end in one style; None where that changes nothing."""
    last, at = new[-1], len(new)
    while at and new[at - 1] == last and last.text == " " and not (last.underscore or last.reverse):
        at -= 1
    return at if at < len(new) and any(old[i] != new[i] for i in range(at, len(new))) else None


def _move(line: int, column: int, at: int) -> int:
    if at < 0:
        return len(f"\x1b[{line + 1};{column + 1}H")
    return 0 if at == column else len(f"\x1b[{column - at}C")


def _restyle(pen: Style, style: Style) -> int:
    """The cheaper of what differs and of everything after a reset."""
    if pen == style:
        return 0
    delta = [_colour(name, i) for i, name in enumerate(style[:2]) if pen[i] != name]
    delta += [_flag(i, on=bool(style[i])) for i in range(2, 6) if pen[i] != style[i]]
    whole = [_colour(name, i) for i, name in enumerate(style[:2]) if name != "default"]
    whole += [_flag(i, on=True) for i in range(2, 6) if style[i]]
    return min(len(f"\x1b[{';'.join(delta)}m"), len(f"\x1b[{';'.join(['', *whole])}m"))


def _flag(index: int, *, on: bool) -> str:
    return {2: "1", 3: "3", 4: "4", 5: "7"}[index] if on else {2: "22", 3: "23", 4: "24", 5: "27"}[index]


def _colour(name: str, place: int) -> str:
    if len(name) == 6 and all(letter in "0123456789abcdef" for letter in name):
        red, green, blue = (int(name[i : i + 2], 16) for i in (0, 2, 4))
        return f"{'34'[place]}8;2;{red};{green};{blue}"
    return f"{'34'[place]}{'9' if name == 'default' else '7'}"
