"""What `doctor` makes of the facts it found: of the terminal, and of a TLS handshake."""
