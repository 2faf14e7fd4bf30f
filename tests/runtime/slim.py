"""The smallest program the supervisor can run: the queue and the health page, no business.

Settings and addresses in one file, so that tests of processes start in a second and stand whatever else changes.
"""

import os

from django.urls import path

from anlan.config.database import connection_settings
from anlan.runtime.health import healthz
from anlan.runtime.log import logging_settings
from anlan.runtime.places import data_folder

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["127.0.0.1"]
DATA = data_folder()
INSTALLED_APPS = ["django.contrib.staticfiles", "procrastinate.contrib.django"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = __name__
DATABASES = {"default": connection_settings(os.environ.get("ANLAN_DATABASE_URL", "postgresql:///anlan"))}
USE_TZ = True
STATIC_URL, STATIC_ROOT = "/static/", DATA / "static"
LOGGING = logging_settings()

urlpatterns = [path("healthz", healthz)]
