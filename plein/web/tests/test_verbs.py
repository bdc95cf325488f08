# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from pathlib import Path

import plein
from plein.web.verbs import VERBS

NAMED = re.compile(r'\b(?:operation|begin)\(\s*"([a-z_]+)"')


def test_every_operation_has_a_sentence() -> None:
    """Also the ones that somebody adds later: their verbs are read from the code."""
    used = {
        verb
        for path in Path(plein.__file__).parent.rglob("*.py")
        if "tests" not in path.parts
        for verb in NAMED.findall(path.read_text())
    }

    assert len(used) > 30
    assert used - VERBS.keys() == set()
