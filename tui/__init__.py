"""syncdeck: a terminal console for ERP synchronisation."""

__version__ = "0.1.0"
