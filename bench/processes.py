# SPDX-License-Identifier: AGPL-3.0-or-later
"""What processes cost, from /proc: processor time and memory of a process with all that came from it."""

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """One process and the memory it holds, in kilobytes; `own` counts shared pages by the share that is its own."""

    pid: int
    name: str
    resident: int
    own: int


def _stat(pid: int) -> tuple[int, float]:
    """The parent of a process, and its processor seconds with those of its children that ended."""
    fields = (PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[1]), sum(int(field) for field in fields[11:15]) / TICKS


def tree(root: int) -> list[int]:
    """A process and everything that descends from it."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                children.setdefault(_stat(int(entry.name))[0], []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def cpu_seconds(root: int) -> float:
    """Processor seconds of a process tree so far."""
    total = 0.0
    for pid in tree(root):
        with contextlib.suppress(OSError, IndexError):
            total += _stat(pid)[1]
    return total


def _name(pid: int) -> str:
    words = (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    line = " ".join(word for word in words if word)
    if "plein.cli.main" in words:
        return f"plein {words[words.index('plein.cli.main') + 1]}"
    for module in ("plein.operate.keeper", "plein.channels.connectors.mail.child"):
        if module in words:
            return module.rsplit(".", 1)[1]
    return "postgres" if words[0].endswith("/postgres") else line[:60]


def memory(root: int) -> list[Process]:
    """Every process of a tree with its memory."""
    found = []
    for pid in tree(root):
        with contextlib.suppress(OSError, IndexError):
            lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
            sizes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}
            found.append(Process(pid, _name(pid), sizes["Rss"], sizes["Pss"]))
    return found


def contention() -> float:
    """Wall time of a fixed piece of work over its processor time: 1.0 on a machine that does nothing else."""
    wall, own = time.perf_counter(), time.thread_time()
    total = 0
    for number in range(400_000):
        total += number * number
    return (time.perf_counter() - wall) / max(1e-9, time.thread_time() - own)
