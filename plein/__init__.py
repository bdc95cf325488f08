# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plein knows who knows whom, hears what matters, and says it when you need it."""
