"""Why a row of a console is as it is: from memory, with the history, and of a time that is looked at."""

from collections.abc import Iterator
from datetime import timedelta

from tests.session.test_history_view import NIGHT, NOW, Console
from tui.api import errors
from tui.api.errors import ErpError
from tui.domain.history.records import Subject, SubjectKind
from tui.domain.profile import System
from tui.domain.why.explanation import Certainty, Why
from tui.domain.why.facts import FailureKind
from tui.launch import RunOptions
from tui.session.why.failures import KINDS, failures_of
from tui.session.why.known import THE_ENGINE, of_connection, of_system, subjects
from tui.session.why.of_session import why_now, why_of
from tui.store.snapshot import Topic
from tui.store.store import Store
from tui.wiring import demo_core


def ids(why: Why) -> list[str]:
    return [one.id for one in why.explanations]


async def test_memory_is_enough_for_the_cause(console: Console) -> None:
    found = why_now(console.session, console.sync("Temu DE"))
    assert ids(found) == ["marketplace-login"]
    assert found.is_wrong


async def test_a_run_is_not_dated_before_the_poll_that_showed_it(console: Console) -> None:
    """The list of syncs is polled less often than their status."""
    store, later = console.core.store, NOW + timedelta(seconds=40)
    statuses = store.snapshot(Topic.STATUS)
    store.succeed(Topic.STATUS, statuses.generation + 1, statuses.data, at=later, took=0.1)
    for subject in (console.sync("Temu DE"), of_system(System.JTL)):
        found = why_now(console.session, subject)
        assert found.explanations[0].evidence[0].at == later


async def test_the_history_adds_what_happened_before(console: Console) -> None:
    found = await why_of(console.session, console.sync("Temu DE"))
    assert ids(found) == ["marketplace-login", "after-change", "together"]
    texts = [one.text for one in found.explanations[0].evidence]
    assert texts[1].startswith("error since 01:14 (16h")
    assert texts[2].startswith("before that ")
    assert texts[2].endswith("none failed")
    assert texts[3].startswith("it was not seen before")
    change = found.explanations[1]
    assert change.sentence == "anna changed something 16m before it began"
    assert change.certainty is Certainty.LIKELY
    assert found.explanations[2].sentence.startswith("3 syncs turned in the same minute, 01:14")


async def test_a_time_that_is_looked_at_is_explained_by_itself(console: Console) -> None:
    """In the night three failed; Otto, which is ok now, was one of them."""
    otto = console.sync("Otto Market")
    assert ids(await why_of(console.session, otto)) == ["ok"]
    view = console.session.history
    assert view is not None
    await view.look_at(NIGHT + timedelta(hours=2))
    found = await why_of(console.session, otto)
    assert ids(found)[0] == "marketplace-login"
    assert "same-words" in ids(found)
    assert "error since 01:14" in found.explanations[0].evidence[1].text
    before = NIGHT + timedelta(hours=1)
    await view.look_at(before)
    assert ids(await why_of(console.session, otto)) == ["ok"]


async def test_everything_that_is_listed_is_explained(console: Console) -> None:
    found = [await why_of(console.session, one) for one in subjects(console.core.store)]
    assert len(found) > 20
    assert all(one.explanations and "not-explained" not in ids(one) for one in found)


async def test_the_test_of_a_connection_counts(console: Console) -> None:
    [first, *_] = console.core.store.snapshot(Topic.CONNECTIONS).data or ()
    assert ids(why_now(console.session, of_connection(first))) == ["connection-active"]


async def test_before_the_first_response_nothing_breaks() -> None:
    one = Console(demo_core(RunOptions(), clock=lambda: NOW))
    found = why_now(one.session, THE_ENGINE)
    assert ids(found) == ["not-read"]
    assert ids(why_now(one.session, of_system(System.JTL))) == ["not-read"]
    temu = Subject(SubjectKind.SYNC, "w1", "Temu · Temu DE")
    assert ids(why_now(one.session, temu)) == ["not-read"]
    one.session.attach(one.core)
    assert ids(why_now(one.session, THE_ENGINE)) == ["not-read"]
    await one.session.aclose()


def kinds_of_error(base: type[ErpError] = ErpError) -> Iterator[type[ErpError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds_of_error(kind)


def test_every_kind_of_failure_has_an_explanation() -> None:
    found = set(kinds_of_error())
    assert len(found) >= 19
    assert {kind for kind in found if kind.__module__ == errors.__name__} == set(KINDS)
    assert set(KINDS.values()) == set(FailureKind)


def test_the_same_failure_of_two_lists_is_one() -> None:
    store = Store()
    for topic in (Topic.WORKERS, Topic.STATUS):
        error = errors.NotAuthorised(system=System.JTL, sentence="refused (401)")
        store.fail(topic, 1, error, at=NOW)
    [failure] = failures_of(store, (Topic.WORKERS, Topic.STATUS))
    assert failure.kind is FailureKind.LOGIN
