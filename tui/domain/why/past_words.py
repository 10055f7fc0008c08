"""What the history adds to every explanation: since when, after how many good runs, whether it happened
before and what ended it. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from tui.domain.health.rules import Level
from tui.domain.history.clock_text import clock_text, long_age
from tui.domain.history.observing import kept_text
from tui.domain.history.records import Event, SubjectKind
from tui.domain.history.sentence import runs_text
from tui.domain.history.since import before_gap_words
from tui.domain.why.explanation import Evidence
from tui.domain.why.facts import Action, Facts
from tui.domain.why.past import Episode

_ENDED_BY = timedelta(minutes=30)
"""Before the end of an earlier trouble, in which an action may have ended it."""


def past_evidence(facts: Facts) -> tuple[Evidence, ...]:
    """Empty where nothing was recorded."""
    return tuple(_lines(facts))


def _lines(facts: Facts) -> Iterator[Evidence]:
    past, word = facts.past, facts.verdict.word
    if past.since is None:
        return
    at = clock_text(past.since.at, facts.now)
    age = long_age((facts.now - past.since.at).total_seconds())
    known = "" if past.since.is_known else " or earlier"
    gap = before_gap_words(past.since, facts.now)
    then = word if facts.verdict.level is Level.RUNNING else past.since_word or word
    now = f", now {word}" if then != word else ""
    yield Evidence(past.since.at, f"{then} since {at}{known} ({age}){gap}{now}")
    if facts.verdict.needs_attention and facts.subject.kind is SubjectKind.SYNC:
        yield Evidence(past.runs.last_good_at, runs_text(past.runs, Level.ERROR))
    if facts.verdict.needs_attention and _is_recorded(facts):
        yield _before(facts)


def _is_recorded(facts: Facts) -> bool:
    """Whether what was recorded last is what it is now; of a system the history knows only that it is
    down."""
    is_system = facts.subject.kind is SubjectKind.SYSTEM
    return is_system or facts.past.last_word in ("", facts.verdict.word)


def _before(facts: Facts) -> Evidence:
    same = [one for one in facts.past.earlier if one.same_words] or list(facts.past.earlier)
    if not same:
        since = facts.past.looked_from
        start = f" (recorded since {clock_text(since, facts.now)})" if since else ""
        return Evidence(None, f"it was not seen before{start}")
    last = same[0]
    how_often = "once before" if len(same) == 1 else f"{len(same)} times before"
    start, end = clock_text(last.start, facts.now), clock_text(last.end, facts.now)
    lead = "it happened" if last.same_words else "another trouble of this kind happened"
    when = f"{start} to {end}" if len(same) == 1 else f"last {start} to {end}"
    return Evidence(last.end, f"{lead} {how_often}: {when}; {_ending(last, facts)}")


def _ending(episode: Episode, facts: Facts) -> str:
    """What was done shortly before its end; else what was noted in it."""
    action = _ended_by(episode, facts)
    if action is not None:
        by = f" by {action.user}" if action.user else ""
        return f"it ended after: {action.text}{by}"
    noted = _noted_in(episode, facts)
    if noted is not None:
        by = f" by {noted.user}" if noted.user else ""
        return f"it ended without an action from here; {noted.kind}{by}: {kept_text(noted.text)}"
    return "it ended without an action from here"


def _ended_by(episode: Episode, facts: Facts) -> Action | None:
    start = max(episode.start, episode.end - _ENDED_BY)
    of_target = (one for one in facts.actions if one.had_effect and is_of(one, facts))
    return next((one for one in of_target if start <= one.at <= episode.end), None)


def _noted_in(episode: Episode, facts: Facts) -> Event | None:
    about = (one for one in facts.events if one.subject is None or one.subject == facts.subject)
    return next((one for one in about if episode.start <= one.at <= episode.end), None)


def is_of(action: Action, facts: Facts) -> bool:
    if action.targets:
        return facts.subject.key in action.targets
    return action.subject == facts.subject
