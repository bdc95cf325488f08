# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lists of people and organizations, for `plein/lists`."""

from plein.relations.listing.fields import ref_of, relation_names, relation_where
from plein.relations.listing.kinds import ORGANIZATIONS, PEOPLE

__all__ = ["ORGANIZATIONS", "PEOPLE", "ref_of", "relation_names", "relation_where"]
