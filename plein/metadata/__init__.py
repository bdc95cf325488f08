# SPDX-License-Identifier: AGPL-3.0-or-later
"""The details a company adds to what it knows: its own fields, in groups, made while Plein runs."""
