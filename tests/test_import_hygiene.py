"""What is *not* loaded: the command answers quickly because most of it stays on the disk."""

import subprocess
import sys
from collections.abc import Set
from functools import cache
from typing import Any

import pytest

from tui.paths import config_path

REPORT = """
import sys
{code}
print("\\n".join(name for name, module in sys.modules.items() if module))
"""


def loaded(code: str) -> Set[str]:
    """The top-level names, and our own modules, that `code` loads in a fresh interpreter."""
    return {name if name.startswith("tui") else name.partition(".")[0] for name in all_loaded(code)}


@cache
def all_loaded(code: str) -> Set[str]:
    """The same with every name whole."""
    done = subprocess.run(
        [sys.executable, "-c", REPORT.format(code=code)], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split("\n"))


def ran(*arguments: str) -> Set[str]:
    """What the command with these arguments loads; its output goes nowhere."""
    return loaded(
        "import contextlib, io, os\n"
        "from tui import __main__\n"
        f"sys.argv = ['syncdeck', *{arguments!r}]\n"
        "os._exit = sys.exit\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    __main__.main()\n"
    )


def write_config() -> None:
    """One profile, whose server is not there."""
    config_path().parent.mkdir(parents=True)
    config_path().write_text(
        '[profiles.a.superoffice]\nbase_url = "http://127.0.0.1/Cust1"\n'
        '[profiles.a.superoffice.auth]\ntype = "bearer"\ntoken = { env = "TOKEN" }\n'
    )


def test_the_version_is_answered_before_anything_is_loaded() -> None:
    modules = ran("--version")
    assert {name for name in modules if name.startswith("tui")} == {"tui", "tui.__main__"}
    assert modules & {"argparse", "pathlib", "dataclasses", "asyncio", "httpx", "textual"} == set()


@pytest.mark.parametrize("topic", [(), ("keys",), ("keyz",)])
def test_a_page_of_help_loads_no_front_end_and_no_http(topic: tuple[str, ...]) -> None:
    modules = ran("help", *topic)
    assert "tui.headless.help_topics" in modules
    assert modules & {"textual", "rich", "httpx", "pydantic", "asyncio", "tui.simulator.app"} == set()


def test_help_loads_no_front_end() -> None:
    assert (
        ran("--help") & {"textual", "rich", "httpx", "pydantic", "asyncio", "tui.simulator.app"} == set()
    )


@pytest.mark.parametrize("name", ["status", "workers", "engine"])
def test_a_one_shot_command_loads_no_textual(name: Any) -> None:
    modules = ran(name, "--demo", "--json")
    assert "httpx" in modules
    assert modules & {"textual", "rich"} == set()


@pytest.mark.parametrize("name", ["status", "engine"])
def test_metrics_are_loaded_by_nobody_else(name: str) -> None:
    assert "prometheus_client" not in ran(name, "--demo", "--json")


def test_metrics_load_no_textual_and_no_simulator_server() -> None:
    modules = ran("metrics", "--demo")
    assert "prometheus_client" in modules
    assert modules & {"textual", "rich", "uvicorn"} == set()


def test_a_file_for_a_monitoring_system_loads_next_to_nothing() -> None:
    modules = ran("share", "scrape.yml")
    assert modules & {"prometheus_client", "textual", "httpx", "pydantic", "asyncio"} == set()


def test_a_check_loads_no_textual() -> None:
    modules = ran("check", "--demo")
    assert "httpx" in modules
    assert modules & {"textual", "rich", "prometheus_client"} == set()


def test_a_check_from_history_loads_no_http() -> None:
    write_config()
    modules = ran("check", "--from-history")
    assert "tui.history.reader" in modules
    assert modules & {"textual", "rich", "httpx", "tui.simulator.app", "prometheus_client"} == set()


def test_nothing_is_signed_where_no_system_user_logs_in() -> None:
    assert "cryptography" not in ran("engine", "--demo", "--json")


@pytest.mark.parametrize("action", [(), ("verify",), ("--json",)])
def test_the_audit_trail_is_read_without_textual_and_without_http(action: Any) -> None:
    modules = ran("audit", *action, "--profile", "acme")
    assert modules & {"textual", "rich", "httpx", "pydantic", "tui.simulator.app"} == set()


def test_run_loads_no_textual() -> None:
    modules = ran("run", "worker.start", "Temu DE", "--dry-run", "--demo")
    assert "httpx" in modules
    assert modules & {"textual", "rich"} == set()


def test_doctor_loads_no_textual() -> None:
    modules = ran("doctor", "--demo", "--json")
    assert "httpx" in modules
    assert modules & {"textual", "rich"} == set()


def test_a_terminal_is_reset_without_anything_heavy() -> None:
    modules = loaded("import tui.cli.main, tui.headless.doctor.reset_terminal")
    assert modules & {"textual", "rich", "httpx", "pydantic", "tui.simulator.app", "asyncio"} == set()


def test_register_loads_no_textual_and_asks_before_it_loads_http() -> None:
    modules = ran("register", "--profile", "acme")
    assert "tui.headless.register.command" in modules
    assert modules & {"textual", "rich", "httpx", "pydantic", "tui.simulator.app"} == set()


def test_reading_a_config_for_the_first_frame_needs_the_standard_library_only() -> None:
    modules = loaded("import tui.config.file, tui.launch, tui.wiring, tui.cli.main")
    assert (
        modules & {"httpx", "pydantic", "textual", "rich", "tui.simulator.app", "platformdirs"} == set()
    )


