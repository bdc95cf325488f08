# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every list people work from: its columns, its filters in sentences, saved views, bulk edits and exports."""
