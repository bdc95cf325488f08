# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of the pages of a PDF, drawn by a process of its own within limits it cannot pass.

A PDF is a program that strangers wrote. What draws it may use so much memory and so many seconds, has nothing of ours
but the path of one file, and gives back a picture.
"""

import io
import json
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

MOST_PAGES = 30
WIDTH = 1100
SECONDS, MEMORY, LARGEST = 10, 1 << 30, 200 << 20
#: A page that is very tall for its width would make a picture of any size.
TALLEST = 4


class NotDrawn(Exception):
    """A PDF that cannot be drawn: damaged, locked, or too much work."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of a page as PNG, and how many pages there are."""

    png: bytes
    pages: int


def draw(path: Path, page: int) -> Drawing:
    """The picture of a page, the first being 1; raises NotDrawn."""
    if path.stat().st_size > LARGEST:
        raise NotDrawn
    try:
        done = subprocess.run(
            [sys.executable, "-m", "plein.core.pdf_pages", str(path), str(page)],
            capture_output=True,
            check=False,
            timeout=SECONDS * 2,
            stdin=subprocess.DEVNULL,
            env={"PYTHONPATH": ":".join(part for part in sys.path if part)},
        )
    except subprocess.TimeoutExpired as late:
        raise NotDrawn from late
    head, _newline, png = done.stdout.partition(b"\n")
    if done.returncode != 0 or not png:
        raise NotDrawn
    return Drawing(png, int(json.loads(head)["pages"]))


def main() -> int:
    """Draw one page onto standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    try:
        document = pypdfium2.PdfDocument(sys.argv[1])
        number = int(sys.argv[2])
        pages = len(document)
        if not 1 <= number <= pages:
            return 1
        page = document[number - 1]
        width, height = page.get_size()
        if height > width * TALLEST:
            return 1
        picture = page.render(scale=WIDTH / width).to_pil()
    except (pypdfium2.PdfiumError, ValueError, ZeroDivisionError, MemoryError):
        return 1
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=False)
    sys.stdout.buffer.write(json.dumps({"pages": pages}).encode() + b"\n" + target.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
