"""Reads the text settings of a forced resync into its calls."""

from collections.abc import Iterator, Sequence
from typing import cast

from tui.domain.superoffice.engine import Connection
from tui.domain.superoffice.resync_keys import Header, KeyReport, LineNote, Report, key_list
from tui.domain.superoffice.resync_request import ACTOR_TYPES, ResyncRequest, Scope
from tui.domain.text import counted
from tui.ops.files.key_files import LARGEST_KEY_FILE, decoded, read_keys_now
from tui.ops.files.manifest_files import FileRefused
from tui.ops.operations.names import nearest
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import resync_calls
from tui.ops.refusal import Refusal
from tui.ops.text_commands.parameter_values import Texts, Wrong
from tui.ops.text_commands.setting import EVERYTHING, Setting
from tui.ops.text_commands.value_sources import AT, STDIN, ValueSources, path_of
from tui.store.snapshot import Snapshot

RESYNC_SETTINGS = (
    Setting(
        "keys",
        "ErpInternalKey ids (not company ids), or the word everything; @FILE or - (standard input)"
        " reads one per line.",
        "keys=670,47,100-120",
        values=(EVERYTHING,),
    ),
    Setting(
        "external",
        "Keys of the ERP itself, instead of keys; @FILE or - reads one per line.",
        "external=A1,A2",
    ),
    Setting(
        "file",
        "A file with one key per line, instead of keys or external.",
        "file=keys.txt",
    ),
    Setting(
        "ranges",
        "true also reads ranges and lists in a file, such as 100-120 and 670,47; without it such a"
        " line is invalid.",
        "ranges=true",
        values=("true", "false"),
    ),
    Setting(
        "header",
        "For a first line that looks like a header: skip ignores it, key sends it as a key; without"
        " this setting nothing is sent.",
        "header=skip",
        values=("skip", "key"),
    ),
    Setting(
        "expect_keys",
        "The number of keys: needed, even with --yes, if a file has more keys than lines.",
        "expect_keys=4963",
    ),
    Setting(
        "actor_type",
        "Record type of the external keys.",
        "actor_type=Customer",
        values=ACTOR_TYPES,
    ),
    Setting(
        "blanks",
        "Empty source values: keep (default) leaves the target's value, overwrite empties it.",
        "blanks=overwrite",
        values=("keep", "overwrite"),
    ),
    Setting(
        "how",
        "wait (default) for the response, or queue it as a batch task.",
        "how=batch",
        values=("wait", "batch"),
    ),
    Setting(
        "skip_bad",
        "true skips invalid lines; without it nothing is sent if there is one.",
        "skip_bad=true",
        values=("true", "false"),
    ),
)
_KEYS = ("keys", "external", "file")
_WORDS = {one.name: one.values for one in RESYNC_SETTINGS if one.values and one.name not in _KEYS}
_LONGEST_NUMBER = 8


def calls_for(
    source: Connection,
    texts: Texts,
    connections: Sequence[Connection] | None,
    rests_on: Snapshot[object] | None,
    sources: ValueSources,
) -> tuple[Proposal, ...] | Refusal:
    """The calls requested by these settings, or why there are none.

    Raises Wrong: with all errors of the settings.
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
    wish = ResyncRequest(
        source.id,
        scope,
        cast("tuple[int, ...]", keys) if scope is Scope.INTERNAL else (),
        cast("tuple[str, ...]", keys) if scope is Scope.EXTERNAL else (),
        _word("actor_type", texts),
        keeps=_word("blanks", texts) != "overwrite",
        as_batch=_word("how", texts) == "batch",
    )
    if wish.refusal:
        raise Wrong(wish.refusal)
    return resync_calls(wish, connections, rests_on, report)


def _report(texts: Texts, scope: Scope, sources: ValueSources) -> Report:
    """The key list, read according to the settings."""
    (name,) = _given(texts)
    text, in_file = _text(name, texts[name], sources)
    header = Header(_word("header", texts))
    return key_list(text, scope, header, in_file=in_file, ranges=_word("ranges", texts) == "true")


def _text(name: str, text: str, sources: ValueSources) -> tuple[str, bool]:
    """The list, and whether it is from a file with one key a line."""
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
    """Raise the errors of a key list that must be corrected or confirmed first."""
    (name,) = _given(texts)
    if not report.keys:
        hint = "; header=key sends it as a key" if report.header and not report.bad else ""
        raise Wrong(f"{name}: {report.nothing}{hint}")
    wrong = []
    if report.header is not None:
        line = f"line {report.header.line}, {report.header.sentence}"
        wrong.append(f"{name}: {line}, looks like a header: {_HEADER}")
    if report.bad and _word("skip_bad", texts) != "true":
        wrong += [*_sentences(name, report, report.bad), "skip_bad=true skips invalid lines"]
    count, expected = len(report.keys), _number(texts.get("expect_keys", ""))
    if expected is not None and expected != count:
        wrong.append(f"expect_keys is {expected:,}, but there are {counted(count, 'key')}")
    elif report.is_more and expected is None:
        wrong.append(f"{name}: {counted(report.lines, 'line')} gave {counted(count, 'key')}")
        wrong += _sentences(name, report, report.several)
        wrong.append(f"expect_keys={count} confirms that number of keys")
    if wrong:
        raise Wrong(*wrong)


_HEADER = "write header=skip to ignore it, or header=key to send it as a key"


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
    """Errors that do not depend on the keys."""
    given = _given(texts)
    if not given:
        yield f"keys is missing: write keys=670,47,100-120, or keys={EVERYTHING} to resync everything"
    if len(given) > 1:
        yield f"{' and '.join(given)} exclude each other: use one of them"
    if "external" in texts and "actor_type" not in texts:
        yield "actor_type is missing: write actor_type=Customer"
    if "keys" in texts and "actor_type" in texts:
        yield "actor_type goes with external=… or file=…: keys are ErpInternalKey ids of any type"
    for name, allowed in _WORDS.items():
        if name in texts and not _word(name, texts):
            near = nearest(texts[name], allowed)
            hint = f": did you mean {near[0]}?" if near else f": write {', '.join(allowed)}"
            yield f"{name}: {texts[name]!r} is invalid{hint}"
    if "expect_keys" in texts and _scope(texts) is Scope.EVERYTHING:
        yield "expect_keys cannot be combined with everything"
    elif "expect_keys" in texts and _number(texts["expect_keys"]) is None:
        yield f"expect_keys: {texts['expect_keys']!r} is not a number of keys: write expect_keys=4963"


def _word(name: str, texts: Texts) -> str:
    """One of the words that the setting allows; empty without one."""
    wanted = texts.get(name, "").strip().casefold()
    return next((one for one in _WORDS[name] if one.casefold() == wanted), "")


def _sentences(name: str, report: Report, notes: Sequence[LineNote]) -> Iterator[str]:
    yield from (f"{name}: {note.sentence if report.is_list else note.text}" for note in notes)
