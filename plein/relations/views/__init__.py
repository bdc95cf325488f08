# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of people and organizations."""

from plein.relations.views.contact_points import contact_point_add, contact_point_edit, contact_point_mark
from plein.relations.views.contacting import contact_point_wish, do_not_contact
from plein.relations.views.create import organization_create, person_create, similar
from plein.relations.views.editing import edit, field
from plein.relations.views.filing import (
    date_add,
    date_remove,
    interest_add,
    interest_remove,
    tag_add,
    tag_remove,
)
from plein.relations.views.memberships import membership_add, membership_edit, membership_remove
from plein.relations.views.merging import merge
from plein.relations.views.record import (
    card,
    delete,
    favourite,
    follow,
    photo,
    photo_change,
    relation,
    section,
    suggest,
    visited,
)
from plein.relations.views.tags import tag_change, tag_delete, tag_merge, tags
from plein.relations.views.tie_types import (
    tie_type_back,
    tie_type_change,
    tie_type_list,
    tie_type_new,
    tie_type_remove,
    tie_type_retire,
)
from plein.relations.views.ties import tie_add, tie_edit, tie_remove
from plein.relations.views.values import value

__all__ = [
    "card",
    "contact_point_add",
    "contact_point_edit",
    "contact_point_mark",
    "contact_point_wish",
    "date_add",
    "date_remove",
    "delete",
    "do_not_contact",
    "edit",
    "favourite",
    "follow",
    "field",
    "interest_add",
    "interest_remove",
    "membership_add",
    "membership_edit",
    "membership_remove",
    "merge",
    "organization_create",
    "person_create",
    "photo",
    "photo_change",
    "relation",
    "section",
    "similar",
    "suggest",
    "tag_add",
    "tag_change",
    "tag_delete",
    "tag_merge",
    "tag_remove",
    "tags",
    "tie_add",
    "tie_edit",
    "tie_remove",
    "tie_type_back",
    "tie_type_change",
    "tie_type_list",
    "tie_type_new",
    "tie_type_remove",
    "tie_type_retire",
    "value",
    "visited",
]
