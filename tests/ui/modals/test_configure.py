"""Configure a sync: only what was changed is sent, once, and nothing typed is lost."""

from pathlib import Path

from tests.drivers.command import trail
from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator


async def opened(deck: Console, channel: str) -> Console:
    await deck.workers.focus(channel)
    await deck.press("e")
    await deck.opens("Configure")
    return deck


async def test_interval_switch_and_number_go_in_one_request_with_the_changes_alone(
    erp: RunningSimulator, private_places: Path
) -> None:
    async with console(erp) as deck:
        await opened(deck, "Temu DE")
        assert deck.form.labels() == [
            "Interval",
            "Account",
            "Create orders immediately",
            "Stock reserve",
        ]
        assert deck.form.focused == "Interval"
        await deck.form.fill("Interval", "10m")
        await deck.form.toggle("Create orders")
        await deck.form.fill("Stock reserve", "7")
        await deck.form.review()
        await deck.opens("Configure sync · Temu · Temu DE")
        said = await deck.read()
        assert "Interval 5m → 10m" in said
        assert "true → false" in said
        assert "Stock reserve 2 → 7" in said
        assert "shared by all Temu syncs" in said
        assert "does not shorten a pause" in said
        assert "Profile sim · development" in said
        assert "Authorization: Bearer •••" in said
        assert '"Interval": "00:10:00"' in said
        assert [token for token in erp.world.jtl.tokens if token in said] == []
        assert erp.client_secret not in said
        assert "a apply" in deck.keys_offered()
        assert deck.sent() == []
        await deck.press("a")
        await deck.opens("")
        (sent,) = deck.sent()
        assert (sent["method"], sent["path"].split("/")[-1]) == ("POST", erp.worker_id("Temu DE"))
        values = {item["Value"] for item in sent["body"]["Configs"]}
        assert sent["body"].keys() == {"Interval", "Configs"}
        assert (sent["body"]["Interval"], values) == ("00:10:00", {"false", "7"})
        assert deck.said("notice") == "Configure sync · Temu · Temu DE: applied"
        await deck.until(lambda: "10m" in deck.cursor_row(), "new interval in the row")
        assert "Temu DE" in deck.cursor_row()
    attempt, outcome = trail(private_places)
    assert (attempt["record"], outcome["record"]) == ("attempt", "outcome")
    assert "00:10:00" in str(attempt)
    assert erp.client_secret not in f"{attempt}{outcome}"


