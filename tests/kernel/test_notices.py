"""The yearly holiday notice: loaded once, in turn, and what was provisional counted anew, each with its entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from anlan.kernel.acts import ACTS, Work, act
from anlan.kernel.clock import end_of, moved_to
from anlan.kernel.deadlines import notices
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.deadlines.models import Deadline, HolidayNotice
from anlan.kernel.deadlines.notices import load_notice
from anlan.kernel.errors import BadInput, NotAllowed
from anlan.kernel.journal.record import about
from anlan.rules import working_days
from anlan.rules.holiday_notice import read_notice
from anlan.rules.refusal import BadInput as WrongFile
from anlan.rules.working_days import add_natural_days, add_working_days
from anlan.runtime import cli
from tests.kernel.conftest import SYSTEM, City, plain_actor
from tests.kernel.sample.models import Ticket
from tests.kernel.sample.services import open_ticket

pytestmark = pytest.mark.django_db
WHY = "a test"
DECEMBER = dt.date(2026, 12, 28)
SPRING = dt.date(2027, 2, 3)


def csv_of(year: int = 2027, *more: str) -> str:
    """A notice: the statutory days, with a bridge on 9 to 12 February and make-up days on 30 January and 20 February."""
    days = [f"{day},holiday,{name.zh}" for day, name in working_days.festivals_of(year).items()]
    if year == 2027:
        days += [f"2027-02-{day:02},holiday,春节" for day in (9, 10, 11, 12)]
        days += ["2027-01-30,workday,春节", "2027-02-20,workday,春节"]
    return "\n".join(["date,kind,name_zh", *days, *more]) + "\n"


@pytest.fixture(autouse=True)
def own_calendar() -> Iterator[None]:
    """The calendar of this process as it was."""
    before = working_days.hold(())
    yield
    working_days.hold(before)


@pytest.fixture
def ticket(city: City) -> Ticket:
    made: Ticket = open_ticket(actor=SYSTEM, path=city.v1.path, title="漏电")
    return made


@pytest.fixture
def start(ticket: Ticket, city: City) -> Callable[..., Deadline]:
    def begin(**more: Any) -> Deadline:
        @act(may="sample.open", on=Ticket)
        def step(work: Work, ticket: Ticket) -> list[Deadline]:
            wanted = {"kind": "fix", "label": "Fix it", "duty": "sample.fix", "desk_path": city.a1.path, **more}
            return [deadlines.start(work, ticket, **wanted)]

        ACTS.pop("test_notices.step", None)
        return step(actor=SYSTEM, ticket=ticket)[0]

    return begin


def load(text: str, source: str = "2027.csv") -> dict[str, int]:
    told: dict[str, int] = load_notice(actor=SYSTEM, notice=read_notice(text), source=source)
    return told


def entries(ticket: Ticket) -> list[Any]:
    return [entry for entry in about(ticket) if entry.fact_type.endswith("DeadlineRecounted")]


def test_a_limit_in_working_days_is_counted_anew_with_an_entry(ticket: Ticket, start: Any) -> None:
    with moved_to(SPRING):
        due = add_working_days(SPRING, 5)
        assert (str(due.due), due.provisional) == ("2027-02-12", True)
        start(due=due.due, starts_on=SPRING, provisional=True, in_working_days=True)
        assert load(csv_of()) == {"recounted": 1, "moved": 1}
    stored = Deadline.objects.everything(why=WHY).get()
    assert (stored.due_at, stored.provisional) == (end_of(dt.date(2027, 2, 18)), False)
    (entry,) = entries(ticket)
    assert entry.data["before"] == "2027-02-12"
    assert (entry.data["due"], entry.data["year"]) == ("2027-02-18", 2027)
    assert any("2027-02-18" in step for step in stored.trace)


def test_a_natural_limit_rolls_anew_from_its_raw_day(ticket: Ticket, start: Any) -> None:
    """Rolled to Tuesday the 9th, provisionally; the notice gives that week off."""
    with moved_to(SPRING):
        due = add_natural_days(dt.date(2027, 1, 27), 10, roll=True)
        assert (str(due.raw), str(due.due)) == ("2027-02-06", "2027-02-09")
        start(due=due.due, raw=due.raw, starts_on=SPRING, provisional=True)
        load(csv_of())
    assert Deadline.objects.everything(why=WHY).get().due_at == end_of(dt.date(2027, 2, 15))
    assert len(entries(ticket)) == 1


def test_a_day_that_stays_becomes_settled_and_says_so(ticket: Ticket, start: Any) -> None:
    day = dt.date(2027, 3, 1)
    with moved_to(SPRING):
        start(due=day, starts_on=SPRING, provisional=True)
        assert load(csv_of()) == {"recounted": 1, "moved": 0}
    assert not Deadline.objects.everything(why=WHY).get().provisional
    (entry,) = entries(ticket)
    assert entry.data["before"] == entry.data["due"] == day.isoformat()


def test_settled_and_ended_limits_are_left_alone(ticket: Ticket, start: Any) -> None:
    with moved_to(DECEMBER):
        start(due=dt.date(2026, 12, 28), starts_on=DECEMBER)
        assert load(csv_of()) == {"recounted": 0, "moved": 0}
    assert entries(ticket) == []


def test_the_same_notice_again_changes_nothing_and_another_one_is_refused() -> None:
    load(csv_of())
    assert load(csv_of(), "again.csv") == {"recounted": 0, "moved": 0}
    assert HolidayNotice.objects.get().source == "2027.csv"
    with pytest.raises(BadInput, match="held with other days"):
        load(csv_of(2027, "2027-10-04,holiday,国庆节"))
    with pytest.raises(BadInput, match="next notice"):
        load(csv_of(2029))
    load(csv_of(2028), "2028.csv")
    assert working_days.last_notice() == 2028


def test_a_refused_load_leaves_the_calendar_as_it_was(ticket: Ticket, start: Any, monkeypatch: Any) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("planted")

    with moved_to(SPRING):
        start(due=dt.date(2027, 2, 12), starts_on=SPRING, provisional=True, in_working_days=True)
        monkeypatch.setattr(notices, "AFTER_RECOUNT", [fails])
        with pytest.raises(RuntimeError, match="planted"):
            load(csv_of())
    assert working_days.last_notice() == working_days.LAST_NOTICE
    assert not HolidayNotice.objects.exists()
    assert Deadline.objects.everything(why=WHY).get().provisional


def test_only_whoever_runs_the_machine_loads(city: City) -> None:
    with pytest.raises(NotAllowed):
        load_notice(actor=plain_actor(city.a1.path), notice=read_notice(csv_of()), source="x")


def test_another_process_takes_the_notice_over(settings: Any) -> None:
    load(csv_of())
    working_days.hold(())
    notices.look()
    assert working_days.last_notice() == 2026
    settings.CALENDAR_LOOK_SECONDS = 0
    notices.look()
    assert working_days.last_notice() == 2027


def test_the_command_says_what_was_counted_anew_and_names_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad, broken = (tmp_path / name for name in ("2027.csv", "bad.csv", "gbk.csv"))
    good.write_text(csv_of(), "utf-8")
    bad.write_text(csv_of(2027, "2027-03-06,workday,植树节"), "utf-8")
    broken.write_bytes("元旦".encode("gbk"))
    assert cli.main(["load", "holidays", str(bad)]) == 2
    assert "line 21.name_zh" in capsys.readouterr().err
    assert cli.main(["load", "holidays", str(broken)]) == 2
    assert "UTF-8" in capsys.readouterr().err
    assert cli.main(["load", "holidays", str(good)]) == 0
    assert "2027: 17 days off, 2 make-up working days" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "date: is no column"),
        ("date,kind\n", "name_zh: is no column"),
        ("date,kind,name_zh\n", "no day stands in the file"),
        ("date,kind,name_zh\n2027-02-30,holiday,元旦\n", "line 2.date: is '2027-02-30'"),
        ("date,kind,name_zh\n2027-01-01,off,元旦\n", "line 2.kind: is 'off'; accepted: holiday, workday"),
        ("date,kind,name_zh\n2027-01-04,workday,元旦\n", "is a weekday"),
        ("date,kind,name_zh\n2027-01-01,holiday,元旦\n2027-01-01,holiday,元旦\n", "line 3.date: 2027-01-01 stands twice"),
        (csv_of(2027, "2028-03-01,holiday,春节"), "2028-03-01 is of another year than 2027"),
        (csv_of(2027).replace("2027-05-01,holiday,劳动节\n", ""), "lacks 2027-05-01"),
    ],
)
def test_a_file_that_is_no_notice_is_refused_by_line_and_column(text: str, said: str) -> None:
    with pytest.raises(WrongFile) as caught:
        read_notice(text)
    assert said in str(caught.value)
