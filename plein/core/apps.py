# SPDX-License-Identifier: AGPL-3.0-or-later
from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "plein.core"
    label = "core"

    def ready(self) -> None:
        """Load which job follows which event, by name: subscriptions know every domain, and core knows none."""
        import_module("plein.subscriptions")
