"""A simulated ERP whose lists hold two rows with one identifier."""

from dataclasses import replace

from tests.drivers.simulator import RunningSimulator


def double(erp: RunningSimulator) -> None:
    """Give *Temu DE*, the first extension and connection 1 a second row with the same identifier."""
    jtl, so = erp.world.jtl, erp.world.so
    temu = jtl.syncs[erp.worker_id("Temu DE")]
    jtl.syncs["twin"] = replace(temu, channel="Temu twin")
    extension = next(iter(jtl.extensions.values()))
    jtl.extensions["twin"] = replace(extension, extension_id="twin.extension")
    so.connections[99] = replace(so.connections[1], name="Twin connection", active=False)
    jtl.trees.clear()
