"""The settings of a forced resync as text, read into its calls."""

from collections.abc import Iterator, Sequence

from tui.domain.engine import Connection
from tui.domain.resync_keys import KeyReport, LineNote, external_keys, internal_keys
from tui.domain.resync_wish import ACTOR_TYPES, ResyncWish, Scope
from tui.ops.key_files import read_keys_now
from tui.ops.manifests import FileRefused
from tui.ops.names import nearest
from tui.ops.proposal import Proposal
from tui.ops.resync_plan import resync_calls
from tui.ops.settings import EVERYTHING
from tui.ops.values import Texts, Wrong
from tui.store.snapshot import Snapshot

_KEYS = ("keys", "external", "file")


def calls_for(
    source: Connection,
    texts: Texts,
    connections: Sequence[Connection] | None,
    rests_on: Snapshot[object] | None,
) -> tuple[Proposal, ...] | str:
    """The calls that these settings ask for, or why there are none.

    Raises:
        Wrong: all that is wrong with the settings.
    """
    wrong = tuple(_amiss(texts))
    if wrong:
        raise Wrong(*wrong)
    scope = _scope(texts)
    text = "" if scope is Scope.EVERYTHING else _text(texts)
    internal: KeyReport[int] = internal_keys(text) if scope is Scope.INTERNAL else KeyReport()
    external: KeyReport[str] = external_keys(text) if scope is Scope.EXTERNAL else KeyReport()
    bad = internal.bad or external.bad
    if bad and _one_of("skip_bad", texts, ("true",)) is None:
        raise Wrong(*_told(texts, bad), "skip_bad=true leaves bad lines out")
    if not (internal.keys or external.keys or scope is Scope.EVERYTHING):
        raise Wrong(f"{_given(texts)[0]}: {_needed()}")
    wish = ResyncWish(
        source.id,
        scope,
        internal.keys,
        external.keys,
        _one_of("actor_type", texts, ACTOR_TYPES) or "",
        keeps=_one_of("blanks", texts, ("keep", "overwrite")) != "overwrite",
        as_batch=_one_of("how", texts, ("wait", "batch")) == "batch",
    )
    if wish.refusal:
        raise Wrong(wish.refusal)
    return resync_calls(wish, connections, rests_on, bad)


def _given(texts: Texts) -> tuple[str, ...]:
    return tuple(name for name in _KEYS if name in texts)


def _needed() -> str:
    return f"write the keys, such as 670,47,100-120, or keys={EVERYTHING} if everything is meant"


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
    ):
        if name in texts and _one_of(name, texts, allowed) is None:
            near = nearest(texts[name], allowed)
            hint = f": did you mean {near[0]}?" if near else f": write {', '.join(allowed)}"
            yield f"{name}: {texts[name]!r} cannot be set{hint}"


def _one_of(name: str, texts: Texts, allowed: Sequence[str]) -> str | None:
    wanted = texts.get(name, "").strip().casefold()
    return next((one for one in allowed if one.casefold() == wanted), None)


def _text(texts: Texts) -> str:
    (name,) = _given(texts)
    if name != "file":
        return texts[name]
    try:
        return read_keys_now(texts[name])
    except FileRefused as refused:
        raise Wrong(f"file: {refused}") from None


def _told(texts: Texts, bad: Sequence[LineNote]) -> Iterator[str]:
    (name,) = _given(texts)
    by_line = name == "file" or "\n" in texts[name]
    yield from (f"{name}: {note.told if by_line else note.sentence}" for note in bad)
