"""Inviting in bulk, renewing, revoking: set-based, every refused row named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes.services import set_parameter
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, WrongStep
from anlan.kernel.identity.models import Grant
from anlan.kernel.identity.secrets import index_of, new_code, read_code
from anlan.kernel.journal.record import about
from anlan.kernel.workflow import steps_taken
from anlan.modules.welcome import selectors, services
from anlan.modules.welcome.models import Invitation, Round
from anlan.modules.welcome.tests.conftest import PASSWORD, SYSTEM, City, make_unit, make_user, of_registry

Acting = Callable[..., Actor]


def reasons(outcome: services.Outcome) -> dict[str, str]:
    return {t.given: t.why % t.params for t in outcome.refused}


def test_an_invitation(city: City, officer: Actor, unit: Any) -> None:
    outcome = services.invite_units(actor=officer, units=[unit.pk])
    (slip,) = outcome.slips
    row = Invitation.plain.get()
    assert (slip.invitation, slip.unit, slip.number) == (row.pk, "龙田五金厂", unit.uscc)
    assert (row.state, row.holder, row.region_path, row.by_name) == ("open", unit.holder, unit.region_path, "周安监")
    assert clock.day_of(row.expires_at) == clock.today() + dt.timedelta(days=30)
    assert [s.step for s in steps_taken(row)] == ["invite"]
    assert [e.fact_type for e in about(row)] == ["welcome.UnitInvited"]
    assert Round.plain.get().invited == 1


def test_the_code_is_kept_nowhere(officer: Actor, unit: Any) -> None:
    (slip,) = services.invite_units(actor=officer, units=[unit.pk], key="k1").slips
    plain = read_code(slip.code)
    assert len(plain) == 12
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM {name} x WHERE x::text LIKE %s OR x::text LIKE %s", [f"%{plain}%", f"%{slip.code}%"])  # noqa: S608
            assert cursor.fetchone()[0] == 0, table


def test_codes_read_as_people_type_them() -> None:
    code = new_code()
    assert index_of("invitation", code) == index_of("invitation", f"  {code.lower().replace('-', ' ')} ")
    assert index_of("invitation", code) != index_of("recovery", code)
    assert len({new_code() for _ in range(500)}) == 500
    assert not set("01ILO") & set(read_code(code))


def test_every_refused_row_is_named(city: City, officer: Actor, unit: Any, acting: Acting) -> None:
    claimed, far, open_one = make_unit(city.town, 2), make_unit(city.far_town, 3), make_unit(city.town, 4)
    make_user("unit_principal", holder=claimed.holder, name="王厂长")
    services.invite_units(actor=officer, units=[open_one.pk])
    outcome = services.invite_units(
        actor=officer, numbers=[unit.uscc.lower(), claimed.uscc, far.uscc, "91000000000000000X", open_one.uscc, unit.uscc]
    )
    assert [s.number for s in outcome.slips] == [unit.uscc]
    said = reasons(outcome)
    assert "王厂长" in said[f"{claimed.name} {claimed.uscc}"]
    assert "outside your area" in said[far.uscc]
    assert far.name not in str(said)
    assert "no unit with this number" in said["91000000000000000X"]
    assert "invited already" in said[f"{open_one.name} {open_one.uscc}"]
    assert "twice" in said[f"{unit.name} {unit.uscc}"]
    assert len(Round.plain.latest("pk").refused) == 5
    again = services.invite_units(actor=officer, units=[far.pk, 10**12], again=True)
    assert again.slips == [] and again.round is None and len(again.refused) == 2


def test_four_hundred_in_one_go(city: City, officer: Actor) -> None:
    units = [make_unit(city.town, n) for n in range(1, 41)]
    services.invite_units(actor=officer, units=[units[0].pk])
    with CaptureQueriesContext(connection) as few:
        services.invite_units(actor=officer, units=[u.pk for u in units[1:4]])
    with CaptureQueriesContext(connection) as many:
        services.invite_units(actor=officer, units=[u.pk for u in units[4:]])
    assert len(many) == len(few), "as many questions for thirty-six as for three"
    assert Invitation.plain.filter(state="open").count() == 40


def test_invited_again_the_old_code_dies(officer: Actor, unit: Any) -> None:
    (old,) = services.invite_units(actor=officer, units=[unit.pk]).slips
    (new,) = services.invite_units(actor=officer, units=[unit.pk], again=True).slips
    row = Invitation.plain.get()
    assert row.code_index == index_of("invitation", new.code) != index_of("invitation", old.code)
    assert (row.version, row.round) == (2, Round.plain.latest("pk"))
    assert [s.step for s in steps_taken(row)] == ["invite", "renew"]


def test_nobody_invites_beyond_his_area(city: City, unit: Any, acting: Acting) -> None:
    for role, region in (("grid_worker", city.town), ("auditor", city.here)):
        with pytest.raises(NotAllowed):
            services.invite_units(actor=acting(role, region), units=[unit.pk])
    far = services.invite_units(actor=acting("town_officer", city.next_town), units=[unit.pk])
    assert far.slips == []
    assert services.invite_units(actor=acting("county_officer", city.here), units=[unit.pk]).slips


@pytest.mark.parametrize("given", [{}, {"units": [], "numbers": []}, {"units": list(range(1, 1002))}])
def test_nothing_and_too_much_is_refused(officer: Actor, given: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as why:
        services.invite_units(actor=officer, **given)
    assert why.value.column == "units"


def test_renewing(city: City, officer: Actor, unit: Any, acting: Acting) -> None:
    slip = services.invite_units(actor=officer, units=[unit.pk, make_unit(city.town, 2).pk])
    row = Invitation.plain.get(unit=unit)
    late = clock.now() + dt.timedelta(days=31)
    with clock.moved_to(late):
        assert Invitation.plain.get(unit=unit).run_out
        assert selectors.invitations(officer).filter(selectors.run_out()).count() == 2
        (fresh,) = services.renew_invitations(actor=officer, invitations=[row.pk]).slips
        row.refresh_from_db()
        assert not row.run_out and row.code_index == index_of("invitation", fresh.code)
        assert len(services.renew_invitations(actor=officer, round=slip.round).slips) == 2
    for given in ({"invitations": [row.pk]}, {"round": slip.round}):
        with pytest.raises(NotFound):
            services.renew_invitations(actor=acting("town_officer", city.next_town), **given)
    with pytest.raises(NotFound):
        services.renew_invitations(actor=officer, invitations=[])


def test_revoking(officer: Actor, unit: Any) -> None:
    (slip,) = services.invite_units(actor=officer, units=[unit.pk]).slips
    with pytest.raises(BadInput):
        services.revoke_invitation(actor=officer, invitation=slip.invitation, reason=" ")
    services.revoke_invitation(actor=officer, invitation=slip.invitation, reason="发错单位")
    services.revoke_invitation(actor=officer, invitation=slip.invitation, reason="再按一次")
    row = Invitation.plain.get()
    assert row.state == "revoked"
    assert [e.fact_type for e in about(row)][:1] == ["welcome.InvitationRevoked"]
    assert len([e for e in about(row) if e.fact_type == "welcome.InvitationRevoked"]) == 1
    with pytest.raises(NotFound):
        services.renew_invitations(actor=officer, invitations=[row.pk])
    assert services.invite_units(actor=officer, units=[unit.pk]).slips, "invited anew, on a new invitation"


def test_a_claimed_one_stays_claimed(officer: Actor, unit: Any) -> None:
    (slip,) = services.invite_units(actor=officer, units=[unit.pk]).slips
    services.claim_unit(
        actor=Actor.nobody(), code=slip.code, number=unit.uscc, name="林小满", phone="13800138001", username="lin",
        password=PASSWORD,
    )  # fmt: skip
    with pytest.raises(WrongStep):
        services.revoke_invitation(actor=officer, invitation=slip.invitation, reason="撤销")
    with pytest.raises(DatabaseError, match="state"):
        Invitation.plain.filter(pk=slip.invitation).update(state="open", claimed_at=None, claimed_by=None)


def test_a_region_sets_how_long(city: City, officer: Actor, unit: Any) -> None:
    set_parameter(
        actor=SYSTEM, code="welcome.invitation_days", region=city.here, value=7, valid_from=clock.today(), basis="本县通知"
    )
    services.invite_units(actor=officer, units=[unit.pk])
    assert clock.day_of(Invitation.plain.get().expires_at) == clock.today() + dt.timedelta(days=7)


def test_units_without_an_account(city: City, officer: Actor, unit: Any) -> None:
    other = make_unit(city.next_town, 2)
    assert list(selectors.uninvited(officer)) == [unit]
    services.invite_units(actor=officer, units=[unit.pk])
    assert selectors.uninvited(officer).get().invited_until is not None
    user = make_user("unit_worker", holder=unit.holder)
    assert list(selectors.uninvited(officer)) == [unit], "a worker is no principal"
    Grant.objects.filter(user=user).update(role="unit_principal")
    assert not selectors.uninvited(officer).exists()
    assert other not in selectors.uninvited(officer)


def test_an_invitation_follows_its_unit(city: City, officer: Actor, unit: Any) -> None:
    twin = make_unit(city.town, 2, uscc="", name="龙田五金厂（旧）")
    services.invite_units(actor=officer, units=[twin.pk])
    of_registry("merge_units")(actor=SYSTEM, unit=unit, other=twin, reason="同一家")
    row = Invitation.plain.get()
    services.carry_invitation(actor=SYSTEM, invitation=row.pk, why="同一家")
    row.refresh_from_db()
    assert (row.unit_id, row.holder, row.state) == (unit.pk, unit.holder, "open")
    assert Invitation.plain.get().version == 2
    services.carry_invitation(actor=SYSTEM, invitation=row.pk, why="再来一次")
    assert Invitation.plain.get().version == 2, "nothing changed"
