# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "plein.consent"
    label = "consent"
