"""What happens to one hazard of the demo city: who does what, when, by acts the process permits.

``play`` runs a whole history on a ``Stage``; the stage stops it at the city's day, so what is under way then stays
under way. Most is done in time, some late, some returned, a few withdrawn, listed, extended or reopened.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.modules.hazards.services import extension, instruction, listing, loop, report, withdrawal
from anlan.rules import hazard_list
from anlan.rules.citation import NotHeld
from anlan.rules.hazard_grade import PLAN_ITEMS, SETTLED_ITEMS
from anlan.runtime.demo.stories import Story


class CurtainFalls(Exception):
    """The city's day is reached: what comes after has not happened."""


class Stage(Protocol):
    """Where acts are performed: in memory for the city, in the database for the replay test."""

    def do(self, at: dt.datetime, actor: Actor, act: Any, **given: Any) -> Any:
        """Perform an act at a moment; ``CurtainFalls`` when that lies beyond the city's day."""

    def photo(self, purpose: str, number: int) -> Any:
        """A picture to hand in."""


@dataclass(frozen=True)
class Cast:
    """The people who deal with one site's hazards."""

    principal: Actor
    safety: Actor
    officer: Actor
    second: Actor
    inspector: Actor
    grid: Actor
    expert: Actor
    county: Actor
    county_second: Actor
    leader: Actor
    leader_name: str
    leader_title: str
    town_leader_name: str


@dataclass(frozen=True)
class Plot:
    """One hazard to be: where, what, when found, and the dice for the rest."""

    site: Any
    story: Story
    found_on: dt.date
    dice: random.Random
    again: Callable[[], random.Random]


PICTURES = 12
MINOR_WORDS = ("经核，", "现场复核，", "对照台账，", "")
OPINIONS = ("经现场复查，隐患已按要求整改到位。", "复查合格，整改措施落实。", "已对照要求逐项核验，整改完成。")
RETURNS = (
    "整改照片不能反映隐患部位，请补充近景照片。",
    "仅完成临时措施，未按要求彻底整改。",
    "缺少责任人签字和整改记录，请补齐后重新提交。",
)
REPORT_RETURNS = ("隐患部位描述不清，请补充具体位置和照片。", "请补充涉及设备名称和数量。")
EXTENSION_REASONS = ("配件须向厂家定制，到货周期较长。", "涉及停产检修，须与订单交付错开。")


def play(stage: Stage, cast: Cast, plot: Plot) -> None:
    """Run one history until it ends or the curtain falls."""
    try:
        _Play(stage, cast, plot).run()
    except CurtainFalls:
        return


