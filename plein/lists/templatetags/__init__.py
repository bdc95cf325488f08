# SPDX-License-Identifier: AGPL-3.0-or-later
"""What list pages say about acts on many rows."""
