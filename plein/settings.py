# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings: the environment is read here, once. docs/operate/settings.md says what each variable does."""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.csp import CSP

from plein.operate.keyring import secrets_of_ring
from plein.operate.places import database_settings, places

PACKAGE = Path(__file__).parent

PLEIN_PORT = int(os.environ.get("PLEIN_PORT", "8000"))
PLEIN_URL = os.environ.get("PLEIN_URL", f"http://localhost:{PLEIN_PORT}")
#: Where people's own pages are, when they have a host of their own.
PLEIN_MY_PAGE_URL = os.environ.get("PLEIN_MY_PAGE_URL", "").rstrip("/")
PLEIN_FILES = places().files
PLEIN_AUDIT_DAYS = int(os.environ.get("PLEIN_AUDIT_DAYS", "1095"))
PLEIN_AUDIT_HEADS = places().home / "audit-heads.jsonl"
PLEIN_ERASURES = places().home / "erasures"
#: Where snapshots of the network are, whether they are made and used, and of how many ties, in both directions, on.
PLEIN_SNAPSHOTS = places().home / "snapshots"
PLEIN_BOOKS = places().home / "books"
PLEIN_SNAPSHOT = os.environ.get("PLEIN_SNAPSHOT", "1") != "0"
PLEIN_SNAPSHOT_FROM = int(os.environ.get("PLEIN_SNAPSHOT_FROM", "50000"))
PLEIN_EXAMPLE = os.environ.get("PLEIN_DEMO", "1") != "0"
#: Tests wake devices on their own machine; in earnest a push service is somebody else's, far away.
PLEIN_PUSH_INSIDE = False
#: A language model that texts are asked of may stand in our own network only when whoever runs Plein says so.
PLEIN_ENDPOINT_INSIDE = os.environ.get("PLEIN_ENDPOINT_INSIDE", "0") == "1"
PLEIN_OPEN_SINK = os.environ.get("PLEIN_OPEN_SINK", "0") == "1"
PLEIN_UPLOAD_LIMIT = int(os.environ.get("PLEIN_UPLOAD_LIMIT_MB", "4096")) * 1024 * 1024

DEBUG = False
#: The newest key signs; those of before still know what they signed, sealed or hashed.
SECRET_KEY, *SECRET_KEY_FALLBACKS = secrets_of_ring()
ALLOWED_HOSTS = [urlsplit(PLEIN_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
if PLEIN_MY_PAGE_URL:
    ALLOWED_HOSTS.append(urlsplit(PLEIN_MY_PAGE_URL).hostname or "")
CSRF_TRUSTED_ORIGINS = [PLEIN_URL]
ROOT_URLCONF = "plein.urls"
ASGI_APPLICATION = "plein.asgi.application"
USE_X_FORWARDED_HOST = False
#: Whose word about where a visitor comes from counts: a proxy on this machine, unless others are named.
PLEIN_PROXIES = [ip_network(one) for one in os.environ.get("PLEIN_PROXIES", "127.0.0.0/8 ::1/128").split()]
IS_SECURE = PLEIN_URL.startswith("https://")
if IS_SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
#: For how long browsers that came by https come by nothing else, also not to hosts below ours.
SECURE_HSTS_SECONDS = int(os.environ.get("PLEIN_HSTS_DAYS", "365")) * 24 * 3600 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "plein.core",
    "plein.trust",
    "plein.metadata",
    "plein.lists",
    "plein.relations",
    "plein.channels",
    "plein.consent",
    "plein.identity",
    "plein.moments",
    "plein.network",
    "plein.notifications",
    "plein.outbox",
    "plein.asking",
    "plein.webforms",
    "plein.questions",
    "plein.listening",
    "plein.telephone",
    "plein.inbox",
    "plein.imports",
    "plein.documents",
    "plein.hooks",
    "plein.opinions",
    "plein.erasure",
    "plein.mypage",
    "plein.api",
    "plein.dav",
    "plein.web",
]

MIDDLEWARE = [
    "plein.web.middleware.IsolationMiddleware",
    "plein.web.compressing.CompressingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "plein.web.middleware.ErrorMiddleware",
    "plein.mypage.middleware.MyPageMiddleware",
    "plein.webforms.middleware.FormDoorMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "plein.web.middleware.SeatMiddleware",
]

DATABASES: dict[str, dict[str, Any]] = database_settings()
for _database in DATABASES.values():
    _database["ENGINE"] = "plein.core.isolation.engine"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "trust.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "plein.trust.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "plein.trust.passwords.UnknownToGuessers"},
    {"NAME": "plein.trust.passwords.NotOfOneself"},
]
LOGIN_URL = "/sign-in/"

SESSION_ENGINE = "plein.trust.session_store"
SESSION_COOKIE_NAME = "__Host-plein" if IS_SECURE else "plein"
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_SECURE else "csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "plein.web.errors.csrf_failure"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "media-src": [CSP.SELF],
}

LANGUAGE_CODE = "en"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = places().run / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000
MEDIA_ROOT = PLEIN_FILES
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_TEMP_DIR = None

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "plein.web.shell.shell"],
        },
    }
]

PROCRASTINATE_IMPORT_PATHS = ["plein.subscriptions"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "plein.web.logs.PlainFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("PLEIN_LOG", "WARNING")},
    "loggers": {
        # A page that is not there and a request for somebody else's host are the visitor's business.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
        # Of a block of statements that went wrong twice it writes down what the database said, and that quotes values.
        "psycopg": {"level": "ERROR"},
        "psycopg.pool": {"level": os.environ.get("PLEIN_LOG", "WARNING")},
    },
}
