"""Maintenance: the journal on disk, planning, and the stops and starts themselves."""
