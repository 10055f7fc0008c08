"""The Online tenant as facts and as a remark; on site there is none, and nothing is said."""

from tui.domain.tenant import Tenant, remark
from tui.domain.text import one_line
from tui.ui.widgets.facts import Fact


def facts(tenant: Tenant | None) -> tuple[Fact, ...]:
    """Who it is, its state, where it lives, and as of when."""
    if tenant is None:
        return ()
    parts = (tenant.id, tenant.word, _host(tenant.root), tenant.seen)
    return (("Tenant", one_line(" · ".join(part for part in parts if part))),)


def note(tenant: Tenant | None) -> tuple[str, str]:
    """What to know while the tenant serves, and the tone in which it is said."""
    text = one_line(remark(tenant))
    return text, "warning" if text else ""


def _host(root: str) -> str:
    return root.partition("://")[2].partition("/")[0]
