"""Ages go by a clock that nobody sets and that no sleep stops."""

import sys
import time

import pytest

from tui.domain.elapsed import elapsed


def test_t12_it_never_goes_back() -> None:
    readings = [elapsed() for _ in range(100)]
    assert readings == sorted(readings)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this clock")
def test_t12_on_linux_it_counts_the_time_that_the_machine_slept() -> None:
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    assert before <= elapsed() <= time.clock_gettime(time.CLOCK_BOOTTIME)
