"""Three versions side by side: what goes on, and what collides."""

from hypothesis import given
from hypothesis import strategies as st

from tui.domain.baseline import Baseline, BaselineValue
from tui.domain.three_way_merge import Side, merge

KEYS = st.sampled_from(["Interval", "o1", "o2", "o3"])
VALUES = st.sampled_from(["1", "2", "3", "empty"])
VERSIONS = st.dictionaries(KEYS, VALUES)


def baseline(values: dict[str, str]) -> Baseline:
    return tuple(BaselineValue(key, key.upper(), value) for key, value in values.items())


@given(opened=VERSIONS, now=VERSIONS, yours=VERSIONS)
def test_untouched_follows_the_server_touched_stays_and_only_two_changes_collide(
    opened: dict[str, str], now: dict[str, str], yours: dict[str, str]
) -> None:
    yours = {key: value for key, value in yours.items() if key in opened or key in now}
    merged = {one.key: one for one in merge(baseline(opened), baseline(now), yours)}
    for key in opened.keys() | now.keys():
        touched = key in yours
        differs = opened.get(key) != now.get(key) or (touched and yours[key] != now.get(key))
        assert (key in merged) == differs
        if differs:
            assert (merged[key].now, merged[key].yours) == (now.get(key), yours.get(key))
        collides = touched and now.get(key) != opened.get(key) and now.get(key) != yours[key]
        assert (key in merged and merged[key].side is Side.COLLISION) == collides


def test_sides_are_told_apart() -> None:
    opened = baseline({"a": "1", "b": "1", "c": "1", "d": "1", "e": "1"})
    now = baseline({"a": "2", "b": "1", "c": "2", "d": "2", "e": "1"})
    merged = merge(opened, now, {"b": "3", "c": "3", "d": "2"})
    assert [(one.key, one.side) for one in merged] == [
        ("a", Side.SERVER),
        ("b", Side.YOURS),
        ("c", Side.COLLISION),
        ("d", Side.SAME),
    ]
