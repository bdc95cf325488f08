# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class MyPageConfig(AppConfig):
    name = "plein.mypage"
    label = "mypage"
