# SPDX-License-Identifier: AGPL-3.0-or-later
"""The connections to the outside, one folder each; each yields messages and knows nothing of who stores them."""
