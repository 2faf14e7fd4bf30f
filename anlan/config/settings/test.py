"""Tests: a throw-away database and folder, cheap passwords, mail kept in memory."""

import os
import sys
import tempfile
from pathlib import Path

from anlan.config.settings.base import *  # noqa: F403
from anlan.config.settings.base import DATABASES, DJANGO_VITE, INSTALLED_APPS, PACKAGE, ROOT

# The kernel's tests bring a small module of their own, which lies beside the package.
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))
INSTALLED_APPS = [*INSTALLED_APPS, "tests.kernel.sample"]

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["*"]

# One folder per test process; nothing of a real deployment is read or written. A test run removes them all at its
# end (its workers leave without saying good-bye), any other process its own.
if "ANLAN_TEST_FOLDER" in os.environ:
    DATA = Path(tempfile.mkdtemp(dir=os.environ["ANLAN_TEST_FOLDER"]))
else:
    _FOLDER = tempfile.TemporaryDirectory(prefix="anlan-test-")
    DATA = Path(_FOLDER.name)
SECRETS = DATA / "secrets"
STATIC_ROOT = DATA / "static"
FILES_ROOT = DATA / "files"
EMAIL_FILE_PATH = DATA / "mail"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# A pool would keep connections open that the test database's removal has to wait for.
DATABASES["default"]["OPTIONS"].pop("pool", None)
DATABASES["default"]["CONN_MAX_AGE"] = 0

CALENDAR_LOOK_SECONDS = None

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Unit tests run without a build of the front end; pages then name the sources instead.
DJANGO_VITE["default"]["dev_mode"] = not (PACKAGE / "ui" / "static" / "dist" / "manifest.json").exists()
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
