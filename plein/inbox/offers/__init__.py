# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Plein suggests to do with a message: found in what its text says, and never done by itself."""

from plein.inbox.offers.facts import Facts, facts_of, jobs_of
from plein.inbox.offers.finding import offers_in
from plein.inbox.offers.kinds import Kind, Offer

__all__ = ["Facts", "Kind", "Offer", "facts_of", "jobs_of", "offers_in"]
