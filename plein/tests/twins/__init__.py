# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two databases that differ in confidential relations only: nobody outside their circles can tell which is which."""
