# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who knows whom, who can introduce us to somebody, and who is around whom."""
