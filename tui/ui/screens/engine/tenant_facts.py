"""The Online tenant as facts and as a note; on site there is none, and nothing is shown."""

from typing import TYPE_CHECKING

from tui.domain.superoffice.tenant import Tenant, remark
from tui.domain.text import one_line

if TYPE_CHECKING:
    from tui.ui.widgets.fact_list import Fact


def facts(tenant: Tenant | None) -> tuple["Fact", ...]:
    """Its name, state and host, and when these were read."""
    if tenant is None:
        return ()
    parts = (tenant.id, tenant.word, _host(tenant.root), tenant.seen)
    return (("Tenant", one_line(" · ".join(part for part in parts if part))),)


def note(tenant: Tenant | None) -> tuple[str, str]:
    """The note while the tenant is available, and its tone."""
    text = one_line(remark(tenant))
    return text, "warning" if text else ""


def _host(root: str) -> str:
    return root.partition("://")[2].partition("/")[0]
