# SPDX-License-Identifier: AGPL-3.0-or-later
"""Programs of others synchronise with a running Plein: what they send comes back as it was, every night."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bench.dav import card, event, properties
from plein.dav.tests.phone import phone_of
from plein.testing.cast import Cast

HOW_MANY = 1000
CONFIG = """
[general]
status_path = "{home}/status-{name}/"
[pair contacts]
a = "contacts_here"
b = "contacts_there"
collections = [["p", "people", "people"]]
[storage contacts_here]
type = "filesystem"
path = "{home}/{name}/"
fileext = ".vcf"
[storage contacts_there]
type = "carddav"
url = "{server}/dav/"
username = "{email}"
password = "{secret}"
[pair events]
a = "events_here"
b = "events_there"
collections = [["a", "agenda", "agenda"]]
[storage events_here]
type = "filesystem"
path = "{home}/{name}/"
fileext = ".ics"
[storage events_there]
type = "caldav"
url = "{server}/dav/"
username = "{email}"
password = "{secret}"
item_types = ["VEVENT"]
"""


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_vdirsyncer_takes_a_thousand_of_each_there_and_back(cast: Cast, server: str, tmp_path: Path) -> None:
    program = shutil.which("vdirsyncer")
    if program is None:
        pytest.skip("vdirsyncer is not installed")
    phone = phone_of(cast.bob)
    sent = {f"people/{one}.vcf": card(one) for one in range(HOW_MANY)}
    sent |= {f"agenda/{one}.ics": event(one) for one in range(HOW_MANY)}
    for name in ("first", "second"):
        for folder in ("people", "agenda"):
            (tmp_path / name / folder).mkdir(parents=True)
    for path, text in sent.items():
        (tmp_path / "first" / path).write_bytes(text.encode())
    for name in ("first", "second", "second"):
        config = tmp_path / f"{name}.conf"
        facts = {"home": tmp_path, "name": name, "server": server, "email": cast.bob.email, "secret": phone.secret}
        config.write_text(CONFIG.format(**facts))
        for verb in ("discover", "sync"):
            subprocess.run([program, "-c", str(config), verb], check=True, input=b"y\n" * 20, capture_output=True)

    for suffix in ("vcf", "ics"):
        there = sorted((tmp_path / "second").glob(f"*/*.{suffix}"))
        assert len(there) == HOW_MANY
        texts = [text for path, text in sent.items() if path.endswith(suffix)]
        assert sorted(map(properties, texts)) == sorted(properties(one.read_bytes().decode()) for one in there)
