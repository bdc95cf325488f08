# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people decide about who somebody is."""

from plein.identity.actions.apart import allow_again, keep_apart
from plein.identity.actions.measuring import measure_names
from plein.identity.actions.thresholds import set_thresholds, thresholds_as_plein

__all__ = ["allow_again", "keep_apart", "measure_names", "set_thresholds", "thresholds_as_plein"]
