# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a web process keeps of twenty seconds of use; ten minutes of it are tried by `make nightly`."""

from bench.http import Visitor
from bench.server import Running
from bench.table import Row
from plein.operate.places import APP
from plein.tests.trials import visitor as trial
from plein.tests.trials.soak import Soak

SECONDS = 20
PAGES = ("/", "/people/", "/organizations/", "/search/?q=jansen", "/history/", "/todos/", "/settings/profile/")


def soaked(running: Running, visitor: Visitor, command: str) -> list[Row]:
    """Memory, open files and connections while somebody goes from page to page."""
    with running.connect() as admin:

        def connections() -> int:
            found = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = %s", [APP]).fetchone()
            return int(found[0]) if found else 0

        soak = Soak(running.web, connections)
        reader = trial.Visitor(running.port, dict(visitor.cookies))
        soak.run(reader, PAGES, lambda number: None, SECONDS)
    words = f"Kept by the web server in {SECONDS} s of use"
    return [
        Row(f"{words}, memory", f"{soak.slope():.2f} MB per 1,000 requests", command),
        Row(f"{words}, more open files", f"{soak.growth(soak.files)}", command),
        Row(f"{words}, more connections", f"{soak.growth(soak.links)}", command),
    ]
