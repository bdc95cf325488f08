# SPDX-License-Identifier: AGPL-3.0-or-later
"""Measures how fast Plein is and what it costs the machine, against its goals and against other systems."""
