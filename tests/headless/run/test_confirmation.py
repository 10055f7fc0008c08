"""The last step of `run`: an answer that comes sooner than the question can be read does not count."""

import io
import os
from collections.abc import Iterator, Sequence

import pytest

from tests.drivers.fake_time import FakeTime
from tui.domain.profile import Environment, ProfileFacts, System
from tui.headless.run.confirmation import TOO_SOON, asked
from tui.ops.operations.operation import Danger

FACTS = ProfileFacts("acme", Environment.PRODUCTION, read_only=False, systems=frozenset(System))


class Person(io.StringIO):
    """What is said goes here; every question is answered at a real terminal after so many seconds."""

    def __init__(self, answers: Sequence[tuple[float, str]]) -> None:
        super().__init__()
        self.time = FakeTime()
        self._master, self.slave = os.openpty()
        self._answers = list(answers)
        self._after = 0.0
        self.terminal = os.fdopen(self.slave)

    def flush(self) -> None:
        """The question is on the screen."""
        if self.getvalue().endswith("sends nothing: ") and self._answers:
            self._after, text = self._answers.pop(0)
            os.write(self._master, text.encode())

    def monotonic(self) -> float:
        """Asked for when the question was shown, and when it was answered."""
        now = self.time.monotonic()
        self.time.elapsed += self._after
        return now

    def close(self) -> None:
        self.terminal.close()
        os.close(self._master)


@pytest.fixture
def people() -> Iterator[list[Person]]:
    met: list[Person] = []
    yield met
    for person in met:
        person.close()


def answers(people: list[Person], danger: Danger, *given: tuple[float, str]) -> bool:
    people.append(Person(given))
    person = people[-1]
    return asked(danger, FACTS, person.terminal, person, person.monotonic)


def test_d9_a_name_that_comes_with_the_question_is_asked_for_again(people: list[Person]) -> None:
    assert answers(people, Danger.IRREVERSIBLE, (0.1, "acme\n"), (2.0, "acme\n"))
    assert people[0].getvalue().count(TOO_SOON) == 1
    assert people[0].getvalue().count("type acme") == 2


def test_d9_whatever_is_pasted_again_and_again_never_counts(people: list[Person]) -> None:
    given = [(0.05, "y\n")] * 5 + [(1.0, "n\n")]
    assert not answers(people, Danger.DISRUPTIVE, *given)
    assert people[0].getvalue().count(TOO_SOON) == 5


def test_d9_the_rest_of_a_paste_is_no_answer_to_the_next_question(people: list[Person]) -> None:
    assert not answers(people, Danger.DISRUPTIVE, (0.1, "y\ny\ny\ny\n"), (5.0, "\n"))
    assert people[0].getvalue().count(TOO_SOON) == 1


def test_d9_another_word_sends_nothing_however_fast(people: list[Person]) -> None:
    assert not answers(people, Danger.REVERSIBLE, (0.1, "y\n"))
    assert TOO_SOON not in people[0].getvalue()


def test_a_word_that_was_read_for_counts_at_once(people: list[Person]) -> None:
    assert answers(people, Danger.REVERSIBLE, (0.5, "a\n"))
    assert TOO_SOON not in people[0].getvalue()
