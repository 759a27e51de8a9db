"""Messages as JSON lines in files, one a day: what would have gone out, for the demo and for tests.

A message is in the file once: at a second try its reference is looked for first, under the lock
under which lines are written. A line that a killed process left half written is taken away.
"""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import orjson
from django.conf import settings
from django.utils import timezone

from backend.messaging.channels.message import Outgoing


class FileSender:
    """Appends to OUTBOX_DIR/<day on which the message was made>.jsonl."""

    def carries(self, template: str) -> bool:
        """Any kind."""
        return True

    def send(self, message: Outgoing) -> str:
        """Appends one line, unless the message is there already; answers its reference."""
        folder = Path(settings.OUTBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        day = timezone.localdate(message.made_at)
        line = orjson.dumps(
            {
                "reference": message.reference,
                "channel": message.channel,
                "to": message.to,
                "template": message.template,
                "title": message.title,
                "body": message.body,
                "values": dict(message.values),
            }
        )
        opened = os.open(folder / f"{day:%Y-%m-%d}.jsonl", os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(opened, "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _drop_half_a_line(file)
            if not (message.again and _has(file, message.reference)):
                file.seek(0, os.SEEK_END)
                file.write(line + b"\n")
                os.fsync(file.fileno())
        return message.reference


def forget_lines(values: Sequence[str]) -> int:
    """Takes out the lines that name any of the values; answers how many. May run again."""
    wanted = [value.encode() for value in values]
    dropped = 0
    for path in sorted(Path(settings.OUTBOX_DIR).glob("*.jsonl")):
        with path.open("r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            lines = file.readlines()
            kept = [line for line in lines if not any(value in line for value in wanted)]
            if len(kept) < len(lines):
                # Over the old ones, then cut: what was there is nowhere on the disk's page.
                file.seek(0)
                file.write(b"".join(kept).ljust(sum(map(len, lines))))
                os.fsync(file.fileno())
                file.truncate(sum(map(len, kept)))
                dropped += len(lines) - len(kept)
    return dropped


def _has(file: IO[bytes], reference: str) -> bool:
    start = b'{"reference":"' + reference.encode() + b'"'
    file.seek(0)
    return any(line.startswith(start) for line in file)


def _drop_half_a_line(file: IO[bytes]) -> None:
    end = file.seek(0, os.SEEK_END)
    whole = end
    while whole > 0:
        file.seek(whole - 1)
        if file.read(1) == b"\n":
            break
        whole -= 1
    if whole < end:
        file.truncate(whole)
