"""Dice that fall the same way for the same question, in every process."""

from hashlib import blake2b


def number(seed: int, *parts: str) -> int:
    """A number from 0 to 2**32 - 1 that the seed and the parts decide."""
    told = "\x1f".join((str(seed), *parts)).encode()
    return int.from_bytes(blake2b(told, digest_size=4).digest(), "big")
