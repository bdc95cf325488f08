# SPDX-License-Identifier: AGPL-3.0-or-later
from pathlib import Path

import pytest

from plein.channels.connectors.mail.sweep import report, sweep

DATA = Path(__file__).resolve().parents[6] / "shared" / "data" / "mail"


@pytest.mark.skipif(not DATA.is_dir(), reason="the mail sets stand beside the repository, not in it")
def test_every_mail_set_yields_its_expected_figures_or_a_known_difference() -> None:
    outcomes = sweep(DATA, [])

    assert [difference for one in outcomes for difference in one.differences if not difference.why] == [], report(
        outcomes
    )
