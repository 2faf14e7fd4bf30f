"""Posts, certificates, sealing, unmasking, erasing."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps

from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.errors import AlreadyDone, BadInput, BadInputs, NotAllowed, NotFound
from anlan.kernel.identity.models import PersonKey
from anlan.kernel.journal.models import ActKey, Entry
from anlan.kernel.journal.record import about
from anlan.modules.registry import selectors
from anlan.modules.registry.models import Certificate, Person, Post, Site, Unit
from anlan.modules.registry.services import (
    add_certificate,
    add_person,
    change_person,
    end_post,
    erase_person,
    give_post,
    register_unit,
    unmask_person,
    withdraw_certificate,
)
from anlan.modules.registry.tests.conftest import City

PHONE, ID_NUMBER, CERTIFICATE_NUMBER = "13922087641", "441481198803056419", "T441481198803056419"


def id_number(first17: str) -> str:
    """A valid identity number."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first17 + "10X98765432"[sum(int(a) * b for a, b in zip(first17, weights, strict=True)) % 11]


ID_NUMBER = id_number("44148119880305641")
CERTIFICATE_NUMBER = f"T{ID_NUMBER}"


@pytest.fixture
def operator(town: Actor, unit: Unit, site: Site) -> Person:
    """A special operator with everything that is sealed."""
    made = add_person(
        actor=town,
        unit=unit,
        site=site,
        data={
            "name": "黄阿勇",
            "posts": ["special_operator"],
            "phone": PHONE,
            "id_number": ID_NUMBER,
            "since": "2024-05-01",
        },
    )
    add_certificate(actor=town, person=made, data={
        "kind": "special_operation", "number": CERTIFICATE_NUMBER, "work": "熔化焊接与热切割作业", "valid_to": "2030-04-30",
        "issued_on": "2024-05-01", "issuer": "省应急管理厅",
    })  # fmt: skip
    return Person.plain.get(pk=made.pk)


def test_the_people_of_a_row(unit: Unit, town: Actor, site: Site) -> None:
    people = {p.name: {x.kind for x in p.posts.all()} for p in selectors.people(town)}
    assert people == {"陈大文": {"legal_representative"}, "林小满": {"principal"}}
    answer = selectors.principal_of(town, site)
    assert answer is not None and (answer.name, answer.has_phone, answer.has_id_number) == ("林小满", True, False)


def test_posts_are_given_and_ended(town: Actor, operator: Person) -> None:
    give_post(actor=town, person=operator, kind="safety_manager", since=dt.date(2025, 1, 1))
    assert give_post(actor=town, person=operator, kind="safety_manager") == operator
    with pytest.raises(BadInput):
        end_post(actor=town, person=operator, kind="safety_manager", until=dt.date(2024, 1, 1))
    end_post(actor=town, person=operator, kind="safety_manager", until=dt.date(2025, 6, 30))
    end_post(actor=town, person=operator, kind="safety_manager", until=dt.date(2025, 6, 30))
    assert [type(e.fact).__name__ for e in about(operator)][:2] == ["PostEnded", "PostGiven"]
    assert Post.objects.filter(person=operator, until=None).count() == 1


def test_an_unknown_post_and_a_wrong_identity_number_are_refused(town: Actor, unit: Unit) -> None:
    with pytest.raises(BadInputs) as why:
        add_person(
            actor=town,
            unit=unit,
            data={"name": "", "posts": ["king"], "phone": "12", "id_number": ID_NUMBER[:-1] + "A"},
        )
    assert [p.column for p in why.value.problems] == ["name", "posts", "phone", "id_number"]
    assert ID_NUMBER[:-1] not in str([p.params for p in why.value.problems])


def test_the_same_person_twice_in_a_unit_is_refused(town: Actor, unit: Unit, operator: Person) -> None:
    with pytest.raises(BadInputs) as why:
        add_person(
            actor=town, unit=unit, data={"name": "黄阿勇", "posts": ["contact"], "phone": PHONE, "id_number": ID_NUMBER}
        )
    assert [p.column for p in why.value.problems] == ["id_number", "phone"]


def test_a_certificate_starts_a_deadline_and_is_renewed_not_doubled(town: Actor, operator: Person) -> None:
    deadline = Deadline.plain.get(kind="registry.certificate_expiry")
    assert (deadline.desk_holder, deadline.duty, deadline.remind_days) == (operator.holder, "registry.own", [60, 30, 7])
    assert "19号" in deadline.basis
    again = add_certificate(actor=town, person=operator, data={
        "kind": "special_operation", "number": CERTIFICATE_NUMBER, "work": "熔化焊接与热切割作业", "valid_to": "2036-04-30",
        "issued_on": "2024-05-01", "issuer": "省应急管理厅",
    })  # fmt: skip
    assert Certificate.plain.count() == 1
    assert again.valid_to == dt.date(2036, 4, 30)
    assert Deadline.plain.get(state="open").due_at.date() == dt.date(2036, 4, 30)
    withdraw_certificate(actor=town, certificate=again, reason="离职")
    assert Deadline.plain.get().state == "cancelled"


