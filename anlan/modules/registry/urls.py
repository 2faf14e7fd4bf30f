"""Addresses of the registry, under ``/registry/``."""

from __future__ import annotations

from anlan.modules.registry.views import acts, duplicates, lists, records
from anlan.ui.pages import urls

urlpatterns = urls(
    lists.SITES, lists.UNITS, lists.CERTIFICATES, lists.MAP, lists.POINTS, duplicates.DUPLICATES, acts.REGISTER,
    acts.REGISTER_FOUND, acts.CORRECT_SITE,
    records.UNIT, records.SITE, records.PERSON, acts.ADD_SITE, acts.CHANGE_UNIT, acts.UPGRADE, acts.MERGE_UNITS,
    acts.DIFFERENT, acts.CHANGE_SITE, acts.MOVE, acts.SUSPEND, acts.CLOSE, acts.REOPEN, acts.LANDLORD, acts.MERGE_SITES,
    acts.ADD_PERSON, acts.CHANGE_PERSON, acts.GIVE_POST, acts.END_POST, acts.ADD_CERTIFICATE, acts.WITHDRAW, acts.ERASE,
    acts.UNMASK, acts.UNMASK_CERTIFICATE,
)  # fmt: skip
