# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues do with what they listen for, and with what was heard."""

from plein.listening.actions.day import do_with, set_minutes
from plein.listening.actions.searches import change_search, may_change, remove_search, save_search

__all__ = ["change_search", "do_with", "may_change", "remove_search", "save_search", "set_minutes"]
