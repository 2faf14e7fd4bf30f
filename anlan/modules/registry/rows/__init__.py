"""The registry's rows: one schema for the form, the API and the ledgers.

Pure data and functions over values; nothing here reads the database. What only the database can tell (does the
town exist, is the code on file) is the admission of ``services``.
"""

from anlan.modules.registry.rows.enterprise import (
    ENTERPRISE,
    FLAG_FIELDS,
    PERSONAL_FIELDS,
    PHONE_FIELDS,
    SITE_FIELDS,
    UNIT_FIELDS,
)
from anlan.modules.registry.rows.industry import industry_code, industry_doubts
from anlan.modules.registry.rows.meaning import Somebody, flags_of, kind_told_by, line_of, people_of
from anlan.modules.registry.rows.people import CERTIFICATE, PERSON

__all__ = [
    "CERTIFICATE",
    "ENTERPRISE",
    "FLAG_FIELDS",
    "PERSON",
    "PERSONAL_FIELDS",
    "PHONE_FIELDS",
    "SITE_FIELDS",
    "UNIT_FIELDS",
    "Somebody",
    "flags_of",
    "industry_code",
    "industry_doubts",
    "kind_told_by",
    "line_of",
    "people_of",
]