def test_a_certificate_belongs_to_one_person(town: Actor, unit: Unit, operator: Person) -> None:
    other = add_person(actor=town, unit=unit, data={"name": "黄阿强", "posts": ["special_operator"]})
    with pytest.raises(BadInput) as why:
        add_certificate(actor=town, person=other, data={"kind": "special_operation", "number": CERTIFICATE_NUMBER})
    assert why.value.column == "number"


def test_unmasking_needs_the_right_and_a_reason_and_is_journalled_every_time(
    town: Actor, operator: Person, acting: Callable[..., Actor], city: City, stranger: Actor
) -> None:
    with pytest.raises(BadInput):
        unmask_person(actor=town, person=operator, reason="查")
    shown = unmask_person(actor=town, person=operator, reason="核对持证上岗情况")
    assert (shown.phone, shown.id_number, list((shown.certificates or {}).values())) == (
        PHONE,
        ID_NUMBER,
        [CERTIFICATE_NUMBER],
    )
    unmask_person(actor=town, person=operator, reason="再次核对", fields=("phone",))
    entries = Entry.plain.filter(fact_type="registry.PersonUnmasked").order_by("id")
    assert [(e.actor_name, e.data["reason"]) for e in entries] == [
        ("城南镇安监", "核对持证上岗情况"),
        ("城南镇安监", "再次核对"),
    ]
    assert Person.plain.get(pk=operator.pk).version == operator.version
    with pytest.raises(NotAllowed):
        unmask_person(actor=acting("grid_worker", city.south), person=operator, reason="核对持证上岗情况")
    with pytest.raises(NotFound):
        unmask_person(actor=stranger, person=operator, reason="核对持证上岗情况")


def test_what_was_unmasked_is_kept_nowhere(town: Actor, operator: Person) -> None:
    unmask_person(actor=town, person=operator, reason="核对持证上岗情况", key="k1")
    assert PHONE not in str(list(ActKey.objects.values()))
    with pytest.raises(AlreadyDone):
        unmask_person(actor=town, person=operator, reason="核对持证上岗情况", key="k1")


def test_people_of_a_site_elsewhere_are_not_seen(
    city: City, county: Actor, town: Actor, stranger: Actor, unit: Unit, operator: Person
) -> None:
    register_unit(
        actor=stranger, data={"name": unit.name, "uscc": unit.uscc, "town": "河口镇", "principal": "西江分厂长"}
    )
    assert {p.name for p in selectors.people(stranger)} == {"陈大文", "林小满", "西江分厂长"}
    assert {p.name for p in selectors.people(town)} == {"陈大文", "林小满", "黄阿勇"}
    with pytest.raises(NotFound):
        selectors.person(stranger, operator.pk)
    assert not selectors.certificates(stranger).exists()


def test_the_units_own_people_change_their_contact(acting: Callable[..., Actor], unit: Unit, operator: Person) -> None:
    own = acting("unit_safety", holder=unit.holder)
    change_person(actor=own, person=operator, data={"phone": "13800138009"})
    assert unmask_person(actor=own, person=operator, reason="本单位核对").phone == "13800138009"
    other = acting("unit_safety", holder="0" * 32)
    with pytest.raises(NotFound):
        change_person(actor=other, person=operator, data={"phone": "13800138008"})
    fact = about(Person.plain.get(pk=operator.pk))[1].fact
    assert fact is not None and fact.as_data() == {"person": operator.pk, "fields": ["telephone"]}
    change_person(actor=own, person=operator, data={"phone": "138 0013 8009", "name": "黄阿勇"})
    assert Entry.plain.filter(fact_type="registry.SealedFieldsChanged").count() == 1


def test_erasure_leaves_an_empty_row(town: Actor, acting: Callable[..., Actor], city: City, operator: Person) -> None:
    clerk = acting("administrator", city.root)
    with pytest.raises(NotAllowed):
        erase_person(actor=town, person=operator, reason="本人申请删除")
    with pytest.raises(BadInput):
        erase_person(actor=clerk, person=operator, reason=" ")
    key = operator.key_id
    erase_person(actor=clerk, person=operator, reason="本人申请删除（离职满三年）")
    erase_person(actor=clerk, person=operator, reason="本人申请删除（离职满三年）")
    gone = Person.plain.get(pk=operator.pk)
    assert (gone.name, gone.phone_index, gone.id_number_index, gone.key_id, bytes(gone.phone_sealed)) == (
        "",
        "",
        "",
        None,
        b"",
    )
    assert not PersonKey.objects.filter(pk=key).exists()
    assert set(
        apps.get_model("registry", "PersonEvent").objects.filter(pgh_obj_id=gone.pk).values_list("name", flat=True)
    ) == {""}
    assert Entry.plain.filter(fact_type="registry.PersonErased").count() == 1
    assert not gone.posts.filter(until=None).exists()
    with pytest.raises(BadInput):
        unmask_person(actor=town, person=gone, reason="核对持证上岗情况")
    with pytest.raises(BadInput):
        give_post(actor=town, person=gone, kind="contact")


def test_problems_and_logs_never_repeat_personal_values(town: Actor, unit: Unit, caplog: Any) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(BadInputs) as why:
        register_unit(actor=town, data={"name": "某厂子", "town": "城南镇", "phone": PHONE + PHONE, "headcount": "x"})
    assert PHONE not in str(why.value) + str([p.params for p in why.value.problems]) + caplog.text
