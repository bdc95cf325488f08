# SPDX-License-Identifier: AGPL-3.0-or-later
"""Statements sent without waiting are carried out in order, and what goes wrong with one is not lost."""

import pytest
from django.db import DataError, connection, transaction

from plein.core.isolation.context import no_workspace
from plein.core.sending import without_waiting

pytestmark = pytest.mark.django_db


def _say(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _ask(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_what_is_asked_knows_of_all_that_was_sent_before() -> None:
    with no_workspace("test"), transaction.atomic(), without_waiting():
        _say("SELECT set_config('plein.tried', 'first', true)")
        _say("SELECT set_config('plein.tried', 'second', true)")
        assert _ask("SELECT current_setting('plein.tried')") == "second"


def test_what_goes_wrong_is_raised_at_the_latest_at_the_end() -> None:
    with no_workspace("test"):
        with pytest.raises(DataError), transaction.atomic(), without_waiting():  # noqa: PT012 any of them may raise it
            _say("SELECT set_config('plein.tried', 'half', true)")
            _say("SELECT 1 / 0")
            _say("SELECT set_config('plein.tried', 'more', true)")
        assert not _ask("SELECT current_setting('plein.tried', true)"), "the transaction was taken back"


def test_who_asks_after_something_went_wrong_hears_what_it_was() -> None:
    with no_workspace("test"), pytest.raises(DataError), transaction.atomic(), without_waiting():
        _say("SELECT 1 / 0")
        _ask("SELECT 1")


def test_what_the_database_said_meanwhile_is_not_written_down(caplog: pytest.LogCaptureFixture) -> None:
    with no_workspace("test"), pytest.raises(KeyError), transaction.atomic(), without_waiting():
        _say("SELECT 'henk@example.com'::integer")
        raise KeyError

    assert caplog.text == ""
