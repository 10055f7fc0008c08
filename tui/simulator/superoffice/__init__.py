"""superoffice."""
