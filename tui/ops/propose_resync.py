"""The settings of a forced resync as text, read into its calls."""

from collections.abc import Iterator, Sequence
from typing import cast

from tui.domain.engine import Connection
from tui.domain.resync_keys import Header, KeyReport, LineNote, counted
from tui.domain.resync_wish import ACTOR_TYPES, ResyncWish, Scope
from tui.ops.key_files import LARGEST_KEY_FILE, decoded, read_keys_now
from tui.ops.key_list import Report, key_list
from tui.ops.manifests import FileRefused
from tui.ops.names import nearest
from tui.ops.proposal import Proposal
from tui.ops.resync_plan import resync_calls
from tui.ops.settings import EVERYTHING
from tui.ops.value_sources import AT, STDIN, ValueSources, path_of
from tui.ops.values import Texts, Wrong
from tui.store.snapshot import Snapshot

_KEYS = ("keys", "external", "file")
_LONGEST_NUMBER = 8


def calls_for(
    source: Connection,
    texts: Texts,
    connections: Sequence[Connection] | None,
    rests_on: Snapshot[object] | None,
    sources: ValueSources,
) -> tuple[Proposal, ...] | str:
    """The calls that these settings ask for, or why there are none.

    Raises:
        Wrong: all that is wrong with the settings.
    """
    wrong = tuple(_amiss(texts))
    if wrong:
        raise Wrong(*wrong)
    scope = _scope(texts)
    report: Report = KeyReport()
    if scope is not Scope.EVERYTHING:
        report = _report(texts, scope, sources)
        _require_sound(texts, report)
    keys = report.keys
    wish = ResyncWish(
        source.id,
        scope,
        cast("tuple[int, ...]", keys) if scope is Scope.INTERNAL else (),
        cast("tuple[str, ...]", keys) if scope is Scope.EXTERNAL else (),
        _one_of("actor_type", texts, ACTOR_TYPES) or "",
        keeps=_one_of("blanks", texts, ("keep", "overwrite")) != "overwrite",
        as_batch=_one_of("how", texts, ("wait", "batch")) == "batch",
    )
    if wish.refusal:
        raise Wrong(wish.refusal)
    return resync_calls(wish, connections, rests_on, report)


def _report(texts: Texts, scope: Scope, sources: ValueSources) -> Report:
    """The key list as it is read by these settings."""
    (name,) = _given(texts)
    text, in_file = _text(name, texts[name], sources)
    header = Header(_one_of("header", texts, ("skip", "key")) or "")
    ranges = _one_of("ranges", texts, ("true",)) is not None
    return key_list(text, scope, header, in_file=in_file, ranges=ranges)


def _text(name: str, text: str, sources: ValueSources) -> tuple[str, bool]:
    """The list, and whether it is a file's: there one line is one key."""
    place = text.strip()
    try:
        if place == STDIN:
            return decoded(sources.stdin(name, LARGEST_KEY_FILE), "standard input"), True
        if name != "file" and (not place.startswith(AT) or place.startswith(AT * 2)):
            return place.removeprefix(AT) if place.startswith(AT) else text, False
        if not path_of(place):
            raise Wrong(f"{name} is empty: write the name of a file")
        return read_keys_now(path_of(place)), True
    except FileRefused as refused:
        raise Wrong(f"{name}: {refused}") from None


def _require_sound(texts: Texts, report: Report) -> None:
    """Refuse what has to be said or corrected before anything of a key list can be sent."""
    (name,) = _given(texts)
    if not report.keys:
        hint = "; header=key sends it as a key" if report.header and not report.bad else ""
        raise Wrong(f"{name}: {report.nothing}{hint}")
    wrong = []
    if report.header is not None:
        line = f"line {report.header.line}, {report.header.sentence}"
        wrong.append(f"{name}: {line}, looks like a header: {_HEADER}")
    if report.bad and _one_of("skip_bad", texts, ("true",)) is None:
        wrong += [*_told(name, report, report.bad), "skip_bad=true leaves bad lines out"]
    count, expected = len(report.keys), _number(texts.get("expect_keys", ""))
    if expected is not None and expected != count:
        wrong.append(f"expect_keys is {expected:,}, but there are {counted(count, 'key')}")
    elif report.is_more and expected is None:
        wrong.append(f"{name}: {counted(report.lines, 'line')} gave {counted(count, 'key')}")
        wrong += _told(name, report, report.several)
        wrong.append(f"expect_keys={count} confirms that number of keys")
    if wrong:
        raise Wrong(*wrong)


_HEADER = "write header=skip to leave it out, or header=key to send it as a key"


def _number(text: str) -> int | None:
    bare = text.strip().replace(",", "")
    return int(bare) if bare.isascii() and bare.isdecimal() and len(bare) < _LONGEST_NUMBER else None


def _given(texts: Texts) -> tuple[str, ...]:
    return tuple(name for name in _KEYS if name in texts)


def _scope(texts: Texts) -> Scope:
    if texts.get("keys", "").strip().casefold() == EVERYTHING:
        return Scope.EVERYTHING
    return Scope.EXTERNAL if "external" in texts or "actor_type" in texts else Scope.INTERNAL


def _amiss(texts: Texts) -> Iterator[str]:
    """What is wrong without a look at the keys."""
    given = _given(texts)
    if not given:
        yield f"keys is missing: write keys=670,47,100-120, or keys={EVERYTHING} if everything is meant"
    if len(given) > 1:
        yield f"{' and '.join(given)} exclude one another: give one of them"
    if "external" in texts and "actor_type" not in texts:
        yield "actor_type is missing: write actor_type=Customer"
    if "keys" in texts and "actor_type" in texts:
        yield "actor_type goes with external=… or file=…: keys are ErpInternalKey ids of any type"
    for name, allowed in (
        ("actor_type", ACTOR_TYPES),
        ("blanks", ("keep", "overwrite")),
        ("how", ("wait", "batch")),
        ("skip_bad", ("true", "false")),
        ("ranges", ("true", "false")),
        ("header", ("skip", "key")),
    ):
        if name in texts and _one_of(name, texts, allowed) is None:
            near = nearest(texts[name], allowed)
            hint = f": did you mean {near[0]}?" if near else f": write {', '.join(allowed)}"
            yield f"{name}: {texts[name]!r} cannot be set{hint}"
    if "expect_keys" in texts and _scope(texts) is Scope.EVERYTHING:
        yield "expect_keys does not go with everything: that has no number"
    elif "expect_keys" in texts and _number(texts["expect_keys"]) is None:
        yield f"expect_keys: {texts['expect_keys']!r} is not a number of keys: write expect_keys=4963"


def _one_of(name: str, texts: Texts, allowed: Sequence[str]) -> str | None:
    wanted = texts.get(name, "").strip().casefold()
    return next((one for one in allowed if one.casefold() == wanted), None)


def _told(name: str, report: Report, notes: Sequence[LineNote]) -> Iterator[str]:
    yield from (f"{name}: {note.sentence if report.is_list else note.told}" for note in notes)
