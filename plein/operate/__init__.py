# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps Plein running on one machine: its folders, its own PostgreSQL and its processes."""
