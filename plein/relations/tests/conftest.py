# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from plein.core.operations import operation
from plein.relations.models import ContactPoint, Relation
from plein.testing.cast import Cast
from plein.trust.seats import entered


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The cast without their own pages as people, so that a test counts only whom it made."""
    for user in (cast.alice, cast.charlie):
        with entered(user), operation("test"):
            Relation.objects.all().delete()
            ContactPoint.objects.all().delete()
    return cast
