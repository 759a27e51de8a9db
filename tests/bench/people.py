"""The residents that the benchmark's roster knows."""

from collections.abc import Iterator

from fixtures.people import invented_name

KNOWN = 50_000


def known_people() -> Iterator[tuple[str, str]]:
    """Name and phone of each."""
    for number in range(KNOWN):
        yield invented_name(number)[0], f"139{number:08d}"
