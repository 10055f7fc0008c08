"""Checks for `doctor` below a system's calls: hosts, certificates, secrets."""
