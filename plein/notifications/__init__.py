# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telling a colleague what concerns them: a mention, a task, news of a relation they follow, a reminder."""
