"""Rules on what several syncs, or several changes, have in common (jtl PROTOCOL §1.2, §1.4, §8)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from tui.domain.history.clock_text import long_age
from tui.domain.jtl.workers import SyncState, Worker
from tui.domain.text import counted, same_words
from tui.domain.why.explanation import Evidence, Step
from tui.domain.why.facts import Action, Facts
from tui.domain.why.past import SAME_MINUTE
from tui.domain.why.past_words import is_of
from tui.domain.why.rule import Found, Role, Rule, by_hand, clock, likely, quoted, row_says, some_of

_SOON = timedelta(minutes=30)
"""After a change, in which a failure may come from it."""
_FLAPPING = 4
"""Changes between good and bad in an hour from which it is not a coincidence."""
_STARTS = ("worker.start", "worker.restart")
_RUN_LASTS = timedelta(minutes=15)
"""After a start of ours, in which a failure is that of the run which it requested."""
_SAID_ELSEWHERE = ("worker.stop", "engine.stop", "connection.toggle")
"""Operations that explain a state by themselves."""
_SHARED = ("worker.configure",)
"""Operations whose options count for all syncs of the kind (jtl PROTOCOL §1.4)."""


def _began(facts: Facts) -> datetime | None:
    """When the trouble began; without a history the time of the last status."""
    if facts.past.since is not None:
        return facts.past.began
    return facts.status.status_at.at if facts.status is not None else None


def _after_change(facts: Facts) -> Found | None:
    began = _began(facts)
    if began is None or not facts.verdict.needs_attention:
        return None
    made = next(
        (
            one
            for one in facts.actions
            if timedelta(0) <= began - one.at <= _SOON and one.had_effect and _concerns(one, facts)
        ),
        None,
    )
    if made is None:
        return None
    ago = long_age((began - made.at).total_seconds())
    by = made.user or "somebody"
    evidence = Evidence(made.at, f"{made.text} · by {by}")
    until = "it began" if facts.past.since is not None else "its last status"
    return Found(f"{by} changed something {ago} before {until}", (evidence,))


def _concerns(action: Action, facts: Facts) -> bool:
    """Whether it was on the target, or on options that the target shares."""
    if action.operation in _SAID_ELSEWHERE:
        return False
    if is_of(action, facts):
        return True
    worker = facts.worker
    if worker is None or worker.sync is None or action.operation not in _SHARED:
        return False
    same = {one.id for one in facts.syncs if one.sync is not None and one.sync.kind == worker.sync.kind}
    return not same.isdisjoint(action.targets)


def _failing(syncs: Iterable[Worker]) -> list[Worker]:
    """Without locked ones: each has its own account to be unlocked."""
    return [one for one in syncs if one.state is SyncState.FAILED]


def _same_words(facts: Facts) -> Found | None:
    worker = facts.worker
    text = _words(worker) if worker is not None else ""
    if worker is None or worker.state is not SyncState.FAILED or not text:
        return None
    failing = [one for one in _failing(facts.syncs) if _words(one)]
    same = [one for one in failing if same_words(_words(one), text)]
    if len(same) < 2 or len(same) < len(failing):
        return None
    times = [at for one in same if (at := facts.past.same_since.get(one.id)) is not None]
    since = f" since {clock(min(times), facts)}" if times else ""
    is_new = facts.past.since is not None and not any(one.same_words for one in facts.past.earlier)
    words = "new words" if is_new else "words"
    evidence = Evidence(min(times, default=facts.read_at), f"{_names(same, facts)}: {quoted(text)}")
    return Found(
        f"all {len(same)} failures carry the same {words}{since}: one cause outside this sync",
        (evidence,),
    )


def _words(worker: Worker) -> str:
    return worker.status.text if worker.status is not None else ""


def _names(syncs: Sequence[Worker], facts: Facts) -> str:
    others = [one.name for one in syncs if one.id != facts.subject.key]
    return f"also {some_of(others)}"


def _all_of(of: Callable[[Worker], str], noun: str, advice: str) -> Callable[[Facts], Found | None]:
    """All syncs of a kind or a channel fail, at least two, and no other sync does."""

    def find(facts: Facts) -> Found | None:
        worker = facts.worker
        if worker is None or not of(worker):
            return None
        same = [one for one in facts.syncs if of(one) == of(worker)]
        if len(same) < 2 or len(same) == len(facts.syncs) or _failing(facts.syncs) != same:
            return None
        text = f"{counted(len(same), 'sync')} of {noun} {of(worker)} failed, no other did"
        return Found(
            f"all syncs of {noun} {of(worker)} fail, and no other: {advice}", row_says(facts, text)
        )

    return find


def _kind(worker: Worker) -> str:
    return worker.sync.kind if worker.sync is not None else ""


def _channel(worker: Worker) -> str:
    return worker.sync.channel if worker.sync is not None else ""


def _together(facts: Facts) -> Found | None:
    began = facts.past.began
    if began is None or not facts.verdict.needs_attention:
        return None
    turned = [one for one in facts.past.turned if not _started_here(facts, one.key, began)]
    if not turned or _started_here(facts, facts.subject.key, began):
        return None
    names = some_of([one.name or one.key for one in turned])
    others = {one.key for one in turned}
    both = [one for one in facts.syncs if one.id in others or one.id == facts.subject.key]
    shared = _shared(both) if len(both) == len(turned) + 1 else ""
    sentence = f"{len(turned) + 1} syncs turned in the same minute, {clock(began, facts)}{shared}"
    return Found(sentence, (Evidence(began, f"also {names}"),))


def _started_here(facts: Facts, key: str, began: datetime) -> bool:
    """Whether it failed in the run that a start or restart of ours had requested."""
    return any(
        one.operation in _STARTS
        and one.had_effect
        and key in one.targets
        and began - _RUN_LASTS <= one.at <= began + SAME_MINUTE
        for one in facts.actions
    )


def _shared(syncs: Sequence[Worker]) -> str:
    for of, noun in ((_channel, "channel"), (_kind, "kind")):
        named = {of(one) for one in syncs}
        if len(named) == 1 and "" not in named:
            return f", all of {noun} {named.pop()}"
    return ""


def _flapping(facts: Facts) -> Found | None:
    past = facts.past
    if past.swings < _FLAPPING:
        return None
    text = f"{past.swings} changes between good and bad in the last hour"
    return Found(f"it is flapping: {text}", (Evidence(past.last_swing_at, f"the last of {text}"),))


_OUTSIDE = by_hand("Look for what they share: the marketplace, the network, the database, the licence")

RULES: tuple[Rule, ...] = (
    likely(
        "after-change",
        _after_change,
        Step("undo", "Undo the change if it can be the cause"),
        worked="the next run ends with ok",
    ),
    likely(
        "one-kind",
        _all_of(_kind, "kind", "syncs of a kind share their options"),
        Step("worker.configure", "Check the options that they share"),
        by_hand("Check the marketplace or shop system of this kind"),
        worked="their next runs end with ok",
    ),
    likely(
        "one-channel",
        _all_of(_channel, "channel", "the cause is in this channel"),
        by_hand("Check the shop or account of this channel in JTL-Wawi"),
        worked="their next runs end with ok",
    ),
    likely("same-words", _same_words, _OUTSIDE, worked="all of them end with ok"),
    likely("together", _together, _OUTSIDE, worked="all of them end with ok"),
    likely(
        "flapping",
        _flapping,
        Step("history.row", "Show its history: compare the times of good and bad"),
        by_hand("Look for a limit, a timeout or a second program that works on the same account"),
        worked="it stays ok for an hour",
        role=Role.BESIDE,
    ),
)
