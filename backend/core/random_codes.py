"""Codes that nobody chose: `imp-c41d09a2e7`."""

import secrets


def random_code(prefix: str, length: int = 10) -> str:
    """So many hexadecimal characters behind the prefix, the first of them a letter.

    Ten characters may all be digits, and with a 0 in front they read as a phone with its area code:
    what looks for personal values would stop such a record wherever its code is written.
    """
    return f"{prefix}-{secrets.choice('abcdef')}{secrets.token_hex(length)[: length - 1]}"
