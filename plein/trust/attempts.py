# SPDX-License-Identifier: AGPL-3.0-or-later
"""Guessing passwords gets slower and slower; nobody is ever locked out for good. The database's clock counts."""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from uuid import UUID

from django.db import connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from plein.trust.models import Attempt

MINUTE = timedelta(minutes=1)
REMEMBERED = timedelta(hours=1)
KEPT = timedelta(days=1)
#: How many failures within a minute an account and an address may have before they have to wait.
OF_ACCOUNT, OF_ADDRESS = 5, 20
LONGEST_WAIT = 300


def _digest(kind: str, value: str) -> str:
    return salted_hmac(f"plein.attempt.{kind}", value, algorithm="sha256").hexdigest()


def seconds_to_wait(ages: Sequence[timedelta], most: int) -> int:
    """How long to wait after failures of these ages, youngest first: `most` a minute, then longer each time."""
    if len(ages) < most:
        return 0
    wait: float = min(LONGEST_WAIT, 2 ** min(len(ages) - most, 10)) - ages[0].total_seconds()
    in_last_minute = [age for age in ages if age < MINUTE]
    if len(in_last_minute) >= most:
        wait = max(wait, (MINUTE - in_last_minute[most - 1]).total_seconds())
    return max(0, ceil(wait))


def _ages(digest: str) -> list[timedelta]:
    age = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    recent = Attempt.objects.filter(digest=digest, at__gt=Now() - REMEMBERED).order_by("-at")
    return list(recent.annotate(age=age).values_list("age", flat=True)[:100])


class Attempted:
    """An attempt that was counted before anybody knew whether it would succeed."""

    def __init__(self, account: str, address: str) -> None:
        self.digests = {
            _digest("account", account.strip().lower()): OF_ACCOUNT,
            _digest("address", address): OF_ADDRESS,
        }
        self.ids: list[UUID] = []
        self.wait = self._count()

    def _count(self) -> int:
        with transaction.atomic():
            with connection.cursor() as cursor:
                for digest in sorted(self.digests):
                    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [digest])
            wait = max(seconds_to_wait(_ages(digest), most) for digest, most in self.digests.items())
            if not wait:
                made = Attempt.objects.bulk_create([Attempt(digest=digest, at=Now()) for digest in self.digests])
                self.ids = [one.id for one in made]
        return wait

    def words(self) -> str:
        """What to tell somebody who has to wait."""
        return _("That was tried too often. Wait %(count)s seconds, then try again.") % {"count": self.wait}

    def succeeded(self) -> None:
        """Forget the failures of the account, and this attempt; sweep up what is long over."""
        account = next(iter(self.digests))
        Attempt.objects.filter(digest=account).delete()
        Attempt.objects.filter(id__in=self.ids).delete()
        Attempt.objects.filter(at__lt=Now() - KEPT).delete()
