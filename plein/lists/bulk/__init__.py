# SPDX-License-Identifier: AGPL-3.0-or-later
"""One act on many rows of a list: at once when they are few, in the background when they are many."""
