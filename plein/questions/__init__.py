# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions to the square: who of us may know, what they answered, and the answer that is kept."""
