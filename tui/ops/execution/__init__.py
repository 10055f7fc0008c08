"""Sends confirmed proposals and reports their results."""
