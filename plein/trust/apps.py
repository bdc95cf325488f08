# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "plein.trust"
    label = "trust"
