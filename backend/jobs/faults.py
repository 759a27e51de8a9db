"""What may be said of an error: what it is and where, never its text."""

import traceback
from pathlib import Path

_ROOT = str(Path(__file__).resolve().parents[2])


def what_and_where(error: BaseException) -> str:
    """The error's type and the last place in our own code that it passed."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if f.filename.startswith(_ROOT) and "site-packages" not in f.filename]
    last = (ours or list(frames))[-1:]
    place = f" at {Path(last[0].filename).name}:{last[0].lineno} {last[0].name}" if last else ""
    return f"{type(error).__qualname__}{place}"