async def test_what_was_wrong_is_no_longer_said_once_it_is_corrected(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await opened(deck, "Temu DE")
        await deck.form.fill("Interval", "x" * 500)
        await deck.form.review()
        await deck.sees(
            "1 field invalid. Fix the marked fields to continue", f"'{'x' * 59}…' is not an interval"
        )
        await deck.form.fill("Interval", "10m")
        await deck.loses("Fix the marked fields")
        await deck.loses("is not an interval")


async def test_an_unchanged_form_sends_nothing(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await opened(deck, "Temu DE")
        await deck.form.review()
        await deck.sees("no changes, so there is nothing to send")
        await deck.form.fill("Interval", "5m")
        await deck.form.review()
        await deck.sees("no changes, so there is nothing to send")
        await deck.form.fill("Interval", "")
        await deck.form.review()
        await deck.sees("no changes, so there is nothing to send")
        assert deck.sent() == []


async def test_bare_numbers_and_minutes_with_a_colon_are_refused_with_both_readings(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await opened(deck, "Temu DE")
        await deck.form.fill("Stock reserve", "9")
        await deck.form.fill("Interval", "5")
        await deck.form.review()
        assert deck.form.error_at("Interval") == "5 is ambiguous: write 5s, 5m or 5h"
        assert deck.form.focused == "Interval"
        await deck.form.fill("Interval", "05:00")
        await deck.form.review()
        assert "05:00:00 for hours and minutes" in deck.form.error_at("Interval")
        assert "00:05:00 for minutes and seconds" in deck.form.error_at("Interval")
        await deck.sees("05:00 is ambiguous")
        assert deck.form.text_of("Interval") == "05:00"
        assert deck.form.text_of("Stock reserve") == "9"
        assert deck.heading() == "Configure Temu · Temu DE"
        assert deck.sent() == []


async def test_a_number_field_takes_numbers_only_and_a_required_field_is_not_emptied(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await opened(deck, "Temu DE")
        await deck.form.fill("Account", "")
        await deck.form.fill("Stock reserve", "many")
        await deck.form.review()
        assert deck.form.error_at("Account") == "Account is required"
        assert "not a whole number" in deck.form.error_at("Stock reserve")
        assert deck.form.focused == "Account"
        await deck.sees("2 fields invalid. Fix the marked fields to continue")
        assert deck.sent() == []


async def test_the_configure_key_on_a_form_is_a_letter_and_leaving_keeps_it_as_a_draft(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await opened(deck, "Temu DE")
        await deck.press("e")
        assert deck.form.text_of("Interval") == "00:05:00e"
        await deck.press("f10")
        await deck.opens("")
        await deck.sees("draft saved: Configure Temu · Temu DE; e opens it again")
        assert deck.sent() == []


async def test_an_untouched_form_is_left_without_a_question(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        for key in ("f10", "escape"):
            await opened(deck, "Temu DE")
            await deck.press(key)
            await deck.opens("")
            assert "Temu DE" in deck.cursor_row()


async def test_leaving_the_review_leads_back_to_the_draft(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await opened(deck, "Temu DE")
        await deck.form.fill("Interval", "10m")
        for key in ("escape", "q", "enter"):
            await deck.form.review()
            await deck.opens("Configure sync")
            await deck.press(key)
            await deck.opens("Configure Temu")
            assert deck.form.text_of("Interval") == "10m"
        assert deck.sent() == []


async def test_what_the_server_refuses_stands_at_its_field_and_the_draft_stays(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await opened(deck, "Temu DE")
        await deck.form.fill("Interval", "10s")
        await deck.form.toggle("Create orders")
        await deck.form.review()
        await deck.press("a")
        await deck.opens("Configure Temu")
        await deck.until(lambda: bool(deck.form.error_at("Interval")), "error at the field")
        assert deck.form.error_at("Interval") == "The minimum interval of Temu is 00:05:00."
        assert deck.form.focused == "Interval"
        assert deck.form.text_of("Interval") == "10s"
        assert deck.form.text_of("Create orders") == "false"
        await deck.form.fill("Interval", "10m")
        await deck.form.review()
        await deck.press("a")
        await deck.opens("")
        assert [entry["status"] for entry in deck.sent()] == [400, 200]


async def test_a_server_that_fails_leaves_the_review_with_the_reason(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        erp.fault("POST .*/workers/=forbidden")
        await opened(deck, "Temu DE")
        await deck.form.fill("Interval", "10m")
        await deck.form.review()
        await deck.press("a")
        await deck.sees("system.worker.write")
        assert len(deck.sent()) == 1
        await deck.press("a")
        assert len(deck.sent()) == 1
        await deck.press("escape")
        await deck.opens("Configure Temu")
        assert deck.form.text_of("Interval") == "10m"


async def test_a_type_that_nobody_knows_is_edited_as_text_and_named(erp: RunningSimulator) -> None:
    async with console(erp, size=(80, 40)) as deck:
        await opened(deck, "Hauptshop")
        await deck.sees("type Wawi.Zeitfenster: sent as text", "Runs only within this window.")
        await deck.form.fill("Time window", "06:00-22:00")
        await deck.form.review()
        await deck.press("a")
        await deck.opens("")
        (sent,) = deck.sent()
        assert [item["Value"] for item in sent["body"]["Configs"]] == ["06:00-22:00"]


async def test_a_line_break_in_a_value_is_shown_as_a_sign_and_sent_back_as_it_was(
    erp: RunningSimulator,
) -> None:
    account = next(o for o in erp.world.jtl.kinds["Temu"].options if o.name == "Account")
    account.value = "first\nsecond"
    async with console(erp) as deck:
        await opened(deck, "Temu DE")
        await deck.sees("first␊second")
        await deck.form.review()
        await deck.sees("no changes")
        await deck.form.go_to("Account")
        await deck.press("end")
        await deck.type("!")
        await deck.form.review()
        await deck.opens("Configure sync")
        await deck.press("a")
        await deck.opens("")
        (sent,) = deck.sent()
        assert [item["Value"] for item in sent["body"]["Configs"]] == ["first\nsecond!"]
