# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from django.conf import LazySettings
from django.db import connection as as_app

from plein.core.isolation import default_circle_id, no_workspace
from plein.core.operations import operation
from plein.erasure.tests.every_column import LEFT_OUT, addresses, columns, found_in, plant_rows
from plein.erasure.tests.planting import plant
from plein.erasure.tests.test_erasing import erase, everything
from plein.operate.dump import Address
from plein.operate.places import PORT
from plein.relations.models import ContactPoint, ContactPointLink, Relation
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.factories import make_person
from plein.testing.figures import Judge
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_left_out_has_a_reason_and_is_there() -> None:
    known = {one.key for one in columns()} | {one.table for one in columns()}

    assert set(LEFT_OUT) <= known, "a reason for what is no more"
    assert all(LEFT_OUT.values())


def test_an_address_in_any_column_of_any_table_is_found(
    cast: Cast, test_database: TestDatabase, settings: LazySettings, tmp_path: object, judge: Judge
) -> None:
    settings.PLEIN_ERASURES = f"{tmp_path}/erasures"
    wanted = addresses()
    with entered(cast.alice):
        person, other, circle = make_person("Qzgone Person"), make_person("Wim"), default_circle_id()
        with operation("test"):
            points = [ContactPoint.objects.create(kind="email", value=one, display=one) for one in wanted.values()]
            ContactPointLink.objects.bulk_create(ContactPointLink(contact_point=one, relation=person) for one in points)
        for text in wanted.values():
            with operation("edit_relation"):
                Relation.objects.filter(id=other.id).update(about=f"Schrijf {text}")
    address = Address(str(test_database.cluster.socket), PORT, test_database.name, "postgres")
    with address.connect() as superuser:
        plant_rows(superuser, cast.here, circle, wanted)
        assert set(found_in(superuser, wanted)) == set(wanted), "not everything was planted"

    erase(cast.alice, person.id)

    with address.connect() as superuser:
        left = found_in(superuser, wanted)
    judge("erasure: columns with a marker left", goal="0 of >= 90", measured=f"{len(left)} of {len(wanted)}",
          is_good=not left and len(wanted) >= 90)  # fmt: skip
    assert left == []
    rest = everything(test_database)
    assert [text for text in wanted.values() if text in rest] == []


def test_nothing_that_waits_in_the_queue_or_is_logged_names_anybody(
    cast: Cast, settings: LazySettings, tmp_path: object, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PLEIN_ERASURES = f"{tmp_path}/erasures"
    with caplog.at_level("DEBUG", "plein"):
        planted = plant(cast.alice)
        erase(cast.alice, planted.person)

    with no_workspace("test"), as_app.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(args::text, ' '), '') FROM procrastinate_jobs")
        waiting = str(cursor.fetchone()).lower()
    assert [one for one in planted.markers if one.lower() in waiting + caplog.text.lower()] == []
