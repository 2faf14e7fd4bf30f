"""Delegating, seconding, handing over: nobody lends what he has not, nothing falls between two chairs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.utils import IntegrityError

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.acts import Work
from anlan.kernel.deadlines.selectors import due_for
from anlan.kernel.deadlines.services import start
from anlan.kernel.errors import BadInput, NotAllowed, NotFound
from anlan.kernel.identity.actors import actor_for
from anlan.kernel.identity.belongings import held_by
from anlan.kernel.identity.models import Grant, GrantKind, User
from anlan.kernel.identity.selectors import colleagues, delegable, lent, successors
from anlan.kernel.identity.services import close_user, delegate, end_delegation, give_grant, hand_over
from anlan.kernel.journal.models import Entry
from anlan.kernel.notify.models import Message
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import add_region
from tests.kernel.sample.services import open_ticket

SYSTEM = Actor.system("tests")
DAY = dt.timedelta(days=1)
PAPER = "安应急委〔2026〕3号"


def grow(parent: Region | None, name: str, kind: str) -> Region:
    region: Region = add_region(actor=SYSTEM, parent=parent, name=name, kind=kind)
    return region


@pytest.fixture
def town(db: Any) -> Region:
    """A town in a county in a city; a second town beside it."""
    county = grow(grow(None, "安州市", "city"), "本县", "county")
    grow(county, "城北镇", "town")
    return grow(county, "城南镇", "town")


def person(name: str, role: str = "", region: Region | None = None, **more: Any) -> User:
    user: User = User.objects.create_user(f"u{User.objects.count() + 1}", None, name=name)
    if role:
        Grant.objects.create(user=user, role=role, region=region, valid_from=clock.today() - 30 * DAY, **more)
    return user


def own(user: User) -> Grant:
    return Grant.objects.get(user=user, origin=None)


class TestDelegation:
    """委托: what one holds oneself, by dates, on a document."""

    def lend(self, by: User, to: User, **given: Any) -> Grant:
        fields = {"authority": own(by), "valid_to": clock.today() + 9 * DAY, "basis": PAPER, **given}
        grant: Grant = delegate(actor=actor_for(by), user=to, **fields)
        return grant

    def test_by_dates_and_ended_by_itself(self, town: Region) -> None:
        leader, deputy = person("局长", "leader", town), person("副局长", "inspector", town)
        grant = self.lend(leader, deputy, valid_from=clock.today() + DAY, reason="出差")
        assert (grant.kind, grant.origin, grant.basis, grant.role) == (GrantKind.DELEGATED, own(leader), PAPER, "leader")
        assert not actor_for(deputy).may("hazards.instruct")
        with clock.moved_to(clock.now() + DAY):
            assert actor_for(deputy).may_at("hazards.instruct", town.path)
        with clock.moved_to(clock.now() + 10 * DAY):
            assert not actor_for(deputy).may("hazards.instruct")
        entry = Entry.plain.get(fact_type="identity.GrantDelegated")
        assert (entry.data["by"], entry.data["basis"], entry.subject_id) == ("局长", PAPER, str(deputy.pk))
        assert Message.objects.filter(user=deputy).count() == 1
        assert list(lent(actor_for(leader))) == [grant]
        self.lend(leader, deputy, valid_from=clock.today() + DAY, reason="出差")
        assert Grant.objects.filter(origin=own(leader)).count() == 1, "the same again is that one"

    @pytest.mark.parametrize(
        ("given", "column"),
        [
            ({"basis": "  "}, "basis"),
            ({"valid_to": dt.date(2020, 1, 1)}, "valid_to"),
            ({"valid_from": dt.date(2020, 1, 1)}, "valid_from"),
        ],
    )
    def test_bad_input(self, town: Region, given: dict[str, Any], column: str) -> None:
        leader, deputy = person("局长", "leader", town), person("副局长", "inspector", town)
        with pytest.raises(BadInput) as why:
            self.lend(leader, deputy, **given)
        assert why.value.column == column

    def test_nobody_lends_what_he_has_not(self, town: Region) -> None:
        county = Region.objects.get(path=town.path[: -Region.steplen])
        beside = Region.objects.get(name="城北镇")
        leader, deputy = person("镇长", "leader", town), person("副镇长", "inspector", town)
        for given, column in (
            ({"region": county}, "region"), ({"region": beside}, "region"), ({"user": leader}, "user"),
            ({"user": person("外镇", "inspector", beside)}, "user"), ({"user": person("无职")}, "user"),
        ):  # fmt: skip
            with pytest.raises(BadInput) as why:
                delegate(
                    actor=actor_for(leader),
                    **{"authority": own(leader), "user": deputy, "valid_to": clock.today() + DAY, "basis": PAPER, **given},
                )
            assert why.value.column == column
        with pytest.raises(NotFound):
            self.lend(leader, deputy, authority=own(deputy))
        with pytest.raises(NotAllowed):
            self.lend(deputy, leader)
        own_end = Grant.objects.filter(user=leader)
        own_end.update(valid_to=clock.today() + 3 * DAY)
        with pytest.raises(BadInput) as late:
            self.lend(leader, deputy)
        assert late.value.column == "valid_to"

    def test_a_line_stays_a_line(self, town: Region) -> None:
        chief, deputy = person("科长", "county_officer", town, sector="fire"), person("副科长", "inspector", town)
        assert self.lend(chief, deputy).sector == "fire"
        with pytest.raises(BadInput):
            self.lend(chief, deputy, sector="chem", valid_to=clock.today() + 2 * DAY)

    def test_what_was_lent_is_not_lent_on(self, town: Region) -> None:
        leader, deputy, third = (person(n, r, town) for n, r in (("甲", "leader"), ("乙", "inspector"), ("丙", "inspector")))
        grant = self.lend(leader, deputy)
        with pytest.raises(BadInput) as why:
            delegate(actor=actor_for(deputy), authority=grant, user=third, valid_to=clock.today() + DAY, basis=PAPER)
        assert why.value.column == "authority"
        assert grant not in delegable(actor_for(deputy))

    def test_it_ends_with_the_delegators_own(self, town: Region) -> None:
        leader, deputy = person("局长", "leader", town), person("副局长", "inspector", town)
        self.lend(leader, deputy)
        close_user(actor=SYSTEM, user=leader, reason="调离")
        assert not actor_for(deputy).may("hazards.instruct")

    def test_taken_back(self, town: Region) -> None:
        leader, deputy = person("局长", "leader", town), person("副局长", "inspector", town)
        grant = self.lend(leader, deputy)
        with pytest.raises(NotFound):
            end_delegation(actor=actor_for(person("他人", "leader", town)), grant=grant, reason="越权")
        with pytest.raises(BadInput):
            end_delegation(actor=actor_for(leader), grant=grant, reason=" ")
        end_delegation(actor=actor_for(leader), grant=grant, reason="提前返岗")
        end_delegation(actor=actor_for(leader), grant=grant, reason="再按一次")
        assert not actor_for(deputy).may("hazards.instruct")
        assert Entry.plain.filter(fact_type="identity.GrantEnded").count() == 1

    def test_by_a_token_or_by_an_administrator_it_is_refused(self, town: Region) -> None:
        leader, deputy = person("局长", "leader", town), person("副局长", "inspector", town)
        token = actor_for(leader, scopes=frozenset({"identity.delegate"}))
        with pytest.raises(NotAllowed):
            delegate(actor=token, authority=own(leader), user=deputy, valid_to=clock.today(), basis=PAPER)
        with pytest.raises(BadInput) as why:
            give_grant(actor=SYSTEM, user=deputy, role="leader", region=town, kind="delegated")
        assert why.value.column == "kind"

    def test_whom_one_may_choose(self, town: Region) -> None:
        leader, deputy = person("局长", "leader", town), person("副局长", "inspector", town)
        person("外镇", "inspector", Region.objects.get(name="城北镇"))
        assert list(colleagues(actor_for(leader))) == [deputy]


class TestSecondment:
    """派驻: by dates, on a document."""

    def test_it_needs_both(self, town: Region) -> None:
        user = person("张三")
        given = {"user": user, "role": "inspector", "region": town, "kind": "seconded"}
        for lacking, column in (({"basis": PAPER}, "valid_to"), ({"valid_to": clock.today() + DAY}, "basis")):
            with pytest.raises(BadInput) as why:
                give_grant(actor=SYSTEM, **given, **lacking)
            assert why.value.column == column
        grant = give_grant(actor=SYSTEM, **given, basis=PAPER, valid_to=clock.today() + DAY)
        assert (grant.kind, grant.basis) == (GrantKind.SECONDED, PAPER)
        assert Entry.plain.get(fact_type="identity.GrantLent").data["basis"] == PAPER
        with clock.moved_to(clock.now() + 2 * DAY):
            assert not actor_for(user).grants
        with pytest.raises(IntegrityError):
            Grant.objects.create(user=user, role="inspector", region=town, kind="seconded", valid_from=clock.today())


class TestHandOver:
    """One act: what is addressed by name moves, what lies on the desk stays, the authorities end."""

    def item(self, town: Region, user: User | None, duty: str = "hazards.review", kind: str = "tests.a") -> Any:
        ticket = open_ticket(actor=SYSTEM, path=town.path, title=f"某企业整改{kind}")
        return start(
            Work(actor=SYSTEM, act="tests"), ticket, kind=kind, label="Review", due=clock.today() + 5 * DAY, duty=duty,
            desk_path=town.path, assignee=user, title="城南镇某企业",
        )  # fmt: skip

    def test_all_in_one_act(self, town: Region) -> None:
        old, new = person("老周", "town_officer", town), person("小吴", "town_officer", town)
        named, desk = self.item(town, old), self.item(town, None, kind="tests.b")
        assert [h.title for h in held_by(old)] == ["城南镇某企业"]
        assert list(successors(old)) == [new]
        assert list(due_for(actor_for(new))) == [desk]
        day = clock.today() + 3 * DAY
        hand_over(actor=actor_for(old), user=old, to=new, last_day=day, reason="调任")
        named.refresh_from_db()
        assert (named.assignee, named.version) == (new, 2)
        assert set(due_for(actor_for(new))) == {named, desk}
        assert own(old).valid_to == day
        with clock.moved_to(clock.now() + 4 * DAY):
            assert not actor_for(old).grants and actor_for(new).grants
        facts = set(Entry.plain.values_list("fact_type", flat=True))
        assert {"identity.HandedOver", "identity.WorkTaken", "identity.GrantEnded"} <= facts
        assert Message.objects.get(user=new, text__contains="handed over").params["items"] == "1"

    @pytest.mark.parametrize("role", ["", "inspector", "grid_worker"])
    def test_a_successor_without_the_authority_is_refused(self, town: Region, role: str) -> None:
        old, new = person("老周", "town_officer", town), person("小吴", role, town if role else None)
        item = self.item(town, old)
        with pytest.raises(BadInput) as why:
            hand_over(actor=actor_for(old), user=old, to=new, reason="调任")
        assert why.value.column == "to"
        item.refresh_from_db()
        assert item.assignee == old and own(old).valid_to is None, "all or nothing"

    def test_a_successor_of_another_desk_line_or_time_is_refused(self, town: Region) -> None:
        old = person("老周", "town_officer", town)
        beside = Region.objects.get(name="城北镇")
        county = Region.objects.get(path=town.path[: -Region.steplen])
        for new in (
            person("邻镇", "town_officer", beside), person("县里", "county_officer", county),
            person("消防线", "town_officer", town, sector="fire"),
            person("将离", "town_officer", town, valid_to=clock.today()),
        ):  # fmt: skip
            with pytest.raises(BadInput) as why:
                hand_over(actor=actor_for(old), user=old, to=new, reason="调任")
            assert why.value.column == "to"

    def test_what_somebody_has_no_duty_for_is_named(self, town: Region) -> None:
        old, new = person("老周", "town_officer", town), person("小吴", "town_officer", town)
        self.item(town, old, duty="registry.erase")
        with pytest.raises(BadInput) as why:
            hand_over(actor=actor_for(old), user=old, to=new, reason="调任")
        assert "城南镇某企业" in str(why.value)

    def test_by_whom(self, town: Region) -> None:
        old, new = person("老周", "town_officer", town), person("小吴", "town_officer", town)
        beside = Region.objects.get(name="城北镇")
        for actor in (actor_for(new), actor_for(person("外人", "administrator", beside)), Actor(key="user:0", name="", user_id=0)):
            with pytest.raises((NotFound, NotAllowed)):
                hand_over(actor=actor, user=old, to=new, reason="越权")
        admin = person("管理员", "administrator", Region.objects.get(depth=1))
        hand_over(actor=actor_for(admin), user=old, to=new, reason="调任")
        assert own(old).valid_to == clock.today()

    @pytest.mark.parametrize(("given", "column"), [({"reason": " "}, "reason"), ({"last_day": dt.date(2020, 1, 1)}, "last_day")])
    def test_bad_input(self, town: Region, given: dict[str, Any], column: str) -> None:
        old, new = person("老周", "town_officer", town), person("小吴", "town_officer", town)
        with pytest.raises(BadInput) as why:
            hand_over(actor=actor_for(old), user=old, **{"to": new, "reason": "调任", **given})
        assert why.value.column == column

    def test_what_he_delegated_ends_with_him(self, town: Region) -> None:
        old, new = person("老周", "town_officer", town), person("小吴", "town_officer", town)
        deputy = person("小郑", "inspector", town)
        lent_one = delegate(
            actor=actor_for(old), authority=own(old), user=deputy, valid_to=clock.today() + 20 * DAY, basis=PAPER
        )
        hand_over(actor=actor_for(old), user=old, to=new, reason="调任")
        lent_one.refresh_from_db()
        assert lent_one.valid_to == clock.today()
