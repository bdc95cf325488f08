# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shared sets of contacts against their expected figures, which scripts counted that know nothing of vCard."""

import json
import os
import tarfile
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from plein.channels.cards import Card
from plein.channels.connectors.contacts.tables import guess, read_table
from plein.channels.connectors.contacts.vcard import card_lines, read_cards

DATA = Path(os.environ.get("PLEIN_SWEEP_DATA", ".")) / "contacts"
#: Damaged on purpose: its first line is "--BEGIN:VCARD", so that no card begins. The script counted its lines all the
#: same: one mail address, one number, and a version, of a card that it too counted as none.
NO_CARD = "caldavtester/CardDAV/vcarderrors/4.vcf"


def expected() -> Any:
    return json.loads((DATA / "expected.json").read_text())


@pytest.mark.sweep
def test_every_card_is_found_and_every_line_of_it() -> None:
    wanted = expected()["vcards.tar.gz"]
    lines: Counter[str] = Counter()
    found: dict[str, int] = {}
    unread = []
    with tarfile.open(DATA / "vcards.tar.gz") as archive:
        for name in wanted["vcards_per_file"]:
            held = archive.extractfile(name) or archive.extractfile(f"./{name}")
            assert held is not None
            data = held.read()
            whole = list(card_lines(BytesIO(data)))
            found[name] = len(whole)
            lines.update(line.name for card, _end in whole for line in card)
            unread += [name for one in read_cards(BytesIO(data)) if not isinstance(one, Card)]

    assert found == wanted["vcards_per_file"]
    assert lines["EMAIL"] == wanted["email_lines"] - 1, NO_CARD
    assert lines["TEL"] == wanted["tel_lines"] - 1, NO_CARD
    assert lines["PHOTO"] == wanted["photo_lines"]
    # A card that holds a photo and nothing else: there is nothing to call it by.
    assert unread == ["sabre-vobject/VObject/issue64.vcf"]


@pytest.mark.sweep
def test_the_table_of_thunderbird_has_its_contacts() -> None:
    path = DATA / "csv" / "thunderbird_basic.csv"
    wanted = expected()["csv/thunderbird_basic.csv"]

    dialect = guess(path)

    assert dialect.delimiter == wanted["delimiter"]
    assert len(list(read_table(path, dialect))) - 1 == wanted["contacts"]
