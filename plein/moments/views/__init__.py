# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of contact moments, timelines, files and to-dos."""
