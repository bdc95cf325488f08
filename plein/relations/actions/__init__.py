# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one can do to people and organizations; each action is one operation that can be undone."""

from plein.relations.actions.adding import add_relation
from plein.relations.actions.circles import change_circle, change_tie_circle, change_values_circle
from plein.relations.actions.contact_points import (
    add_contact_point,
    edit_contact_point,
    make_primary,
    restore_contact_point,
    revoke_contact_point,
)
from plein.relations.actions.contacting import (
    allow_contact,
    allow_contact_point,
    forbid_contact,
    forbid_contact_point,
    silent_for,
)
from plein.relations.actions.filing import (
    add_important_date,
    add_interest,
    remove_important_date,
    remove_interest,
    set_favourite,
    set_following,
    tag,
    untag,
)
from plein.relations.actions.memberships import (
    add_membership,
    change_job,
    edit_membership,
    end_membership,
    note_job,
    remove_membership,
    settle_job,
)
from plein.relations.actions.merging import Choices, merge_relations
from plein.relations.actions.relations import (
    Refused,
    create_organization,
    create_person,
    delete_relation,
    edit_relation,
    remove_photo,
    set_photo,
)
from plein.relations.actions.tags import change_tag, delete_tag, merge_tags
from plein.relations.actions.tie_types import (
    TieTypeFacts,
    add_tie_type,
    bring_tie_type_back,
    change_tie_type,
    remove_tie_type,
    retire_tie_type,
)
from plein.relations.actions.ties import add_tie, edit_tie, remove_tie
from plein.relations.actions.visits import note_visit

__all__ = [
    "Choices",
    "Refused",
    "TieTypeFacts",
    "add_tie_type",
    "bring_tie_type_back",
    "change_tie_type",
    "remove_tie_type",
    "retire_tie_type",
    "add_contact_point",
    "add_important_date",
    "add_interest",
    "add_membership",
    "add_relation",
    "add_tie",
    "allow_contact",
    "allow_contact_point",
    "change_circle",
    "change_job",
    "change_tie_circle",
    "change_values_circle",
    "change_tag",
    "create_organization",
    "create_person",
    "delete_relation",
    "delete_tag",
    "edit_contact_point",
    "edit_membership",
    "edit_relation",
    "edit_tie",
    "forbid_contact",
    "forbid_contact_point",
    "end_membership",
    "make_primary",
    "note_job",
    "settle_job",
    "merge_relations",
    "merge_tags",
    "note_visit",
    "remove_important_date",
    "remove_interest",
    "remove_membership",
    "remove_photo",
    "remove_tie",
    "restore_contact_point",
    "revoke_contact_point",
    "set_favourite",
    "set_following",
    "set_photo",
    "tag",
    "untag",
    "silent_for",
]
