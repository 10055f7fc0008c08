"""Runbooks in `check`: what the team wrote stands below the problems that it speaks of."""

from tests.drivers.command import syncdeck
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.headless.monitoring.plugin_parser import parsed
from tui.simulator.jtl.world import FAILED

TEMU = """
[[runbook]]
when = "message:401 kind:Temu profile:sim"
text = "Renew the token | in the portal"
url = "https://wiki.example/temu"
call = "+49 30 1234"
[[runbook]]
when = "state:ok|running"
text = "never sent"
[[runbook]]
when = 'state:locked message:"account locked"'
call = "Jo"
"""
LINE = "team: Renew the token ¦ in the portal · https://wiki.example/temu · call +49 30 1234"


def with_runbooks(erp: RunningSimulator, text: str = TEMU) -> None:
    path = write_config(erp)
    path.write_text(path.read_text() + text)


def test_the_runbook_stands_below_its_problem_and_in_the_document(erp: RunningSimulator) -> None:
    with_runbooks(erp)
    done = syncdeck("check")
    assert parsed(done).problems[:4] == (
        "error: Temu · Temu DE: 401 from marketplace",
        LINE,
        "locked: Ebay · Outlet: unlock the account, then start it",
        "team: call Jo",
    )
    assert done.out.count("team:") == 2
    first, locked, *others = syncdeck("check", "--json").document["problems"]
    said = {
        "text": "Renew the token | in the portal",
        "url": "https://wiki.example/temu",
        "call": "+49 30 1234",
    }
    assert first["runbooks"] == [said]
    assert locked["runbooks"] == [{"text": None, "url": None, "call": "Jo"}]
    assert not any("runbooks" in one for one in others)


def test_many_problems_with_one_runbook_say_it_once_within_twenty_lines(private_places: object) -> None:
    with RunningSimulator(still=True, workers=60) as erp:
        with_runbooks(erp, '[[runbook]]\nwhen = "health:error"\ncall = "Jo"\n')
        for sync in erp.world.jtl.syncs.values():
            sync.phase.state = FAILED
        seen = parsed(syncdeck("check"))
    assert seen.problems[1] == "team: call Jo"
    assert len(seen.problems) == 20
    assert seen.problems[-1] == "and 42 more"
    assert sum(one.startswith("team:") for one in seen.problems) == 1


def test_a_config_with_a_wrong_entry_is_unknown_and_named(erp: RunningSimulator) -> None:
    with_runbooks(erp, '[[runbook]]\nwhen = "chanel:Temu"\ntext = "x"\n')
    seen = parsed(syncdeck("check"))
    assert seen.code == 3
    assert "[[runbook]] 1: when: 'chanel' is not a field" in seen.first
