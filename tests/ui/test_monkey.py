"""A short run of the monkey; a long one is `python -m tests.drivers.monkey --steps 10000`."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.drivers.console import console
from tests.drivers.monkey import (
    BEGINNINGS,
    KEYS,
    KINDS,
    PLACES,
    Begin,
    Calm,
    Expire,
    Fault,
    Finish,
    Key,
    Monkey,
    Name,
    Restart,
    Size,
    Step,
)
from tests.drivers.simulator import RunningSimulator

keys = st.builds(Key, st.sampled_from(KEYS))
steps = st.lists(
    st.one_of(
        keys,
        keys,
        keys,
        keys,
        st.builds(Name),
        st.sampled_from([Begin(*one) for one in BEGINNINGS]),
        st.builds(Finish),
        st.builds(Size, st.integers(20, 200), st.integers(5, 60)),
        st.builds(Fault, st.sampled_from(PLACES), st.sampled_from(KINDS), st.integers(1, 4)),
        st.builds(Calm),
        st.builds(Expire, st.booleans()),
        st.builds(Restart, st.booleans()),
    ),
    min_size=10,
    max_size=40,
)


@settings(
    max_examples=int(os.environ.get("SYNCDECK_MONKEYS", "2")),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(story=steps)
async def test_whatever_is_pressed_and_whatever_fails_the_console_lives_and_is_honest(
    story: list[Step],
) -> None:
    with RunningSimulator(still=True, extensions=8) as erp:
        async with console(erp, refresh={"workers": 1, "engine": 1}) as deck:
            monkey = Monkey(deck, erp)
            for step in story:
                if not monkey.has_left:
                    await monkey.does(step)
