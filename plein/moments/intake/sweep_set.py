# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings in one store for the sweep and prints, as JSON, what is in the database then; started by sweep.py."""

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from plein.channels.actions import Wishes, plan_import, start_import  # noqa: E402
from plein.channels.models import MailImport  # noqa: E402
from plein.core.isolation import no_workspace  # noqa: E402
from plein.moments.intake.rows import fetch  # noqa: E402
from plein.moments.intake.runner import Runner  # noqa: E402
from plein.moments.intake.shelf import roles_of  # noqa: E402
from plein.moments.intake.sweep_figures import figures, role_figures  # noqa: E402
from plein.trust.actions import give_seat, make_user, make_workspace  # noqa: E402
from plein.trust.models import Role  # noqa: E402
from plein.trust.seats import entered  # noqa: E402


def bring_in(store: Path, roles: Path | None) -> dict[str, Any]:
    """Bring in a store, everybody in it, and count."""
    workspace = make_workspace(name=store.name)
    user = make_user(email=f"sweep{workspace.id}@localhost.localdomain", name="Sweep")
    give_seat(workspace=workspace.id, user=user, role=Role.OWNER)
    started = time.perf_counter()
    with entered(user) as actor:
        planned = plan_import(actor=actor, path=store, roles=roles, in_background=False)
    runner = Runner(user, workspace.id, planned.id, door="sweep")
    runner.scan()
    with entered(user) as actor:
        planned = MailImport.objects.get(id=planned.id)
        wishes = Wishes("everyone", tuple(planned.ours))
        start_import(actor=actor, mail_import=planned, wishes=wishes, in_background=False)
    runner.run()
    seconds, cpu = time.perf_counter() - started, _cpu_seconds()
    with entered(user):
        done = MailImport.objects.get(id=planned.id)
        found = figures(done.counts)
        if roles:
            listed = roles_of(str(roles), tuple(done.ours))
            titled = [address for address, role in listed.items() if role.title]
            found |= role_figures({address: role.name for address, role in listed.items()}, titled)
    usage = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    result = {**done.counts, "seconds": seconds, "cpu": cpu}
    return {"result": result, "found": found, "memory_mb": sum(usage) // 1024}


def _cpu_seconds() -> float:
    """The processor's time of this process, of those that read the mail, and of its own process in the database."""
    own = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    with no_workspace("sweep"):
        backend = fetch("SELECT pg_backend_pid()", [])[0][0]
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bring_in(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)))
