"""Exit codes are rules: every failure has one state, and the worst of several wins."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.api import errors
from tui.domain.profile import System
from tui.headless.exit_codes import SystemState, gravest, state_of, worst


def failure(kind: Any) -> Any:
    return kind(system=System.JTL, sentence=kind.__name__)


@pytest.mark.parametrize(
    ("kind", "state", "code"),
    [
        (errors.Unreachable, "unreachable", 3),
        (errors.TimedOut, "unreachable", 3),
        (errors.TlsFailed, "unreachable", 3),
        (errors.Throttled, "unreachable", 3),
        (errors.ServerFailed, "unreachable", 3),
        (errors.NotAuthorised, "unauthorised", 4),
        (errors.LicenceRequired, "unauthorised", 4),
        (errors.Forbidden, "unauthorised", 4),
        (errors.CredentialFailed, "unauthorised", 4),
        (errors.BadAnswer, "bad_answer", 5),
        (errors.NotFound, "bad_answer", 5),
        (errors.NotOffered, "bad_answer", 5),
        (errors.Rejected, "bad_answer", 5),
        (errors.Absent, "absent", 0),
    ],
)
def test_every_failure_has_its_state_and_code(kind: Any, state: Any, code: Any) -> None:
    assert (state_of(failure(kind)), state_of(failure(kind)).code) == (state, code)


def test_no_failure_is_ok() -> None:
    assert state_of(None) is SystemState.OK


@given(st.lists(st.sampled_from([0, 1, 3, 4, 5])))
def test_the_worst_code_wins_whatever_the_order(codes: Any) -> None:
    order = [4, 3, 5, 1, 0]
    assert worst(codes) == next((code for code in order if code in codes), 0)


def test_of_several_failures_the_gravest_speaks_for_the_system() -> None:
    several = [failure(errors.BadAnswer), failure(errors.NotAuthorised), failure(errors.TimedOut)]
    assert isinstance(gravest(several), errors.NotAuthorised)
