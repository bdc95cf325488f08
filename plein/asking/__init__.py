# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking for an introduction: what travels from person to person, and what came of it."""
