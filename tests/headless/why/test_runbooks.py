"""What the team wrote, in `syncdeck why`."""

from tests.drivers.command import Run
from tests.drivers.simulator import RunningSimulator
from tui.paths import config_path


def test_the_command_of_a_step_names_the_profile(erp: RunningSimulator, ran: Run) -> None:
    """It is pasted where another profile may be the default one."""
    assert "syncdeck run worker.restart 'Temu DE' --profile sim" in " ".join(
        ran("why", "Temu DE").out.split()
    )


def test_what_the_team_wrote_stands_below_ours(erp: RunningSimulator, ran: Run) -> None:
    path = config_path()
    entry = '[[runbook]]\nwhen = "message:401 kind:Temu"\ntext = "Renew it"\ncall = "Jo"\n'
    path.write_text(path.read_text() + entry)
    said = ran("why", "Temu DE").out
    assert said.endswith("\nFrom your team:\n   → Renew it · call Jo\n")
    assert "team" not in ran("why", "Outlet").out
