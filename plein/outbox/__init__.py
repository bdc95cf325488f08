# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail and posts that leave: who they come from, templates, the seconds to take them back, and delivery."""