class _Play:
    def __init__(self, stage: Stage, cast: Cast, plot: Plot) -> None:
        self.stage, self.cast, self.plot, self.dice = stage, cast, plot, plot.dice
        self.at = office_hour(plot.found_on, self.dice)
        self.hazard: Any = None

    def run(self) -> None:
        by_unit = self._enter()
        if self.dice.random() < 0.02:
            self._withdraw()
            return
        if (self.plot.story.clause and self.dice.random() < 0.55) or self.dice.random() < 0.004:
            self._major()
        elif by_unit and self.dice.random() < 0.6:
            self._own_affair()
        else:
            self._general()

    # Entering

    def _enter(self) -> bool:
        story, dice = self.plot.story, self.dice
        who = dice.choices(("unit", "inspector", "officer", "grid", "expert", "tip_off"), (44, 30, 12, 6, 5, 3))[0]
        by_unit = who == "unit"
        said: dict[str, Any] = {
            "site": self.plot.site,
            "title": story.title,
            "description": dice.choice(MINOR_WORDS) + story.seen,
            "place": story.place,
            "category": story.theme,
            "found_on": self.plot.found_on,
            "distinct": True,
        }
        if dice.random() < 0.35:
            said["before"] = [self.stage.photo("before", dice.randrange(PICTURES))]
        if by_unit:
            actor = self.cast.safety if dice.random() < 0.8 else self.cast.principal
            self.hazard = self._do(actor, report.report_hazard, **said)
        else:
            actor = {
                "inspector": self.cast.inspector,
                "officer": self.cast.officer,
                "grid": self.cast.grid,
                "expert": self.cast.expert,
                "tip_off": self.cast.second,
            }[who]
            said["source"] = {"expert": "expert", "tip_off": "tip_off"}.get(who, "inspection")
            self.hazard = self._do(actor, report.find_hazard, **said)
        if dice.random() < 0.05:
            self._wait(0, 2)
            self._do(self.cast.officer, report.return_report, reason=dice.choice(REPORT_RETURNS))
            self._wait(1, 3)
            more = story.seen + "涉及部位已在现场标注，数量一处。"
            # A grid worker's finding lies on the town's desk: there the details are added.
            self._do(self.cast.inspector if who == "grid" else actor, report.resubmit_report, description=more)
        return by_unit

    def _withdraw(self) -> None:
        self._wait(0, 3)
        self._do(
            self.cast.officer, withdrawal.propose_withdrawal, reason="经现场核实，设施符合现行标准要求，不构成隐患。"
        )
        self._wait(0, 3)
        if self.dice.random() < 0.8:
            self._do(self.cast.second, withdrawal.agree_withdrawal, opinion="同意撤销。")
            return
        self._do(self.cast.second, withdrawal.refuse_withdrawal, reason="现场仍有安全风险，应继续治理。")
        self._general()

    # The three roads

    def _own_affair(self) -> None:
        """A unit settles a general hazard of its own finding."""
        self._wait(0, 2)
        due = clock.day_of(self.at) + dt.timedelta(days=self.dice.choice((3, 5, 7, 10)))
        self._do(self.cast.principal, loop.assess_own, due=due)
        self._rectify(self.cast.safety)
        self._wait(0, 3)
        self._do(self.cast.principal, loop.accept_own, opinion="已整改，现场确认。")
        self._wait(0, 3)
        self._do(self.cast.principal, loop.close_own, opinion="销账。")
        self._look_back()

    def _general(self) -> None:
        self._wait(0, 3)
        given: dict[str, Any] = {"judgement": "危害较小，发现后能够限期整改排除。"}
        if self.dice.random() < 0.5:
            given["due"] = clock.day_of(self.at) + dt.timedelta(days=self.dice.choice((5, 7, 10, 15, 20)))
            given["requirements"] = "按要求整改并留存前后对比照片，整改期间落实防范措施。"
        self._do(self.cast.officer, loop.assess_general, **given)
        if self.dice.random() < 0.03:
            self._wait(0, 2)
            self._instruct("请督促企业按期整改，举一反三，防止反弹。", 7)
        self._maybe_extend()
        self._rectify(self.cast.safety)
        self._review(self.cast.inspector if self.dice.random() < 0.6 else self.cast.second)
        self._wait(0, 4)
        self._do(self.cast.officer, loop.close_hazard, opinion="同意销账。")
        self._look_back()

    def _major(self) -> None:
        self._wait(0, 2)
        self._do(
            self.cast.officer,
            loop.assess_major,
            judgement="对照判定标准，符合重大事故隐患情形。",
            clause=self._clause(),
        )
        self._wait(0, 1)
        self._do(self.cast.principal, loop.report_major, receiver="workers", on=clock.day_of(self.at))
        if self.hazard.reported_regulator_on is None:
            self._do(self.cast.principal, loop.report_major, receiver="regulator", on=clock.day_of(self.at))
        self._wait(2, 9)
        self._plan()
        self._wait(0, 4)
        if self.dice.random() < 0.2:
            self._do(self.cast.county, loop.return_plan, reason="应急措施不具体，请明确责任人和停产范围。")
            self._wait(1, 5)
            self._plan()
            self._wait(0, 3)
        self._do(self.cast.county, loop.approve_plan, opinion="同意方案，按期完成。")
        listed = None
        if self.dice.random() < 0.7:
            self._wait(0, 3)
            listed = self._list()
        if self.dice.random() < 0.15:
            self._wait(0, 3)
            self._instruct("列入督办，必须按期销号，整改不到位不得恢复生产。", 10)
        self._rectify(self.cast.safety)
        self._review(self.cast.second)
        self._wait(1, 6)
        self._evaluate()
        if listed is not None:
            self._wait(0, 3)
            self._do(
                self.cast.principal,
                listing.request_delisting,
                "listing",
                listed,
                evaluation="治理完成并经评估，申请摘牌。",
            )
            self._wait(1, 5)
            self._do(
                self.cast.county_second, listing.delist_hazard, "listing", listed, answer="现场审查合格，同意摘牌。"
            )
        self._wait(0, 3)
        self._do(self.cast.officer, loop.close_hazard, opinion="同意销账。")
        self._look_back()

    # Parts

    def _plan(self) -> None:
        months = self.dice.choice((20, 30, 45, 60, 90))
        self._do(
            self.cast.principal,
            loop.submit_plan,
            settled={item.code: _SETTLED[i % len(_SETTLED)] for i, item in enumerate(SETTLED_ITEMS)},
            plan={item.code: _PLAN[i % len(_PLAN)] for i, item in enumerate(PLAN_ITEMS)},
            plan_due=clock.day_of(self.at) + dt.timedelta(days=months),
            money_needed_yuan=Decimal(self.dice.choice((20000, 50000, 80000, 150000, 300000, 600000))),
            plan_files=[self.stage.photo("plan", 0)],
        )

    def _list(self) -> Any:
        county = self.dice.random() < 0.6
        actor = self.cast.county if county else self.cast.officer
        name, title = (
            (self.cast.leader_name, self.cast.leader_title)
            if county
            else (self.cast.town_leader_name, "镇街分管负责人")
        )
        return self._do(
            actor,
            listing.list_hazard,
            level="county" if county else "town",
            leader_name=name,
            leader_title=title,
            due_on=self.hazard.rectify_due or clock.day_of(self.at) + dt.timedelta(days=30),
            reason="重大事故隐患，依法挂牌督办。",
            requirements="责任、资金、措施、时限、预案落实到位。",
            leader_phone=f"0999-{self.dice.randrange(2000000, 8999999)}",
        )

    def _instruct(self, text: str, days: int) -> None:
        """A leader writes; the office answers, nearly always in time."""
        given = self._do(
            self.cast.leader, instruction.instruct, text=text, due_on=clock.day_of(self.at) + dt.timedelta(days=days)
        )
        if self.dice.random() < 0.97:
            self._wait(1, days)
            self._do(
                self.cast.officer,
                instruction.answer_instruction,
                "instruction",
                given,
                answer="已约谈企业负责人，明确整改时限和防范措施。",
            )

    def _maybe_extend(self) -> None:
        due = self.hazard.rectify_due
        if self.dice.random() > 0.04 or (due - clock.day_of(self.at)).days < 5:
            return
        self.at = office_hour(due - dt.timedelta(days=self.dice.randint(1, 3)), self.dice)
        asked = self._do(
            self.cast.safety,
            extension.ask_extension,
            asked_due=due + dt.timedelta(days=self.dice.choice((7, 10, 15))),
            reason=self.dice.choice(EXTENSION_REASONS),
            safeguards="停用相关设备，设置警戒，专人巡查。",
        )
        self._wait(0, 1)
        if self.dice.random() < 0.75:
            self._do(
                self.cast.officer, extension.grant_extension, "extension", asked, answer="情况属实，同意延期一次。"
            )
        else:
            self._do(
                self.cast.officer, extension.refuse_extension, "extension", asked, answer="理由不充分，按原期限整改。"
            )

    def _rectify(self, actor: Actor) -> None:
        """Hand in: nine of ten in time, some late, a few not at all."""
        due = self.hazard.rectify_due
        left = max((due - clock.day_of(self.at)).days, 0)
        luck = self.dice.random()
        days = (
            self.dice.randint(0, left)
            if luck < 0.86
            else left + self.dice.randint(1, 20)
            if luck < 0.994
            else left + self.dice.randint(60, 300)
        )
        self.at += dt.timedelta(days=days, minutes=self.dice.randint(5, 200))
        spent = Decimal(self.dice.choice((0, 200, 500, 800, 1500, 3000, 6000)))
        if self.hazard.grade == "major":
            spent = (self.hazard.money_needed_yuan or Decimal(0)) * self.dice.choice((8, 9, 10, 11)) / 10
        self._do(
            actor,
            loop.submit_rectification,
            measures=self.plot.story.mended,
            money_spent_yuan=spent.quantize(Decimal("0.01")),
            after=[self.stage.photo("after", self.dice.randrange(PICTURES))],
            rectified_on=clock.day_of(self.at),
        )

    def _review(self, reviewer: Actor) -> None:
        self._wait(0, 7)
        if self.dice.random() < 0.07:
            self._do(reviewer, loop.return_rectification, reason=self.dice.choice(RETURNS))
            self._rectify(self.cast.safety)
            self._wait(0, 5)
        self._do(reviewer, loop.accept_rectification, opinion=self.dice.choice(OPINIONS))

    def _look_back(self) -> None:
        luck = self.dice.random()
        self._wait(*((8, 26) if luck > 0.04 else (32, 70)))  # a few come late
        if self.dice.random() < 0.97:
            self._do(self.cast.inspector, loop.recheck_hazard, opinion="回头看未发现反弹。")
            return
        self._do(self.cast.officer, loop.reopen_hazard, reason="回头看发现隐患反弹，重新整改。")
        self._rectify(self.cast.safety)
        self._review(self.cast.inspector)
        if self.hazard.grade == "major":
            self._wait(1, 4)
            self._evaluate()
        self._wait(0, 4)
        self._do(self.cast.officer, loop.close_hazard, opinion="同意销账。")
        self._wait(8, 26)
        self._do(self.cast.inspector, loop.recheck_hazard, opinion="再次回头看，未见反弹。")

    def _evaluate(self) -> None:
        self._do(
            self.cast.principal,
            loop.record_evaluation,
            evaluated_on=clock.day_of(self.at),
            evaluated_by="澜州安评技术服务公司",
            evaluation="经评估，治理措施有效，隐患已消除。",
            evaluation_files=[self.stage.photo("evaluation", 0)],
        )

    def _clause(self) -> str:
        named = self.plot.story.clause
        if named is None:
            return ""
        try:
            hazard_list.clause(named[0], named[1], clock.day_of(self.at))
        except (KeyError, NotHeld):
            return ""
        latest = [s for s in hazard_list.sets_on(clock.day_of(self.at)) if s.code == named[0]][-1]
        found = hazard_list.clause(named[0], named[1], clock.day_of(self.at))
        return f"{named[0]}:{named[1]}" if found.version == latest.version else ""

    def _do(self, actor: Actor, act: Any, target: str = "hazard", record: Any = None, **given: Any) -> Any:
        if self.hazard is not None:
            given[target] = record if record is not None else self.hazard
        self.at += dt.timedelta(seconds=self.dice.randint(20, 2400))
        return self.stage.do(self.at, actor, act, **given)

    def _wait(self, least: int, most: int) -> None:
        self.at = office_hour(
            clock.day_of(self.at) + dt.timedelta(days=self.dice.randint(least, most)), self.dice, after=self.at
        )


def office_hour(day: dt.date, dice: random.Random, after: dt.datetime | None = None) -> dt.datetime:
    """A moment of a day at which offices work; one that is not past ``after`` comes a while after that."""
    moment = dt.datetime.combine(
        day, dt.time(dice.randint(8, 16), dice.randint(0, 59), dice.randint(0, 59)), clock.CHINA
    )
    if after is not None and moment <= after:
        moment = after + dt.timedelta(minutes=dice.randint(10, 90))
    return moment.astimezone(dt.UTC)


_SETTLED = (
    "主要负责人牵头，安全管理部门负责实施。",
    "列支安全生产费用，专款专用。",
    "停用隐患部位，逐项整改并验收。",
    "按方案节点推进，到期完成。",
    "编制现场处置方案，落实警戒和撤离措施。",
)
_PLAN = (
    "消除隐患，恢复设施完好。",
    "更换失效设备，完善联锁和报警。",
    "自筹资金，备品备件到位。",
    "成立治理小组，明确岗位职责。",
    "按批准的期限完成。",
    "治理期间停产或限产，专人监护，备足应急物资。",
)
