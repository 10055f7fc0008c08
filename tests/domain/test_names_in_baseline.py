"""What a person calls a target is a part of what a change rests on, where it is differences_text."""

from dataclasses import replace

from tui.domain.baseline import differences_text, drift, of_extension, of_state, of_sync
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker, WorkerStatus, WorkerSync
from tui.domain.three_way_merge import merge

SYNC = WorkerSync("a1", "Temu", "Temu DE")
RENAMED = replace(SYNC, channel="Temu AT")
STATUS = WorkerStatus("a1", 3)


def test_d_a_new_name_is_a_difference_like_any_other() -> None:
    change = "Name Temu · Temu DE → Temu · Temu AT"
    assert differences_text(drift(of_sync(SYNC), of_sync(RENAMED))) == change
    states = (of_state(Worker("a1", sync, STATUS)) for sync in (SYNC, RENAMED))
    assert differences_text(drift(*states)) == change
    extensions = (of_extension(Extension("e1", name)) for name in ("shop", "till"))
    assert differences_text(drift(*extensions)) == "Name shop → till"


def test_d_a_name_that_is_not_told_is_no_difference() -> None:
    named, bare = of_state(Worker("a1", SYNC, STATUS)), of_state(Worker("a1", None, STATUS))
    assert drift(named, bare) == drift(bare, named) == ()
    draft = tuple(facet for facet in of_sync(SYNC) if facet.label != "Name")
    assert drift(draft, of_sync(SYNC)) == ()
    assert merge(draft, of_sync(SYNC), {}) == ()


def test_d_what_tells_it_from_others_of_its_name_is_no_part_of_the_name() -> None:
    assert drift(of_sync(SYNC), of_sync(replace(SYNC, apart="2-2-1"))) == ()
