# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page on which colleagues give their devices a password, and take it back."""
