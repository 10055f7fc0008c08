"""Which scopes are asked for, which of them were not had, and what a challenge code may be."""

import pytest

from tui.domain.jtl.registration import SCOPES, USUAL, challenge_fault, not_granted, split

READ, WRITE, EXTENSIONS = USUAL


def lost(granted: list[str], *wanted: str) -> list[str]:
    return [scope.name for scope in not_granted([SCOPES[name] for name in wanted or USUAL], granted)]


def test_every_scope_says_what_it_is_for_and_what_fails_without_it() -> None:
    assert set(USUAL) <= set(SCOPES)
    assert [
        scope for scope in SCOPES.values() if not (scope.gives and scope.without.endswith("."))
    ] == []


def test_what_lists_the_workers_is_needed_and_the_rest_is_optional() -> None:
    assert split([SCOPES[name] for name in USUAL]) == ((READ,), (WRITE, EXTENSIONS))


def test_where_nothing_is_needed_by_itself_the_first_is() -> None:
    assert split([SCOPES[EXTENSIONS], SCOPES[WRITE]]) == ((EXTENSIONS,), (WRITE,))


@pytest.mark.parametrize(
    ("granted", "missing"),
    [
        (list(USUAL), []),
        ([], list(USUAL)),
        ([READ.upper(), WRITE.title()], [EXTENSIONS]),
        (["worker.getworkersyncs", "worker.getworkerstatus", WRITE, EXTENSIONS], []),
        (["worker.getworkersyncs", WRITE, EXTENSIONS], [READ]),
        (["all.read", WRITE], [EXTENSIONS]),
        (["something.else", *USUAL], []),
    ],
)
def test_a_scope_is_had_by_its_name_or_by_others_that_cover_it(
    granted: list[str], missing: list[str]
) -> None:
    assert lost(granted) == missing


def test_a_single_scope_is_had_with_its_area() -> None:
    assert lost([WRITE], "worker.synccontrol", "worker.getworkersyncs") == ["worker.getworkersyncs"]


@pytest.mark.parametrize("code", ["a", "x" * 30, "K7QM-4XRT", "~!"])
def test_a_challenge_code_that_can_be_sent(code: str) -> None:
    assert challenge_fault(code) is None


@pytest.mark.parametrize("code", ["", "x" * 31, "a b", "ä", "a\n", "\x7f"])
def test_a_challenge_code_that_cannot(code: str) -> None:
    assert challenge_fault(code)
