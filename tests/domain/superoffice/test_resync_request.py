"""The right one of five calls, and none where there is no such call."""

import pytest

from tui.domain.superoffice.resync_request import MOST_IN_CALL, ResyncRequest, Scope

INTERNAL, EXTERNAL, EVERYTHING = Scope.INTERNAL, Scope.EXTERNAL, Scope.EVERYTHING


@pytest.mark.parametrize(
    ("wish", "method"),
    [
        (ResyncRequest(7, INTERNAL, (1,), keeps=False), "ForceResync"),
        (ResyncRequest(7, INTERNAL, (1,)), "ForceResyncNoBlankValues"),
        (ResyncRequest(7, INTERNAL, (1,), keeps=False, as_batch=True), "ForceResyncBatchTask"),
        (
            ResyncRequest(7, EXTERNAL, external=("A",), actor_type="Customer", keeps=False),
            "ForceResyncExternal",
        ),
        (
            ResyncRequest(7, EXTERNAL, external=("A",), actor_type="Customer"),
            "ForceResyncExternalNoBlankValues",
        ),
        (ResyncRequest(0, EVERYTHING, keeps=False), "ForceResync"),
    ],
)
def test_the_wish_picks_the_call(wish: ResyncRequest, method: str) -> None:
    assert wish.refusal == ""
    assert wish.whole.method == method
    (write,) = wish.writes()
    assert write.method == method


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (ResyncRequest(7, INTERNAL, (1,), as_batch=True), "no batch task that ignores empty values"),
        (
            ResyncRequest(7, EXTERNAL, external=("A",), keeps=False, as_batch=True),
            "no batch task for external",
        ),
        (ResyncRequest(0, EXTERNAL, external=("A",)), "choose that connection as the source"),
        (ResyncRequest(7), "an empty list would mean everything"),
        (ResyncRequest(7, EXTERNAL, (1,)), "an empty list would mean everything"),
    ],
)
def test_what_no_call_does_is_refused(wish: ResyncRequest, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        wish.writes()


def test_everything_carries_no_keys_whatever_was_typed_before() -> None:
    (write,) = ResyncRequest(0, EVERYTHING, (1, 2)).writes()
    assert write.keys == ()


def test_many_keys_go_in_several_calls_in_order_and_none_is_lost() -> None:
    keys = tuple(range(1, 4_964))
    writes = ResyncRequest(7, INTERNAL, keys).writes()
    assert len(writes) == 10
    assert tuple(key for write in writes for key in write.keys) == keys
    assert {len(write.keys) for write in writes[:-1]} == {MOST_IN_CALL}
    assert writes[-1].keys[-1] == 4_963
