# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the network."""

from plein.network.api import advice, connections, kinds, lists, measuring, standing, whole
from plein.network.api.door import router

__all__ = ["advice", "connections", "kinds", "lists", "measuring", "router", "standing", "whole"]
