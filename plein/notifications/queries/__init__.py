# SPDX-License-Identifier: AGPL-3.0-or-later
"""What concerns the reader, and how they want to be told."""
