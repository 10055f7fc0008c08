"""Writes as they are reviewed before they are sent."""
