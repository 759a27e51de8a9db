"""The child that opens one attachment: run as a script, within limits, for one file.

Decoding what strangers upload can take all memory, or crash in a decoder. So it happens here, in a
process that knows neither Django nor the database, and whose end hurts nobody. It writes what is to
be stored into a folder and says on standard output, as JSON, what it is; never a sentence.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

if not __package__:
    # A script by path has no package. Its neighbours are found as `files`, last on the path, so
    # that nothing of the package above, which could bring Django along, is ever imported.
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    __package__ = "files"

from .formats.images import read_image
from .formats.kinds import kind_of
from .formats.pdf import read_pdf
from .formats.refusal import Refusal

# The parent's clock ends a child that waits; this ends one whose parent is gone.
CPU_SECONDS = 30
OUT_OF_MEMORY_STATUS = 3


def limit_resources(memory_bytes: int, cpu_seconds: int) -> None:
    """Lowers the limits of this process: address space above the present one, and time."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    statm = Path("/proc/self/statm")
    if statm.exists():
        limit = int(statm.read_text().split()[0]) * resource.getpagesize() + memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def examine(path: Path, folder: Path, max_pixels: int) -> dict[str, Any]:
    """What the file is; what is to be stored of it stands in `folder` afterwards.

    Raises: Refusal.
    """
    if kind_of(path) == "pdf":
        return read_pdf(path, folder)
    return read_image(path, folder, max_pixels)


def main() -> int:
    """Does what the one argument, a JSON object, asks for; the exit status."""
    request = json.loads(sys.argv[1])
    out = os.fdopen(os.dup(1), "w")
    # Whatever a library prints must not get between.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    limit_resources(request["memory_bytes"], CPU_SECONDS)
    try:
        said = examine(Path(request["path"]), Path(request["folder"]), request["max_pixels"])
    except Refusal as refusal:
        said = {"refused": refusal.code}
    except MemoryError:
        return OUT_OF_MEMORY_STATUS
    except Exception as error:
        # The kind of error only: its text may quote the file.
        said = {"refused": "attachment_broken", "why": type(error).__name__}
    out.write(json.dumps(said))
    out.flush()
    return 0


if __name__ == "__main__":
    status = 1
    try:
        status = main()
    except MemoryError:
        # Not even enough left to say so.
        status = OUT_OF_MEMORY_STATUS
    finally:
        os._exit(status)
