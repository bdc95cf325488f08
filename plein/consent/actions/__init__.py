# SPDX-License-Identifier: AGPL-3.0-or-later
"""The writes of this domain."""

from plein.consent.actions.deciding import (
    Answer,
    Said,
    record_consent,
    record_consents,
    record_imported,
    record_waiting,
    redact_subject,
    subject_for,
)
from plein.consent.actions.importing import (
    Outcome,
    discard_list,
    import_consents,
    import_list,
    keep_list,
    matched_in,
)
from plein.consent.actions.never import add_never_contact, remove_never_contact, set_own_choice, set_steps
from plein.consent.actions.purposes import (
    PurposeFacts,
    add_purpose,
    bring_purpose_back,
    change_purpose,
    retire_purpose,
)
from plein.consent.actions.restricting import lift_restriction, restrict
from plein.consent.actions.retention import Removed, delete_due, put_off, set_retention

__all__ = [
    "Answer",
    "Outcome",
    "PurposeFacts",
    "Removed",
    "Said",
    "add_never_contact",
    "add_purpose",
    "bring_purpose_back",
    "change_purpose",
    "delete_due",
    "discard_list",
    "import_consents",
    "import_list",
    "keep_list",
    "lift_restriction",
    "matched_in",
    "put_off",
    "record_consent",
    "record_consents",
    "record_imported",
    "record_waiting",
    "redact_subject",
    "remove_never_contact",
    "restrict",
    "retire_purpose",
    "set_own_choice",
    "set_retention",
    "set_steps",
    "subject_for",
]
