# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people decide about who somebody is."""

from plein.identity.actions.apart import allow_again, keep_apart
from plein.identity.actions.asking import Doubt, ask_who
from plein.identity.actions.duplicates import (
    CannotDecide,
    Merged,
    be_sure_from,
    compare_book,
    merge_pair,
    merge_sure,
    part_again,
    put_off,
    say_apart,
    stop_comparing,
)
from plein.identity.actions.measuring import measure_names
from plein.identity.actions.thresholds import set_thresholds, thresholds_as_plein

__all__ = [
    "CannotDecide",
    "Doubt",
    "Merged",
    "allow_again",
    "ask_who",
    "be_sure_from",
    "compare_book",
    "keep_apart",
    "measure_names",
    "merge_pair",
    "merge_sure",
    "part_again",
    "put_off",
    "say_apart",
    "set_thresholds",
    "stop_comparing",
    "thresholds_as_plein",
]
