# SPDX-License-Identifier: AGPL-3.0-or-later
import os
from pathlib import Path

import pytest

from plein.channels.connectors.mail.sweep import report, sweep

DATA = Path(os.environ.get("PLEIN_SWEEP_DATA", ".")) / "mail"


@pytest.mark.sweep
def test_every_mail_set_yields_its_expected_figures_or_a_known_difference() -> None:
    outcomes = sweep(DATA, [])

    assert [difference for one in outcomes for difference in one.differences if not difference.why] == [], report(
        outcomes
    )
