# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reads of this domain that need more than a query set."""

from plein.consent.queries.guards import Stop, may_send, never_contact, never_listed
from plein.consent.queries.purposes import Version, purpose_called, purpose_of, purposes, versions_of
from plein.consent.queries.restricting import restricted_of, restriction_of
from plein.consent.queries.standing import (
    Book,
    Past,
    book_of,
    book_of_subjects,
    counting,
    decided,
    effective,
    latest,
    state_of,
)
from plein.consent.queries.steps import closed_to_requests, is_open_to_requests, may_be_asked, steps_setting

__all__ = [
    "Book",
    "Past",
    "Stop",
    "Version",
    "book_of",
    "book_of_subjects",
    "closed_to_requests",
    "counting",
    "decided",
    "effective",
    "is_open_to_requests",
    "latest",
    "may_be_asked",
    "may_send",
    "never_contact",
    "never_listed",
    "purpose_called",
    "purpose_of",
    "purposes",
    "restricted_of",
    "restriction_of",
    "state_of",
    "steps_setting",
    "versions_of",
]
