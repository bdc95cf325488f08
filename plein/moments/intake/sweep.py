# SPDX-License-Identifier: AGPL-3.0-or-later
"""Imports real mail into a scratch database and compares what is in it then with figures that other programs counted.

``python -m plein.moments.intake.sweep FOLDER``: the folder holds ``expected.json`` and the stores of mail. Every store
is brought in by a process of its own, into a workspace of its own. Fails when a difference has no explanation.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plein.channels.connectors.mail.sweep_explained import EXPLAINED
from plein.operate.cluster import cluster_of
from plein.operate.places import places

_DEMO = "enron-demo/enron-2001-08_12.mbox.xz"
_BIG = "enron-12-mailboxes.tar.xz"
_ROLES = "enron-demo/people_roles.csv"
STORES = (
    _DEMO,
    _BIG,
    "spamassassin-easy_ham.tar.xz",
    "spamassassin-hard_ham.tar.xz",
    "spamassassin-spam.tar.xz",
    "numpy-discussion-2001-November.mbox",
    "3GPP_TSG_SA_WG4_EVS.mbox",
    "mime-mikel-mail.tar.gz",
    "mime-mimekit.tar.gz",
    "mime-cpython.tar.gz",
    "mime-stalwart.tar.gz",
    "bounces-sisimai.tar.gz",
    "imip/single-event.eml",
)
COUNTS = ("messages", "imported", "duplicates", "unreadable", "threads", "people", "organizations")
_MERGED = "A copy that names fewer recipients than another one counts with all of them: the moment keeps everybody."
_SEVERAL = "A message from several people counts for each of them; the count takes only the first."
_LATER: dict[tuple[str, str], tuple[object, str]] = {
    (_BIG, "tie_messages_total"): (283034, _MERGED),
    ("spamassassin-spam.tar.xz", "distinct_addresses_from_to_cc_bcc"): (1332, _SEVERAL),
    ("spamassassin-spam.tar.xz", "distinct_senders"): (439, _SEVERAL),
}


@dataclass
class Outcome:
    """What came of one store."""

    name: str
    result: dict[str, Any]
    found: dict[str, Any]
    memory_mb: int
    compared: int = 0
    differences: list[tuple[str, object, object, str]] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Messages per second, as the clock on the wall has it."""
        return float(self.result.get("messages", 0) / max(self.result.get("seconds", 0.0), 0.001))

    @property
    def cpu_rate(self) -> float:
        """Messages per second of processor time, of all processes together: what a noisy machine leaves alone."""
        return float(self.result.get("messages", 0) / max(self.result.get("cpu", 0.0), 0.001))


def main() -> int:
    """Bring in every store, compare, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", default=[], help="part of the name of a store")
    arguments = parser.parse_args()
    expected = json.loads((arguments.folder / "expected.json").read_text())
    wanted = [name for name in STORES if not arguments.only or any(part in name for part in arguments.only)]
    with tempfile.TemporaryDirectory(prefix="plein-sweep-") as home, ExitStack() as stack:
        os.environ |= {"PLEIN_HOME": home, "PLEIN_DEMO": "0", "DJANGO_SETTINGS_MODULE": "plein.settings"}
        subprocess.run([sys.executable, "-m", "plein.cli.main", "database", "migrate"], check=True)
        stack.enter_context(cluster_of(places()).in_use())
        outcomes = [_sweep(arguments.folder, name, expected.get(name, {})) for name in wanted]
    unexplained = list(_report(outcomes))
    return 1 if unexplained else 0


def _sweep(folder: Path, name: str, expected: dict[str, Any]) -> Outcome:
    # A process of its own, so that time and memory are those of this store.
    words = [sys.executable, "-m", "plein.moments.intake.sweep_set", str(folder / name)]
    if name in (_DEMO, _BIG):
        words.append(str(folder / _ROLES))
    done = subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True)
    outcome = Outcome(name, **json.loads(done.stdout))
    found = outcome.found
    prefix, figures = ("all/", expected["all"]) if "all" in expected else ("", expected)
    for figure, right in figures.items():
        if figure not in found:
            continue
        outcome.compared += 1
        if figure == "top_20_undirected_ties":
            # Equal ones may stand in any order.
            right = sorted(right, key=lambda tie: (-tie[2], tie[0], tie[1]))
        if found[figure] != right:
            known = _LATER.get((name, figure)) or EXPLAINED.get((name, prefix + figure))
            why = known[1] if known and known[0] == found[figure] else ""
            outcome.differences.append((figure, right, found[figure], why))
    return outcome


def _report(outcomes: list[Outcome]) -> Iterator[tuple[str, str]]:
    line = "{:40} {:>8} {:>8} {:>7} {:>6} {:>7} {:>6} {:>6} {:>6} {:>7} {:>5} {:>6}\n"
    heads = (
        "store",
        "messages",
        "new",
        "copies",
        "unread",
        "threads",
        "people",
        "orgs",
        "msg/s",
        "/cpu s",
        "MB",
        "same",
    )
    sys.stdout.write(line.format(*heads))
    for one in outcomes:
        numbers = (one.result.get(key, 0) for key in COUNTS)
        same = f"{one.compared - len(one.differences)}/{one.compared}"
        sys.stdout.write(line.format(one.name, *numbers, f"{one.rate:.0f}", f"{one.cpu_rate:.0f}", one.memory_mb, same))
    for one in outcomes:
        for figure, right, found, why in one.differences:
            sys.stdout.write(f"{one.name}: {figure}: expected {right}, found {found}: {why or 'NOT EXPLAINED'}\n")
            if not why:
                yield one.name, figure


if __name__ == "__main__":
    sys.exit(main())
