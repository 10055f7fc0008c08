"""The measure of the benchmark: what a change costs at the least."""

from tests.benchmarks.minimum import Cell, Row, minimum


def line(text: str, *, colour: str = "default", width: int = 12) -> Row:
    return [Cell(letter, colour, "default", False, False, False, False) for letter in text.ljust(width)]


def test_what_does_not_change_costs_nothing() -> None:
    assert minimum([line("orders")], [line("orders")]) == 0


def test_a_letter_costs_a_move_and_itself() -> None:
    assert minimum([line("orders")], [line("orderz")]) == len("\x1b[1;6Hz")


def test_a_short_gap_is_written_over_and_a_wide_one_skipped() -> None:
    assert minimum([line("a  b")], [line("A  B")]) == len("\x1b[1;1HA  B")
    before, after = line("a" + " " * 30 + "b", width=40), line("A" + " " * 30 + "B", width=40)
    assert minimum([before], [after]) == len("\x1b[1;1HA\x1b[30CB")


def test_the_rest_of_a_line_is_erased() -> None:
    assert minimum([line("suspended")], [line("")]) == len("\x1b[1;1H\x1b[K")


def test_the_pen_is_changed_once_and_carried_on() -> None:
    before, after = [line("ab"), line("cd")], [line("AB", colour="red"), line("CD", colour="red")]
    first = [*line("AB", colour="red")[:2], *line("")[2:]]
    second = [*line("CD", colour="red")[:2], *line("")[2:]]
    assert minimum(before, [first, second]) == len("\x1b[1;1H\x1b[31mAB\x1b[2;1HCD")
    assert minimum(before, after) > 0
