# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class ListeningConfig(AppConfig):
    name = "plein.listening"
    label = "listening"
