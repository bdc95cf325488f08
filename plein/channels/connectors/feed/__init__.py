# SPDX-License-Identifier: AGPL-3.0-or-later
"""Feeds: what a website tells whoever asks, as RSS, Atom, RDF or JSON Feed."""
