# SPDX-License-Identifier: AGPL-3.0-or-later
"""The inbox: what came in and what became of it, message by message."""
