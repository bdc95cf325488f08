# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network of a workspace as files that all processes share: it makes answers quicker and never other (ADR 0037)."""
