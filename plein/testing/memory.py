# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much memory a process held, for tests of what must not grow."""

import re
from pathlib import Path

#: Not `ru_maxrss`: that begins with what the process held that began this one.
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


def most_memory() -> int:
    """The most memory that this process ever held, in KiB."""
    found = _PEAK.search(Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1])
