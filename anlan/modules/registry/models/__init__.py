"""The registry's tables."""

from anlan.modules.registry.models.people import Certificate, Person, PhoneLook, Post
from anlan.modules.registry.models.sites import Site, StatusChange
from anlan.modules.registry.models.units import Difference, FormerName, Unit

__all__ = ["Certificate", "Difference", "FormerName", "Person", "PhoneLook", "Post", "Site", "StatusChange", "Unit"]
