# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tests of notifications: who is told what, where, when, and who is not."""
