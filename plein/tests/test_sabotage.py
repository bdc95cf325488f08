# SPDX-License-Identifier: AGPL-3.0-or-later
"""An untested guard is decoration: each one is taken away in turn, and its own short suite must turn red.

A third of them per commit, always the same ones; every night all (PLEIN_NIGHTLY=1).
"""

import os
from zlib import crc32

import pytest

from plein.testing.cast import Cast
from plein.testing.figures import Judge
from plein.tests.guards import GUARDS, Guard
from plein.tests.guards_at_the_doors import DOOR_GUARDS
from plein.tests.guards_of_answers import ANSWER_GUARDS
from plein.tests.guards_of_asking import ASKING_GUARDS
from plein.tests.guards_of_circles import CIRCLE_GUARDS
from plein.tests.guards_of_consent import CONSENT_GUARDS
from plein.tests.guards_of_duplicates import DUPLICATE_GUARDS
from plein.tests.guards_of_erasure import ERASURE_GUARDS
from plein.tests.guards_of_forms import FORM_GUARDS
from plein.tests.guards_of_inbox import INBOX_GUARDS
from plein.tests.guards_of_own_pages import OWN_PAGE_GUARDS
from plein.tests.guards_of_proofs import PROOF_GUARDS
from plein.tests.guards_of_questions import QUESTION_GUARDS
from plein.tests.guards_of_recognising import RECOGNISING_GUARDS
from plein.tests.guards_of_recognition import RECOGNITION_GUARDS
from plein.tests.guards_of_the_log import LOG_GUARDS
from plein.tests.guards_of_the_network import NETWORK_GUARDS

ALL = [*GUARDS, *DOOR_GUARDS, *CIRCLE_GUARDS, *CONSENT_GUARDS, *ERASURE_GUARDS, *OWN_PAGE_GUARDS, *LOG_GUARDS]
ALL += [*PROOF_GUARDS, *ANSWER_GUARDS, *NETWORK_GUARDS, *ASKING_GUARDS, *QUESTION_GUARDS, *INBOX_GUARDS]
ALL += [*RECOGNITION_GUARDS, *RECOGNISING_GUARDS]
ALL += [*DUPLICATE_GUARDS, *FORM_GUARDS]
ONE_OF = 1 if os.environ.get("PLEIN_NIGHTLY") else 3
DRAWN = [guard for guard in ALL if crc32(guard.name.encode()) % ONE_OF == 0]
#: Those whose absence was noticed in this run.
CAUGHT: list[str] = []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("guard", DRAWN, ids=lambda guard: guard.name)
def test_its_suite_is_green_with_the_guard_and_red_without(guard: Guard, cast: Cast) -> None:
    guard.suite(cast)

    with guard.removed():
        with pytest.raises((AssertionError, Exception)) as caught:
            guard.suite(cast)
        assert caught.type is AssertionError, f"{guard.name} failed otherwise: {caught.value}"
    CAUGHT.append(guard.name)


def test_all_of_them_were_caught(request: pytest.FixtureRequest, judge: Judge) -> None:
    asked = sum("with_the_guard_and_red_without[" in item.name for item in request.session.items)
    is_good = len(CAUGHT) == asked
    judge("sabotage: guards caught", goal="all", measured=f"{len(CAUGHT)} of {asked}", is_good=is_good)
    assert is_good
