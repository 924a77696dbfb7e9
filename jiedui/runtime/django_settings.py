"""Django 设置: derived from `settings.load()`; safe by default, in Chinese by default, and without any outside address.

May be imported while no database runs. Apps are named as text, so that jobs can use the ORM without importing pages.
"""

from __future__ import annotations

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from jiedui.runtime import keys, logging, postgres, settings, testing

_settings = settings.load()
_keys = keys.load(_settings)
_database = postgres.addresses(_settings)

DEBUG = _settings.debug
SECRET_KEY = _keys.django_secret
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *_settings.allowed_hosts]

JIEDUI = _settings
"""The program's own settings, for code that has Django's at hand."""
JIEDUI_KEYS = _keys
JIEDUI_WEB_ROLE = _database.web_role
"""The database role to GRANT to in migrations; row-level security holds for it."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "jiedui.records",
    "jiedui.results",
    "jiedui.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jiedui.runtime.headers.SelfOnly",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "jiedui.web.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "jiedui.web.middleware.ScopedDatabase",
    "jiedui.web.second_factor.SignInRules",
    "jiedui.web.middleware.ReadableErrors",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "jiedui.web.urls"
WSGI_APPLICATION = "jiedui.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


def _connection(address: str, *, pooled: bool) -> dict[str, Any]:
    parts = {key: value for key, value in conninfo_to_dict(address).items() if value is not None}
    options: dict[str, Any] = {"application_name": f"jiedui {_settings.db_role}"}
    if pooled:
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": {**parts, **options},
        "CONN_HEALTH_CHECKS": not pooled,
        "TEST": {"NAME": testing.database_name(_database.name)},
    }


_is_web = _settings.db_role == "web"
DATABASES = {
    "default": _connection(_database.web_dsn if _is_web else _database.owner_dsn, pooled=_is_web),
}

# login
AUTH_USER_MODEL = "records.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "web/locked.html"

# second factor: only the stores and the codes of allauth; its own pages, sign-up and mails are not served
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "jiedui.web.second_factor.Adapter"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # the program sends no mail

# cookies and headers
SESSION_COOKIE_AGE = 8 * 60 * 60  # a working day; from the sign-in on: jiedui.web.second_factor.SignInRules
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _settings.https
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _settings.https
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _settings.allowed_hosts] if _settings.https else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _settings.https else None
SECURE_HSTS_SECONDS = 31_536_000 if _settings.https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# static files: straight from the apps and the locked packages, nothing is copied
STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "jiedui.runtime.assets.PackagesFinder",
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING = logging.configuration(_settings)

# uploads: a spreadsheet of any size goes to the state folder's disk, never through memory
FILE_UPLOAD_HANDLERS = ["jiedui.web.uploads.ToStateFolder"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a column may have hundreds of labels to map

# background jobs: kept in PostgreSQL; the pages defer them by name, `jiedui worker` does them
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["jiedui.jobs.tasks"]
