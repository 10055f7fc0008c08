"""Values of the change log in the neutral encoding of SuperOffice (F9)."""

import pytest

from tui.domain.superoffice.neutral_values import plain_time, plain_value
from tui.domain.timestamps import Moment, MomentKind


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[I:0]", "0"),
        ("[i:-7]", "-7"),
        ("[F:12345.6789]", "12345.6789"),
        ("[D:11/30/2011]", "2011-11-30"),
        ("[DT:11/29/2026 17:40:02.0000000]", "2026-11-29T17:40:02"),
        ("[D:01/01/0001 00:00:00.0000000]", "no date"),
        ("[DT:01/01/1760 00:00:00]", "no date"),
        ("[D:30/11/2011]", "[D:30/11/2011]"),
        ("[X:1]", "[X:1]"),
        ("see [I:7]", "see [I:7]"),
        ("", ""),
    ],
)
def test_a_value_is_read_or_stays_as_it_came(text: str, shown: str) -> None:
    assert plain_value(text) == shown


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[DT:11/29/2026 17:40:02.0000000]", MomentKind.LOCAL),
        ("[D:01/01/0001 00:00:00.0000000]", MomentKind.NEVER),
        ("2026-11-29T17:39:02Z", MomentKind.INSTANT),
        ("11/29/2026 5:38 PM", MomentKind.UNREADABLE),
        ("[I:7]", MomentKind.UNREADABLE),
    ],
)
def test_a_time_is_read_in_either_form(text: str, kind: MomentKind) -> None:
    assert Moment.read(plain_time(text)).kind is kind


def test_the_year_1760_is_never() -> None:
    assert Moment.read("1760-01-01T00:00:00Z").kind is MomentKind.NEVER
