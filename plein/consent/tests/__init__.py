# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people decide, through the doors."""
