"""All settings. Embedded defaults need no server; the environment outgrows them (see docs/operating.md)."""

from pathlib import Path

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

from glimpse import environment

django_stubs_ext.monkeypatch()  # so that forms and admin classes can name the model that they are of

PACKAGE = Path(__file__).resolve().parent

DEBUG = environment.flag("GLIMPSE_DEBUG", default=False)
SECRET_KEY = environment.secret("GLIMPSE_SECRET_KEY", insecure="for-development-only" if DEBUG else None)
ALLOWED_HOSTS = environment.items("GLIMPSE_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = environment.items("GLIMPSE_TRUSTED_ORIGINS")
if not DEBUG and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set GLIMPSE_ALLOWED_HOSTS to the site's host names, separated by commas.")

VAR = Path(environment.text("GLIMPSE_VAR", "var")).absolute()

# --- Application ---------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "glimpse",
    "glimpse.play",
    "glimpse.accounts",
    "glimpse.research",
    "labeling",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "glimpse.play.parts.visitor",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "glimpse.urls"
WSGI_APPLICATION = "glimpse.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Data ----------------------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.parse(
        environment.text("GLIMPSE_DATABASE_URL", f"sqlite:///{VAR / 'glimpse.sqlite3'}"), conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # The server keeps the plans of statements that come again and again.
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 5}
MEDIA_ROOT = VAR / "media"
STATIC_ROOT = VAR / "static"
STATIC_URL = "static/"
STORAGES = {
    # Files are keyed by content, so writing one again writes the same bytes.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"allow_overwrite": True},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_NUMBER_FILES = 2000  # photographs in one upload

# --- Mail and what processes share --------------------------------------------------------------------

MAIL_ROOT = VAR / "mail"
if mail_server := environment.mail_server("GLIMPSE_EMAIL_URL"):
    EMAIL_HOST, EMAIL_PORT = mail_server.host, mail_server.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = mail_server.user, mail_server.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = mail_server.starttls, mail_server.tls
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_ROOT
DEFAULT_FROM_EMAIL = environment.text("GLIMPSE_EMAIL_FROM", "Glimpse <glimpse@localhost>")
# What limits attempts to sign in; without a server each process of the site counts for itself.
if cache_url := environment.text("GLIMPSE_CACHE_URL", ""):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": cache_url}}

# --- Work ----------------------------------------------------------------------------------------------

CELERY_BROKER_URL = environment.text("GLIMPSE_BROKER_URL", "filesystem://localhost")
BROKER_MESSAGES, BROKER_PROCESSED = VAR / "broker" / "messages", VAR / "broker" / "processed"
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_MESSAGES),
        "data_folder_out": str(BROKER_MESSAGES),
        "processed_folder": str(BROKER_PROCESSED),
        "control_folder": str(VAR / "broker" / "control"),
        "polling_interval": 0.2,
    }
# What the embedded defaults keep below VAR; manage.py makes these folders, importing settings never does.
EMBEDDED_FOLDERS = [MEDIA_ROOT, BROKER_MESSAGES, BROKER_PROCESSED, MAIL_ROOT]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "labeling.tasks.regions_prepare": {"queue": "gpu"},
    "labeling.tasks.regions_measure": {"queue": "gpu"},
    "labeling.tasks.concepts_test": {"queue": "gpu"},
    "labeling.tasks.reliability_measure": {
        "queue": "gpu"
    },  # not text: it takes seconds, and players wait there
    "labeling.tasks.explanations_refresh": {"queue": "text"},
    "labeling.tasks.classes_explain": {"queue": "text"},
    "labeling.tasks.quality_judge": {"queue": "text"},
}
CELERY_TASK_SOFT_TIME_LIMIT = 600
CELERY_TASK_TIME_LIMIT = 660
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 120.0  # it loads the sentence model before it says that it is there
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
GLIMPSE_SWEEP_SECONDS = environment.integer("GLIMPSE_SWEEP_SECONDS", 15, minimum=1)
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "labeling.tasks.sweep",
        "schedule": GLIMPSE_SWEEP_SECONDS,
        "options": {"expires": GLIMPSE_SWEEP_SECONDS},
    }
}

GLIMPSE_DEVICE = environment.text("GLIMPSE_DEVICE", "cpu")
GLIMPSE_MIXED_PRECISION = environment.flag("GLIMPSE_MIXED_PRECISION", default=False)
GLIMPSE_TORCH_THREADS = environment.integer("GLIMPSE_TORCH_THREADS", 1, minimum=1)
GLIMPSE_BATCH_SIZE = environment.integer("GLIMPSE_BATCH_SIZE", 4, minimum=1)
GLIMPSE_HEARTBEAT_SECONDS = environment.integer("GLIMPSE_HEARTBEAT_SECONDS", 5, minimum=1)
GLIMPSE_STALE_SECONDS = environment.integer("GLIMPSE_STALE_SECONDS", 30, minimum=2)
# Factories of networks that a study may name as package.module:factory. Calling one runs its code.
GLIMPSE_NETWORK_FACTORIES = environment.items("GLIMPSE_NETWORK_FACTORIES")
# A sentence-transformers model by name or folder; empty: the packaged MiniLM.
GLIMPSE_SENTENCE_MODEL = environment.text("GLIMPSE_SENTENCE_MODEL", "")
# Languages in which it finds one meaning; labels in others are grouped apart.
GLIMPSE_SENTENCE_LANGUAGES = environment.items("GLIMPSE_SENTENCE_LANGUAGES", "en")
# A function (text, language) -> text in English, as package.module.function; empty: nothing is translated.
GLIMPSE_TRANSLATION = environment.function("GLIMPSE_TRANSLATION")

# --- Safety --------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
HTTPS = environment.flag("GLIMPSE_HTTPS", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
BEHIND_PROXY = environment.flag("GLIMPSE_BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_COOKIE_HTTPONLY = True
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

# --- Accounts ------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "play:me"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
ACCOUNT_ADAPTER = "glimpse.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Glimpse: "
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_SIGNUP_REDIRECT_URL = "/me/#settings"
ACCOUNT_LOGOUT_REDIRECT_URL = "play:home"
ACCOUNT_USER_DISPLAY = "glimpse.accounts.adapters.user_display"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# A class that signs up together shares one network address.
ACCOUNT_RATE_LIMITS = {"signup": "60/m/ip", "login": "60/m/ip", "login_failed": "30/m/ip,5/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
MFA_ADAPTER = "glimpse.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Glimpse"

# --- Language and look ---------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("it", "Italiano")]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_SECURE = HTTPS
TIME_ZONE = "UTC"
USE_TZ = True
UNFOLD = {
    "SITE_TITLE": "Glimpse",
    "SITE_HEADER": "Glimpse",
    "SITE_SYMBOL": "visibility",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _: static("play/favicon.svg")}],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {
        "primary": {
            "50": "#fff8eb", "100": "#ffeec8", "200": "#ffdc8b", "300": "#ffc75a", "400": "#ffb547",
            "500": "#f39a1a", "600": "#b26a00", "700": "#8f5300", "800": "#6b3f04", "900": "#4a2c06",
            "950": "#2b1902",
        }
    },
}  # fmt: skip

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.text("GLIMPSE_LOG_LEVEL", "INFO")},
}
