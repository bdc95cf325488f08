# SPDX-License-Identifier: AGPL-3.0-or-later
"""My page: what people we know may see, decide and ask, through a door of their own (ADR 0028)."""
