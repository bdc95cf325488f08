# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of notifications: the list, following, settings, and what scripts ask for."""
