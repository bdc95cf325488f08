# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second opinion: what a language model that a company chose thinks of texts that Plein is not sure of, if it may."""
