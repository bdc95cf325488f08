# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ten minutes of use at night: the web process keeps neither memory, files nor connections.

PLEIN_SOAK_SECONDS makes it shorter or longer.
"""

import os
from pathlib import Path

import pytest

from plein.testing.figures import Note
from plein.tests.trials.own import OwnPlein
from plein.tests.trials.soak import Soak

pytestmark = [pytest.mark.slow, pytest.mark.nightly, pytest.mark.timeout(7_200)]
SECONDS = float(os.environ.get("PLEIN_SOAK_SECONDS", "600"))
PAGES = ("/", "/people/", "/organizations/", "/history/", "/todos/", "/import/", "/people/new/", "/settings/profile/",
         "/nothing-here/", "/healthz", "/bin/")  # fmt: skip
#: Now and then: whoever searches more than sixty times a minute is asked to wait.
SEARCHES = ("/search/?q=trial", "/search/?q=tirl", "/palette/?q=tr")


def test_a_web_process_keeps_nothing_of_what_it_did(tmp_path: Path, note: Note) -> None:
    with OwnPlein(tmp_path / "home") as plein:
        plein.add_user("alice@plein.example")
        web = plein.start("web")
        visitor = plein.visitor("alice@plein.example")
        made = visitor.post("/people/new/", name="Trial Soak", email="soak@firm.example")
        person = made.headers["location"]
        soak = Soak(web.pid, lambda: len(plein.backend_pids()))

        def write(number: int) -> None:
            if number % 100 == 0:
                soak.statuses.add(visitor.get(SEARCHES[number // 100 % len(SEARCHES)]).status)
            answer = visitor.post(f"{person}moments/new", kind="note", text=f"Trial {number} " + "tekst " * 200)
            soak.statuses.add(answer.status)

        soak.run(visitor, (*PAGES, person, f"{person}timeline"), write, SECONDS)
    megabytes = [kilobytes / 1024 for _requests, kilobytes in soak.memory]
    note(seconds=SECONDS, requests=soak.requests, megabytes_per_1000_requests=f"{soak.slope():.3f}")
    note(
        megabytes=f"{megabytes[0]:.0f} to {megabytes[-1]:.0f}", open_files=max(soak.files), connections=max(soak.links)
    )

    assert soak.statuses <= {200, 302, 404}
    assert soak.slope() < 1, "MB per 1,000 requests"
    assert soak.growth(soak.files) <= 2 and soak.growth(soak.links) <= 1
