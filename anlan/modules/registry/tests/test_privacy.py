"""Identity numbers, telephones and certificate numbers are readable nowhere: tables, files, logs, backup."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from anlan.kernel.actor import Actor
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.models import PersonKey
from anlan.kernel.identity.sealing import unseal
from anlan.kernel.intake.models import Batch
from anlan.kernel.intake.services import confirm_batch, open_batch
from anlan.kernel.intake.tasks import read_batch, run_batch
from anlan.modules.registry.models import Certificate, Person, Unit
from anlan.modules.registry.services import add_certificate, add_person, erase_person, register_unit, unmask_person
from anlan.modules.registry.tests import ledger
from anlan.modules.registry.tests.conftest import City, code, make_city, make_user
from anlan.modules.registry.tests.test_people import CERTIFICATE_NUMBER, ID_NUMBER

PHONE = "13711112222"
SECRETS = (PHONE, ID_NUMBER, CERTIFICATE_NUMBER, ledger.PHONE)

pytestmark = pytest.mark.django_db(transaction=True)


def dump(folder: Path) -> Path:
    """A backup: every row of every table, as PostgreSQL copies it."""
    target = folder / "backup.copy"
    with target.open("wb") as out, connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            with cursor.copy(f"COPY {table} TO STDOUT") as rows:  # type: ignore[attr-defined]
                for piece in rows:
                    out.write(piece)
    return target


def found_in(content: bytes) -> set[str]:
    """Which secrets are readable in it, also written as hexadecimal bytes."""
    lower = content.lower()
    return {s for s in SECRETS if s.encode().lower() in lower or s.encode().hex().encode() in lower}


@pytest.fixture
def told(tmp_path: Path, caplog: Any, settings: Any) -> Any:
    """Everything that was done with personal data, and where traces of it might lie."""
    city: City = make_city()
    county: Actor = actor_for(make_user("county_officer", city.east))
    clerk: Actor = actor_for(make_user("administrator", city.root))
    with caplog.at_level(logging.DEBUG):
        unit: Unit = register_unit(
            actor=county, key="k1",
            data={"name": "东江县龙田机械有限公司", "uscc": code(21), "town": "城南镇", "principal": "林小满", "phone": PHONE},
        )  # fmt: skip
        data = {"name": "欧阳小勇", "posts": ["special_operator"], "phone": PHONE, "id_number": ID_NUMBER}
        person: Person = add_person(actor=county, unit=unit, data=data, key="k2")
        add_certificate(
            actor=county, person=person, key="k3", data={"kind": "special_operation", "number": CERTIFICATE_NUMBER}
        )
        unmask_person(actor=county, person=person, reason="核对持证上岗情况", key="k4")
        batch: Batch = open_batch(
            actor=county, noun="enterprises", file_name="台账.xlsx", content=ledger.as_bytes(ledger.messy()), key="k5"
        )
        read_batch(str(batch.pk))
        confirm_batch(actor=county, batch=batch)
        run_batch(str(batch.pk), "enterprises")
    before = dump(tmp_path / ".")
    return {"person": person, "clerk": clerk, "before": before, "log": caplog.text, "files": Path(settings.FILES_ROOT)}


def test_nothing_personal_is_readable_anywhere(told: Any) -> None:
    content = told["before"].read_bytes()
    assert "欧阳小勇".encode() in content  # the dump does hold the rows
    assert found_in(content) == set()
    assert found_in(told["log"].encode()) == set()
    for path in told["files"].rglob("*"):
        assert not path.is_file() or found_in(path.read_bytes()) == set(), path


def test_after_erasure_the_sealed_values_of_a_backup_open_with_no_key_that_is_left(told: Any, tmp_path: Path) -> None:
    person = Person.plain.get(pk=told["person"].pk)
    sealed = [bytes(person.phone_sealed), bytes(person.id_number_sealed), bytes(Certificate.plain.get().number_sealed)]
    index, key = person.phone_index, person.key
    assert key is not None and unseal(key.wrapped, sealed[0]) == PHONE
    erase_person(actor=told["clerk"], person=person, reason="本人申请删除（离职满三年）")
    assert {unseal(k.wrapped, value) for k in PersonKey.objects.all() for value in sealed} == {None}
    (tmp_path / "after").mkdir()
    after = dump(tmp_path / "after").read_bytes()
    assert found_in(after) == set()
    for trace in ("欧阳小勇", person.id_number_index):
        assert trace.encode() not in after, trace
    assert bytes(key.wrapped).hex().encode() not in after
    assert not Person.plain.filter(pk=person.pk, phone_index=index).exists()
    assert not any(value.hex().encode() in after for value in sealed)