def test_the_console_loads_neither_http_nor_pydantic_before_its_first_frame() -> None:
    modules = loaded("import tui.ui.app, tui.ui.run")
    assert "textual" in modules
    assert modules & {"httpx", "pydantic", "tui.simulator.app", "uvicorn"} == set()


def test_the_console_loads_no_other_command() -> None:
    modules = loaded("import tui.cli.main")
    assert [name for name in sorted(modules) if name.endswith("_commands")] == []


def test_the_first_sign_of_life_needs_next_to_nothing() -> None:
    modules = loaded("import tui.startup.first_frame")
    heavy = {
        "pathlib",
        "dataclasses",
        "typing",
        "json",
        "argparse",
        "asyncio",
        "tomllib",
        "platformdirs",
    }
    assert modules & {*heavy, "re", "textual", "rich", "httpx", "pydantic"} == set()
    assert {name for name in modules if name.startswith("tui")} == {
        *("tui", "tui.startup", "tui.startup.first_frame", "tui.startup.last_screen"),
        *("tui.startup.encoding", "tui.domain", "tui.domain.terminal"),
    }


LATER = (
    *("tui.ui.forms.", "tui.ui.modals.", "tui.ui.reading_time", "tui.ui.screens.marked_targets"),
    *("tui.ui.copying", "tui.ui.terminal.clipboard", "tui.session.selection"),
    *("tui.ops.execution.guard", "tui.ops.execution.bulk_run", "tui.ops.operations.base"),
    *("tui.ops.proposals.", "tui.ops.audit.", "tui.store.poller", "tui.store.store", "tui.api."),
    *("tui.config.model", "tui.core", "tui.domain.jtl.", "tui.domain.intervals", "tui.domain.result"),
    *("tui.domain.timestamps", "tui.domain.history", "tui.history", "tui.session.history_view"),
)
"""What the first frame needs nothing of: each of these was seen to delay it."""


def started() -> str:
    """The imports of a console until its first frame, as code."""
    first = "import tui.cli.main, tui.wiring, tui.ui.run; tui.ui.run.lean_imports.load()"
    return f"{first}; import tui.ui.app, tui.ui.terminal.driver, tui.ui.screens.workers.screen"


def test_the_first_frame_loads_neither_argparse_nor_tls_nor_widgets_that_are_never_shown() -> None:
    modules = all_loaded(started())
    widgets = {"_select", "_tree", "_directory_tree", "_placeholder", "_markdown", "_data_table"}
    widgets |= {"_input", "_option_list", "_button", "_loading_indicator"}
    assert "textual.widgets._static" in modules
    assert modules & {"argparse", "gettext", "ssl", "_ssl", "textual.types", "textual.command"} == set()
    assert modules & {f"textual.widgets.{name}" for name in widgets} == set()


def test_tls_and_every_type_of_textual_stay_importable_behind_the_first_frame() -> None:
    modules = loaded(
        f"{started()}; import ssl, textual.types; ssl.SSLContext; textual.types.NoSelection"
    )
    assert "ssl" in modules


def test_the_first_data_does_not_wait_for_a_search_for_plugins() -> None:
    modules = ran("workers", "--demo", "--json")
    assert "pydantic" in modules
    assert modules & {"zipfile", "statistics", "csv"} == set()


def test_neither_does_that_of_a_profile() -> None:
    write_config()
    modules = ran("run", "engine.start", "engine", "--dry-run")
    assert "tui.config.model" in modules
    assert modules & {"zipfile", "statistics", "csv"} == set()


ON_DEMAND = (
    *("tui.api.superoffice.connector_rows", "tui.api.superoffice.plugin_rows", "tui.domain.checks"),
    *(f"tui.domain.superoffice.{name}" for name in ("batch_tasks", "linked_records", "sync_log")),
    *("tui.domain.superoffice.plugin_response", "tui.domain.superoffice.tenant"),
    *(f"tui.domain.history.{name}" for name in ("grouping", "notable", "notes", "sentence")),
    *("tui.domain.history.throughout", "tui.domain.filters", "tui.ops.execution.response_outcome"),
    *("tui.ops.operations.base", "tui.ops.text_commands", "tui.ops.execution.state_watch"),
)
"""What neither the first data nor the rows of a list need."""


def test_the_first_data_loads_nothing_that_is_requested_on_demand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_config()
    monkeypatch.setenv("TOKEN", "t0p-secret")
    modules = loaded(
        "from tui import launch, paths, wiring\n"
        "from tui.config.file import read\n"
        "core = wiring.build_core(read(paths.config_path()), 'a', launch.RunOptions())\n"
        "core.service.superoffice, core.history\n"
        "import tui.api.jtl.client, tui.session.history_view, tui.ui.modals.history.aside\n"
        "import tui.ui.screens.workers.rows, tui.ui.screens.list_row\n"
        "tui.ui.screens.list_row.record((), (), {}, {})\n"
    )
    assert {"tui.store.poller", "tui.history.recorder", "tui.domain.filter_terms"} <= modules
    assert [name for name in sorted(modules) if name.startswith(ON_DEMAND)] == []


def test_the_first_frame_loads_nothing_that_it_does_not_show() -> None:
    modules = loaded(started())
    assert [name for name in sorted(modules) if name.startswith(LATER)] == []
    screens = {
        "tab_screen",
        "screen_frame",
        "tabs",
        "list_screen",
        "row_screen",
        "list_row",
        "row_cache",
        "marking",
        "trouble",
        "history_keys",
        "past_cells",
    }
    screens |= {"list_status", "workers", "workers.screen", "engine", "engine.header"}
    below = "tui.ui.screens."
    found = {name.removeprefix(below) for name in modules if name.startswith(below)}
    assert found <= screens
