"""A filter that cannot be read selects nothing: no row, no mark, no operation."""

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator

REFUSED = "the filter is invalid, so nothing is selected"


async def is_refused(deck: Console, *keys: str) -> None:
    """Each key says why it does nothing, opens nothing and marks nothing."""
    for key in keys:
        await deck.press(key)
        assert REFUSED in deck.said("notice"), key
        assert deck.heading() == ""
        assert "marked" not in deck.said("status")


async def test_d10_an_unknown_field_shows_no_rows_and_names_the_fields_in_full(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.press("slash")
        await deck.type("colour:")
        assert deck.rows() == []
        for size in ((60, 15), (80, 24)):
            await deck.resize(*size)
            await deck.sees(
                "'colour' is not a field. Fields: state, since, sync, channel, every, status_at, next,"
                " strip, message, id, health, status, age; quote the text to search for it"
            )
        await deck.press("enter")
        assert deck.rows() == []
        await is_refused(deck, "asterisk", "R", "s", "x", "e", "space", "enter", "y")
        await deck.press("escape")
        assert len(deck.rows()) > 0
        await deck.loses("is not a field")
        assert deck.sent() == []


async def test_d10_an_unfinished_last_term_keeps_the_rows_until_enter(erp: RunningSimulator) -> None:
    """Which terms are unfinished: `tests/domain/test_filters.py`."""
    async with console(erp) as deck:
        for text in ("age>", "(", "!"):
            await deck.press("slash")
            await deck.type(f"amazon {text}")
            assert (text, len(deck.rows())) == (text, 2)
            await deck.press("enter")
            assert deck.rows() == []
            await is_refused(deck, "asterisk", "R")
            await deck.press("slash")
            assert len(deck.rows()) == 2
            await deck.press("escape")
            assert len(deck.rows()) == 12
        assert deck.sent() == []


async def test_d10_nothing_is_done_to_the_rows_kept_while_a_term_is_unfinished(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.press("slash")
        await deck.type("age>")
        assert len(deck.rows()) == 12
        for word in ("restart", "mark all"):
            await deck.press("ctrl+p")
            await deck.opens("Palette")
            await deck.type(word)
            await deck.press("enter")
            await deck.opens("")
            assert REFUSED in deck.said("notice"), word
        assert "marked" not in deck.said("status")
        assert deck.sent() == []


async def test_d10_marks_set_before_are_safe_from_a_filter_that_cannot_be_read(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.press("space", "space")
        await deck.workers.filter("foo:bar")
        await deck.press("R")
        assert REFUSED in deck.said("notice")
        await deck.command("restart")
        await deck.sees(REFUSED)
        assert deck.heading() == ""
        await deck.press("escape", "escape")
        await deck.press("R")
        await deck.opens("2 syncs")
        assert deck.sent() == []


async def test_d10_health_is_a_field_and_what_is_ordered_can_be_compared(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        for text, count in {
            "health:error": 1,
            "health:error|locked": 2,
            "every>1h": 1,
            "every:5m every>5m": 0,
            "!every>1h": 11,
            "every:..1h": 11,
            "health:error|locked|warning": 3,
        }.items():
            await deck.workers.filter(text)
            assert (text, len(deck.rows())) == (text, count)
            assert "cannot" not in deck.text()
            await deck.press("escape")


async def test_d10_status_counts_what_never_ran_as_the_oldest(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.filter("status>24h")
        assert ["never" in row for row in deck.rows()] == [True]


async def test_d10_every_list_reads_its_own_fields_and_refuses_the_others(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        for page, good, bad in (
            (deck.extensions, "health:active changed>1m", "every>1h"),
            (deck.connections, "health:ok id:1..3", "every>1h"),
            (deck.activity, "health:applied time<1h", "every>1h"),
            (deck.log, "when<365d", "health:error"),
        ):
            if page is deck.activity:
                await deck.press("5")
            else:
                await page.show()
            await page.filter(good)
            assert "is not a field" not in deck.text()
            await deck.press("escape")
            await page.filter(bad)
            await deck.sees("is not a field. Fields: ")
            assert deck.rows() == []
            await is_refused(deck, "enter")
            await deck.press("escape")


async def test_d10_the_command_line_filters_as_the_filter_line_does(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.command('filter "temu de"')
        assert len(deck.rows()) == 1
        await deck.command("filter age>=0s every:5m")
        assert deck.said("status").startswith("5 of 12")
        await deck.command("filter age>")
        await deck.sees("age>: write a number and a unit")
        assert deck.rows() == []
        await is_refused(deck, "asterisk")


async def test_x8_a_row_is_found_however_its_letters_are_encoded(erp: RunningSimulator) -> None:
    erp.state(jtl={"workers": {"Hauptshop": {"text": "Mu\u0308ller\u00a0Stra\u00dfe \uff11\uff12"}}})
    async with console(erp) as deck:
        for text in ("m\u00fcller", '"MU\u0308LLER STRASSE"', '"stra\u00dfe\u00a012"'):
            await deck.press("slash")
            await deck.paste(text)
            assert [("Hauptshop" in row) for row in deck.rows()] == [True], text
            await deck.press("escape")
