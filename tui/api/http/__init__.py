"""Sending requests and decoding responses, the same for both systems."""
