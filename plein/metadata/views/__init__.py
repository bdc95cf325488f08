# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages on which an administrator makes fields."""
