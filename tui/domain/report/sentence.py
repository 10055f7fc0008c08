"""What happened in a window in one sentence: the largest group of targets that broke together. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tui.domain.health.rules import Level
from tui.domain.report.document import Foreign, Line, Times, listed, quiet
from tui.domain.report.facts import Head, Impact, ReportFacts
from tui.domain.text import counted, same_words

_TOGETHER = timedelta(minutes=2)
"""Targets with the same words broke together where no more than this lies between one and the next."""
_WORDS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


def sentence(facts: ReportFacts, times: Times) -> Line:
    """`Between 01:14 and 03:02 three Temu syncs of acme failed; 41 failed runs were seen; …`."""
    head, impact = facts.head, facts.impact
    window = f"between {times.short(head.since)} and {times.short(head.until)}"
    if not head.was_recorded:
        count = len(facts.deeds)
        made = (
            f"{counted(count, 'change')} {'was' if count == 1 else 'were'}" if count else "No change was"
        )
        return (f"What happened {window} is not known: nothing was recorded. {made} made from here.",)
    if not impact:
        lost = "" if head.complete == 1 else " in what was seen of it"
        return ("No problem of ", quiet(head.profile), f" was seen {window}{lost}.")
    group = _largest(impact)
    others = [one for one in impact if one not in group]
    return (*_of_group(group, head, times), *_of_others(others))


def _largest(impact: Sequence[Impact]) -> Sequence[Impact]:
    groups: list[list[Impact]] = []
    for one in impact:
        for group in groups:
            if _is_together(group[-1], one):
                group.append(one)
                break
        else:
            groups.append([one])
    return max(groups, key=lambda group: (len(group), -group[0].level, -group[0].start.timestamp()))


def _is_together(last: Impact, other: Impact) -> bool:
    return (
        last.target.kind is other.target.kind
        and last.level is other.level
        and last.start_is_known is other.start_is_known
        and other.start - last.start <= _TOGETHER
        and same_words(last.text, other.text)
    )


def _of_group(group: Sequence[Impact], head: Head, times: Times) -> Line:
    first, ends = group[0], [one.end for one in group if one.end is not None]
    start = times.short(min(one.start for one in group))
    known = "" if first.start_is_known else " or earlier"
    if len(ends) == len(group):
        when = f"Between {start}{known} and {times.short(max(ends))}"
    else:
        when = f"From {start}{known} on"
    within = " in the window" if first.start < head.since else ""
    failed, words = sum(one.failed for one in group), first.text
    return (
        f"{when} ",
        *_named(group),
        " of ",
        quiet(head.profile),
        " ",
        *_verb(first, many=len(group) > 1),
        f"; {counted(failed, 'failed run')} {'was' if failed == 1 else 'were'} seen{within}"
        if failed
        else "",
        *(("; the message was ", Foreign(words)) if words else ()),
        f"; {_ending(group, ends, times)}{_later(group, head, times)}.",
    )


def _named(group: Sequence[Impact]) -> Line:
    """`three Temu syncs`, `nine syncs (Kaufland, Otto, Temu)`, or `the sync` with its name."""
    noun = group[0].target.kind.value
    if len(group) == 1:
        return (f"the {noun} ", Foreign(group[0].target.name))
    count = _WORDS[len(group)] if len(group) < len(_WORDS) else f"{len(group):,}"
    kinds = tuple(sorted({one.target.group for one in group if one.target.group}))
    if len(kinds) == 1:
        return (f"{count} ", quiet(kinds[0]), f" {noun}s")
    more = (" (", *listed(tuple(map(quiet, kinds))), ")") if 1 < len(kinds) <= 5 else ()
    return (f"{count} {noun}s", *more)


def _verb(first: Impact, *, many: bool) -> Line:
    if first.level is Level.ERROR and first.state == "error":
        return ("failed",)
    return ("were " if many else "was ", quiet(first.state))


def _ending(group: Sequence[Impact], ends: Sequence[datetime], times: Times) -> str:
    lasting = len(group) - len(ends)
    if not ends:
        return "not over at the end of the window"
    states = {one.ended_as for one in group if one.end is not None}
    over = "ok" if states == {"ok"} else "no longer so"
    last = times.short(max(ends))
    if not lasting:
        return f"{over} since {last}"
    are = "is" if len(ends) == 1 else "are"
    return f"{len(ends)} of them {are} {over} since {last}, {lasting} not yet at the end of the window"


def _later(group: Sequence[Impact], head: Head, times: Times) -> str:
    """What is known by now of those that were not over."""
    lasting = [one for one in group if one.end is None]
    ends = [one.later_end for one in lasting if one.later_end is not None]
    if not ends:
        is_past = bool(lasting) and head.until < head.written_at
        return f", nor at {times.short(head.written_at)}" if is_past else ""
    who = "" if len(ends) == len(lasting) else f"{len(ends)} of them "
    return f", {who}ended by {times.short(max(ends))}"


def _of_others(others: Sequence[Impact]) -> Line:
    if not others:
        return ()
    lasting = sum(one.end is None for one in others)
    still = f", {lasting} of them still at its end" if lasting else ", none of them at its end"
    return (f" Besides, {counted(len(others), 'other target')} had a problem in the window{still}.",)
