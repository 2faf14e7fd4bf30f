"""``./run up`` on one machine."""

from anlan.config.settings.base import *  # noqa: F403
