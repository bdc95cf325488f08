# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses of signing in and of settings."""

from django.urls import path

from plein.trust.views import sign_in

app_name = "trust"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/<str:secret>/", sign_in.one_time_link, name="one_time_link"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("welcome/", sign_in.welcome, name="welcome"),
]
