"""The platform with a small pool and one slow address, for tests that bring more people than there are connections."""

import os

from anlan.config.settings.test import *  # noqa: F403
from anlan.config.settings.test import DATABASES

DATABASES["default"]["OPTIONS"]["pool"] = {
    "min_size": 1,
    "max_size": int(os.environ["ANLAN_POOL_MAX"]),
    "timeout": float(os.environ.get("CROWD_PATIENCE", "5")),
}
ROOT_URLCONF = "tests.runtime.crowd_urls"
