"""What may happen to any file: cut, flipped, overwritten, filled."""

from random import Random


def cut_off(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content))]


def beginning_lost(content: bytes, chance: Random) -> bytes:
    return content[chance.randrange(1, len(content)) :]


def bytes_flipped(content: bytes, chance: Random) -> bytes:
    flipped = bytearray(content)
    for _ in range(chance.choice((1, 2, 8, 64))):
        flipped[chance.randrange(len(flipped))] ^= chance.randrange(1, 256)
    return bytes(flipped)


def bytes_flipped_in_the_head(content: bytes, chance: Random) -> bytes:
    flipped = bytearray(content)
    for _ in range(chance.choice((1, 4, 16))):
        flipped[chance.randrange(min(len(flipped), 600))] ^= chance.randrange(1, 256)
    return bytes(flipped)


def a_run_of_zeros(content: bytes, chance: Random) -> bytes:
    at, length = chance.randrange(len(content)), chance.choice((4, 64, 512, 2048))
    return content[:at] + bytes(length) + content[at + length :]


def a_run_doubled(content: bytes, chance: Random) -> bytes:
    at, length = chance.randrange(len(content)), chance.choice((1, 16, 512, 2048))
    return content[: at + length] + content[at:]


def a_run_lost(content: bytes, chance: Random) -> bytes:
    at, length = chance.randrange(len(content)), chance.choice((1, 16, 512))
    return content[:at] + content[at + length :]


def noise_at_the_end(content: bytes, chance: Random) -> bytes:
    return content + chance.randbytes(chance.choice((1, 100, 70_000)))


def noise_in_front(content: bytes, chance: Random) -> bytes:
    return chance.randbytes(chance.choice((1, 16, 4096))) + content


def large_numbers(content: bytes, chance: Random) -> bytes:
    """Some fields of four bytes become the largest numbers that they can hold."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 9))):
        at = chance.randrange(max(len(changed) - 4, 1))
        changed[at : at + 4] = chance.choice(
            (b"\xff\xff\xff\x7f", b"\xff" * 4, b"\xfe\xff\xff\xff")
        )
    return bytes(changed)


WAYS = (
    cut_off,
    bytes_flipped,
    a_run_of_zeros,
    beginning_lost,
    bytes_flipped_in_the_head,
    a_run_doubled,
    noise_at_the_end,
    large_numbers,
    a_run_lost,
    noise_in_front,
)
