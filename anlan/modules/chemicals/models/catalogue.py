"""The catalogue of substances, and how the tables of the rules are put into it."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.acts import Versioned
from anlan.kernel.scope import Scoped
from anlan.modules.chemicals.workflow import VIEW
from anlan.rules.substances import Known, known


class Substance(Scoped, Versioned):
    """A substance: one of the tables (``region_path`` and ``holder`` empty, seen by everybody), or a unit's own.

    ``code`` is the CAS number, or the platform's own number of a unit's mixture. ``highly_toxic`` and
    ``explosive_precursor`` are None until a jurisdiction marked it by the list named in the basis: those lists are
    not held. ``symbols`` are categories of GB 18218 Table 2, of the tables as commonly classified (to verify).
    """

    view_permission = VIEW

    code = models.CharField(max_length=32, unique=True, db_collation="C")
    name = models.CharField(pgettext_lazy("chemicals", "Substance"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True, default="")
    aliases = models.CharField(_("Other names"), max_length=300, blank=True, default="")
    cas = models.CharField(_("CAS number"), max_length=12, blank=True, default="", db_collation="C")
    un = models.CharField(_("UN number"), max_length=4, blank=True, default="", db_collation="C")
    symbols = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    key_entry = models.PositiveSmallIntegerField(_("Key supervised chemical"), null=True, blank=True)
    drug_class = models.PositiveSmallIntegerField(_("Precursor of drugs, class"), null=True, blank=True)
    highly_toxic = models.BooleanField(_("Highly toxic chemical"), null=True, blank=True)
    toxic_basis = models.CharField(max_length=120, blank=True, default="")
    explosive_precursor = models.BooleanField(_("Precursor of explosives"), null=True, blank=True)
    explosive_basis = models.CharField(max_length=120, blank=True, default="")

    class Meta(Scoped.Meta):
        verbose_name = _("substance")
        indexes = [
            models.Index(fields=["cas"], name="substance_cas", condition=~models.Q(cas="")),
            models.Index(fields=["holder"], name="substance_holder"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the substance."""
        return reverse("chemicals:substance", kwargs={"pk": self.pk})

    @property
    def own(self) -> bool:
        """Whether a unit entered it itself."""
        return bool(self.holder)

    @property
    def to_police(self) -> bool:
        """Whether its sale and purchase are reported to the police as highly toxic or a precursor of explosives."""
        return bool(self.highly_toxic or self.explosive_precursor)

    @property
    def table(self) -> Known | None:
        """What the tables hold of it."""
        return known().get(self.cas)


def _row(of: Known) -> tuple[Any, ...]:
    aliases = "；".join(of.aliases)[:300]
    return of.cas, of.name[:120], of.name_en[:120], aliases, of.un, list(of.symbols), of.key_entry, of.drug_class


_FILL = """
INSERT INTO chemicals_substance (code, cas, name, name_en, aliases, un, symbols, key_entry, drug_class, region_path,
    sector, holder, version, toxic_basis, explosive_basis)
SELECT c, c, n, e, a, u, string_to_array(s, ' '), nullif(k, 0), nullif(d, 0), '', '', '', 1, '', ''
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[], %s::int[])
    AS t(c, n, e, a, u, s, k, d)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, aliases = excluded.aliases,
    un = excluded.un, symbols = excluded.symbols, key_entry = excluded.key_entry, drug_class = excluded.drug_class
WHERE (chemicals_substance.name, chemicals_substance.name_en, chemicals_substance.aliases, chemicals_substance.un,
    chemicals_substance.symbols, chemicals_substance.key_entry, chemicals_substance.drug_class)
    IS DISTINCT FROM (excluded.name, excluded.name_en, excluded.aliases, excluded.un, excluded.symbols,
    excluded.key_entry, excluded.drug_class)
"""


def fill_catalogue(using: str = "default", **kwargs: Any) -> int:
    """Put the rules' table of substances into the database, in one statement; answers how many rows changed.

    Marks a jurisdiction made stay as they are. Called whenever the database was brought up to date.
    """
    connection = connections[using]
    if Substance._meta.db_table not in connection.introspection.table_names():
        return 0  # the module's own tables are not made yet
    rows = [_row(of) for of in known().values()]
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
    columns[5] = [" ".join(symbols) for symbols in columns[5]]
    columns[6], columns[7] = ([value or 0 for value in columns[at]] for at in (6, 7))
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [columns[0], *columns[1:]])
        return int(cursor.rowcount)
