# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lists of people and organizations, for `plein/lists`."""

from plein.relations.listing.fields import ref_of, relation_names, relation_where
from plein.relations.listing.kinds import ORGANIZATIONS, PEOPLE, kinds_at_hand

__all__ = ["ORGANIZATIONS", "PEOPLE", "kinds_at_hand", "ref_of", "relation_names", "relation_where"]
