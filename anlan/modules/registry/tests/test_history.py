"""The history of every field, kept by the database whoever writes."""

from __future__ import annotations

import pgtrigger
import pytest
from django.db import ProgrammingError, connection, transaction

from anlan.kernel.actor import Actor
from anlan.kernel.bulk import copy_new
from anlan.kernel.errors import NotFound, Unguarded
from anlan.modules.registry import selectors
from anlan.modules.registry.models import Certificate, FormerName, Person, Site, Unit
from anlan.modules.registry.services import change_person, change_site, change_unit
from anlan.modules.registry.tests.conftest import code


def test_every_field_with_who_and_what_before(county: Actor, unit: Unit, site: Site) -> None:
    change_site(actor=county, site=site, data={"headcount": 120, "scale": "small"})
    change_unit(actor=county, unit=unit, data={"name": "东江县龙田重工有限公司"})
    told = {(c.field, c.before, c.after, c.by, c.act) for c in selectors.history(county, site) if not c.first}
    assert ("headcount", 86, 120, "县应急局", "registry.change_site") in told
    assert ("scale", "", "小型", "县应急局", "registry.change_site") in told or (
        "scale",
        "",
        "Small",
        "县应急局",
        "registry.change_site",
    ) in told
    names = [(c.before, c.after) for c in selectors.history(county, unit) if c.field == "name"]
    assert names == [("东江县龙田机械有限公司", "东江县龙田重工有限公司"), ("", "东江县龙田机械有限公司")]


def test_raw_sql_is_history_too(county: Actor, site: Site) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_site SET headcount = 7 WHERE id = %s", [site.pk])
    newest = selectors.history(county, site)[0]
    assert (newest.field, newest.before, newest.after) == ("headcount", 86, 7)


def test_the_history_cannot_be_rewritten(site: Site) -> None:
    for statement in ("UPDATE registry_siteevent SET headcount = 1", "DELETE FROM registry_siteevent"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_sealed_columns_are_in_no_history(town: Actor, unit: Unit) -> None:
    person = Person.plain.get(name="林小满")
    before = len(selectors.history(town, person))
    change_person(actor=town, person=person, data={"phone": "13800138007"})
    assert len(selectors.history(town, person)) == before
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name IN ('registry_personevent', 'registry_certificateevent')"
        )
        columns = {name for (name,) in cursor.fetchall()}
    assert not {c for c in columns if "sealed" in c or "index" in c or c == "key_id"}


def test_history_is_for_those_who_see_the_record(stranger: Actor, site: Site) -> None:
    with pytest.raises(NotFound):
        selectors.history(stranger, site)


@pytest.mark.parametrize("model", [Unit, Site, Person, Certificate])
def test_rows_are_refused_until_it_is_said_for_whom(model: type[Site], unit: Unit) -> None:
    for read in (list, lambda rows: rows.count(), lambda rows: rows.first(), lambda rows: rows.values_list("pk").get()):
        with pytest.raises(Unguarded):
            read(model.objects.all())


def test_rows_written_together_raise_no_error_in_each_trigger(county: Actor) -> None:
    """An unset answer would be caught in a transaction of its own for each row, which makes long ledgers quadratic."""
    with transaction.atomic(), connection.cursor() as cursor:
        copy_new(FormerName, [])
        cursor.execute("SELECT nullif(current_setting('pgtrigger.ignore', true), '')")
        assert cursor.fetchone() == (None,)
    with transaction.atomic(), connection.cursor() as cursor:
        copy_new(Unit, [Unit(name="东江县清溪玻璃厂", uscc=code(55), region_path="4499", holder="h" * 32)])
        cursor.execute("SELECT current_setting('pgtrigger.ignore')")
        assert cursor.fetchone() == ("{}",)
        transaction.set_rollback(True)
    with pgtrigger.ignore("registry.Unit:insert_insert"), transaction.atomic(), connection.cursor() as cursor:
        copy_new(Unit, [Unit(name="东江县清溪玻璃厂", uscc=code(55), region_path="4499", holder="h" * 32)])
        cursor.execute("SELECT count(*) FROM registry_unitevent WHERE holder = %s", ["h" * 32])
        assert cursor.fetchone() == (0,)
        transaction.set_rollback(True)
