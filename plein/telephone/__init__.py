# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls as they happen: who rings and whom they are, whom we call by a click, and a note of it in two keys."""
