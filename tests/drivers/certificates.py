"""Certificates for tests, made by the `openssl` command: good, expired, for another host."""

import subprocess
from pathlib import Path

import pytest


def certificate(folder: Path, host: str = "localhost", days: int = 30) -> Path:
    """A self-signed certificate with its key in one PEM file; `days` below 0: it has expired."""
    key, request, made = folder / "key.pem", folder / "request.pem", folder / "made.pem"
    subject = ("-subj", f"/O=Acme/CN={host}", "-addext", f"subjectAltName=DNS:{host}")
    new = ("-newkey", "rsa:2048", "-nodes", "-keyout", key)
    _openssl("req", "-new", *new, *subject, "-out", request)
    signed = ("-req", "-in", request, "-signkey", key, "-copy_extensions", "copy")
    _openssl("x509", *signed, "-days", days, "-out", made)
    both = folder / f"{host}{days}.pem"
    both.write_bytes(key.read_bytes() + made.read_bytes())
    return both


def _openssl(*arguments: object) -> None:
    try:
        done = subprocess.run(["openssl", *map(str, arguments)], check=False, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no openssl here")
    if done.returncode:
        pytest.skip(f"openssl cannot make such a certificate here: {done.stderr.decode()}")
