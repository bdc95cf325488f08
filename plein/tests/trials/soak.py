# SPDX-License-Identifier: AGPL-3.0-or-later
"""Uses a web process for a while and looks what stays behind: memory, open files, connections to the database."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from plein.tests.trials.visitor import Visitor

SAMPLES = 200
#: The first requests load what is loaded once: templates, translations, plans.
WARM = 0.25


@dataclass
class Soak:
    """What was seen, request by request."""

    pid: int
    connections: Callable[[], int]
    requests: int = 0
    statuses: set[int] = field(default_factory=set)
    memory: list[tuple[int, int]] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)

    def run(self, visitor: Visitor, pages: Sequence[str], write: Callable[[int], object], seconds: float) -> None:
        """Visit pages in turn, write now and then, and look at the process from time to time."""
        ends = time.monotonic() + seconds
        looks = ends - seconds
        while (now := time.monotonic()) < ends:
            self.statuses.add(visitor.get(pages[self.requests % len(pages)]).status)
            self.requests += 1
            if self.requests % 20 == 0:
                write(self.requests)
                self.requests += 1
            if now >= looks:
                looks += seconds / SAMPLES
                self.look()

    def look(self) -> None:
        """Measure once."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        kilobytes = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        self.memory.append((self.requests, kilobytes))
        self.files.append(len(list(Path(f"/proc/{self.pid}/fd").iterdir())))
        self.links.append(self.connections())

    def slope(self) -> float:
        """How many MB the memory grows per 1,000 requests, once warm."""
        warm = self.memory[int(len(self.memory) * WARM) :]
        middle_x = sum(x for x, _y in warm) / len(warm)
        middle_y = sum(y for _x, y in warm) / len(warm)
        spread = sum((x - middle_x) ** 2 for x, _y in warm)
        return sum((x - middle_x) * (y - middle_y) for x, y in warm) / spread * 1000 / 1024

    def growth(self, numbers: Sequence[int]) -> int:
        """How much higher something stands in the last quarter than in the second."""
        quarter = len(numbers) // 4
        return max(numbers[-quarter:]) - max(numbers[quarter : 2 * quarter])
