# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail that leaves: who it comes from, its templates, the seconds to take it back, and its delivery."""
