"""规划文件量化任务的完成情况: whether a duty of the planning documents is met, judged from facts that are given.

Every test of a duty names the fact that answers it and is judged by itself. The duty is missed where one of its tests
is; else there is no data where one lacks its fact; else it is at risk where one is still open; else it is met.
A duty binds units of its document's jurisdiction within the document's period, and whoever adopted it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from anlan.rules.admin_code import problems
from anlan.rules.citation import Citation, Confidence, Finding, Level
from anlan.rules.editions import EVER, Editions, held
from anlan.rules.inputs import Input, given
from anlan.rules.jurisdictions import DocumentStatus, PlanningDocument
from anlan.rules.obligations import ASKED, Asks, Every, Measure, Obligation, Owner, obligation, obligations
from anlan.rules.reduction import cut_of
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording
from anlan.rules.working_days import add_months

BOOK = Citation(
    "五份规划文件的量化任务", "", Confidence.A, Level.CITY, note="two of the five are drafts; each duty cites its own"
)
EDITIONS = Editions("obligation", held(EVER, BOOK, True))
NUMBERS = frozenset(one.id for one in obligations())
ACCEPTED_NUMBERS = Wording(
    "SO-01 to SO-23, SO-30 to SO-48, SO-50 to SO-77, SO-80 to SO-93, SO-100 to SO-105, SO-110 to SO-118, "
    "SO-120 to SO-127",
    "SO-01至SO-23、SO-30至SO-48、SO-50至SO-77、SO-80至SO-93、SO-100至SO-105、SO-110至SO-118、SO-120至SO-127",
)
MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}


class Outcome(StrEnum):
    """How a duty stands."""

    MET = "met"
    AT_RISK = "at_risk"
    MISSED = "missed"
    NO_DATA = "no_data"


OUTCOMES = {
    Outcome.MET: Wording("met", "已完成"),
    Outcome.AT_RISK: Wording("at risk: not reached yet, and its time is not over", "有风险：尚未达到，期限未过"),
    Outcome.MISSED: Wording("missed", "未完成"),
    Outcome.NO_DATA: Wording("no data", "无数据"),
}
WORST_FIRST = (Outcome.MISSED, Outcome.NO_DATA, Outcome.AT_RISK, Outcome.MET)


@dataclass(frozen=True, kw_only=True)
class Fact(Input):
    """One fact that answers a test, with the day it tells of."""

    fact: str = given("Name of the fact", "事实名称", longest=60)
    of: dt.date | None = given("Day it tells of; by default the day judged", "所属日期，默认为评估日", default=None)
    value: Decimal | None = given(
        "Value: a count, a rate or a share in %", "数值（次数、比率或百分比）", least=0, default=None
    )
    compared_with: Decimal | None = given(
        "Value of the base year, of the year before, or the quota", "基期值、上年值或下达指标", least=0, default=None
    )
    done: bool | None = given("Done", "是否完成", default=None)
    begun_on: dt.date | None = given(
        "Day from which time runs: closing, accident, publication", "起算日（结案、事故、公布等）", default=None
    )
    done_on: dt.date | None = given("Day on which it was done, the last time", "完成日期（最近一次）", default=None)


@dataclass(frozen=True, kw_only=True)
class Asked(Input):
    """A duty, the place of the unit, the facts, and the period that is judged."""

    number: str = given("Number of the duty", "任务编号", longest=6, hint=ACCEPTED_NUMBERS)
    jurisdiction: str = given("Code of the place, 6, 9 or 12 digits", "行政区划代码（6、9或12位）", longest=12)
    facts: tuple[Fact, ...] = given("Facts", "事实", default=())
    period_of: dt.date | None = given(
        "A day of the period that is judged; by default the day asked", "评估期内任一日，默认为查询日", default=None
    )
    due_on: dt.date | None = given(
        "Day set by the deployment where the text prints none", "原文未载明期限时本地设定的期限", default=None
    )
    adopted_from: dt.date | None = given("Adopted by the place from", "本地采用起始日", default=None)
    adopted_to: dt.date | None = given("Adopted by the place until", "本地采用截止日", default=None)

    def consistent(self) -> None:
        """A duty of the table, a sound code, facts of that duty, an adoption in order."""
        if self.number not in NUMBERS:
            raise BadInput("number", Wording(f"is {self.number!r}", f"为{self.number!r}"), ACCEPTED_NUMBERS)
        wrong = problems(self.jurisdiction)
        if wrong:
            code = Wording("a code such as 441700 or 441702101000", "行政区划代码，如441700、441702101000")
            raise BadInput("jurisdiction", wrong[0], code)
        names = list(dict.fromkeys(one.fact for one in obligation(self.number).measures))
        for at, fact in enumerate(self.facts):
            if fact.fact not in names:
                said = Wording(", ".join(names), "、".join(names))
                raise BadInput(f"facts[{at}].fact", Wording(f"is {fact.fact!r}", f"为{fact.fact!r}"), said)
        if self.adopted_to is not None and (self.adopted_from is None or self.adopted_to < self.adopted_from):
            raise BadInput(
                "adopted_to", Wording("has no earlier adopted_from", "没有在先的采用起始日"),
                Wording("a day from adopted_from on", "不早于采用起始日的日期"),
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tested:
    """One test: what is asked of which fact by when, the value given, and the outcome (``None``: not looked at yet)."""

    fact: str
    name: Wording
    test: Asks
    figure: Decimal | None
    unit: Wording
    due: dt.date | None
    value: Decimal | None
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A duty as it stands. Where it does not bind, ``outcome`` is ``None`` and nothing was tested."""

    number: str
    binding: bool
    outcome: Outcome | None
    documents: tuple[str, ...]
    draft: bool
    owner: Owner
    who: Wording
    what: Wording
    tests: tuple[Tested, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """When a test is judged: facts that tell of ``first`` to ``last`` answer it; it is due on ``due``."""

    first: dt.date | None
    last: dt.date | None
    due: dt.date | None
    calendar: bool
    standing: bool


@rule(
    "obligation",
    Wording("Duties of the planning documents: met, at risk, missed, no data", "规划文件量化任务完成情况"),
    theme="indicators",
    about=Wording(
        "107 numbered duties of five planning documents, judged from given facts", "五份规划文件的107项量化任务"
    ),
    takes=Asked,
    editions=EDITIONS,
    examples=(
        Example(
            {"number": "SO-01", "jurisdiction": "441700", "facts": [
                {"fact": "deaths", "of": "2018-12-31", "value": 156, "compared_with": 166}]},
            dt.date(2019, 3, 1),
            {"binding": True, "outcome": "at_risk", "draft": False}, "阳府〔2017〕20号：2018年下降6%，2020年下降10%",
        ),
        Example(
            {"number": "SO-01", "jurisdiction": "441702", "period_of": "2020-12-31", "facts": [
                {"fact": "deaths", "of": "2018-12-31", "value": 156, "compared_with": 166},
                {"fact": "deaths", "of": "2020-12-31", "value": 150, "compared_with": 166}]},
            dt.date(2021, 3, 1),
            {"binding": True, "outcome": "missed"}, "阳府〔2017〕20号：166→150下降9.64%，低于10%",
        ),
        Example(
            {"number": "SO-15", "jurisdiction": "530400", "facts": [
                {"fact": "deaths_coal", "value": 0, "compared_with": 0}]},
            dt.date(2015, 12, 31), {"binding": True, "outcome": "no_data"}, "玉溪市“十二五”：2010年基数为0",
        ),
        Example(
            {"number": "SO-30", "jurisdiction": "441481", "facts": [
                {"fact": "party_committee_safety_meetings", "value": 1}]},
            dt.date(2019, 2, 1), {"binding": False, "outcome": None, "draft": True}, "兴宁市征求意见稿，未印发",
        ),
        Example(
            {"number": "SO-30", "jurisdiction": "441481", "adopted_from": "2019-01-01", "period_of": "2019-03-31",
             "facts": [{"fact": "party_committee_safety_meetings", "value": 0, "of": "2019-03-31"}]},
            dt.date(2019, 4, 2), {"binding": True, "outcome": "missed"}, "兴宁市征求意见稿：每季度至少1次",
        ),
    ),
    bounds=Wording(
        "the figures are those printed; where a text prints no day, the period of its document, or due_on, bounds "
        "the duty; a share or count is taken as given, who is counted is for whoever gives the fact",
        "数字以文件所印为准；原文未载明期限的，以规划期或本地设定的期限为限；比例、次数以所给事实为准",
    ),
)  # fmt: skip
def obligation_outcome(asked: Asked, on: dt.date) -> Finding[Judged]:
    """Whether a duty binds at a place, and how it stands on a day by the facts given.

    >>> found = obligation_outcome(Asked(number="SO-80", jurisdiction="441700"), dt.date(2019, 3, 1))
    >>> found.value.outcome.value, found.value.tests[0].fact
    ('no_data', 'enforcement_certified_share')
    """
    EDITIONS.on(on)
    duty, day = obligation(asked.number), asked.period_of or on
    _check_days(asked, on)
    document, why = _binding(duty, asked, day)
    cited = [c for d, c in zip(duty.documents, duty.citations, strict=True) if document in (None, d)]
    whole = Judged(
        duty.id, document is not None, None, tuple(d.code for d in duty.documents), duty.draft, duty.owner, duty.who,
        duty.what, (),
    )  # fmt: skip
    if document is None:
        return Finding(whole, tuple(cited), {}, (why,))
    ends = document.period_to if document.covers(day) else None
    if not duty.binds(asked.jurisdiction, day):
        ends = asked.adopted_to or ends
    spans = [_span(duty, measure, asked, day, ends) for measure in duty.measures]
    ahead = [m.due_day for m in duty.measures if m.due_day is not None and m.due_day >= on]
    tests: list[Tested] = []
    steps = [why]
    for measure, span in zip(duty.measures, spans, strict=True):
        if measure.due_day is not None and not span.calendar and ahead and measure.due_day > min(ahead):
            found = _tested(measure, span.due, None, None)
            said = Wording(f"not looked at before {min(ahead)}", f"{min(ahead)}之前暂不评估")
        else:
            fact = _fact_of(asked, measure, span, day, on)
            outcome, said, due = _outcome(measure, fact, span, on)
            found = _tested(measure, due, fact.value if fact else None, outcome)
        tests.append(found)
        steps.append(_step(found, said))
    standing = {t.outcome for t in tests}
    outcome = next((o for o in WORST_FIRST if o in standing), Outcome.NO_DATA)
    steps.append(Wording(f"{duty.id}: {OUTCOMES[outcome]}", f"{duty.id}：{OUTCOMES[outcome].zh}"))
    return Finding(replace(whole, outcome=outcome, tests=tuple(tests)), tuple(cited), {}, tuple(steps))


def _check_days(asked: Asked, on: dt.date) -> None:
    """``BadInput`` for a fact of a day to come."""
    for at, fact in enumerate(asked.facts):
        for name in ("of", "begun_on", "done_on"):
            day = getattr(fact, name)
            if day is not None and day > on:
                raise BadInput(
                    f"facts[{at}].{name}", Wording(f"is {day}, after the day asked", f"为{day}，晚于查询日"),
                    Wording(f"a day up to {on}", f"不晚于{on}的日期"),
                )  # fmt: skip


def _binding(duty: Obligation, asked: Asked, day: dt.date) -> tuple[PlanningDocument | None, Wording]:
    """The document that binds the place on the day judged, or ``None``; and why."""
    issued = duty.binding_document(asked.jurisdiction, day)
    if issued is not None:
        until = issued.period_to
        return issued, Wording(
            f"{issued.code} binds units of {issued.jurisdiction} from {issued.period_from} to {until}: {duty.what}",
            f"《{issued.title.zh}》适用于{issued.jurisdiction}辖区，{issued.period_from}至{until}：{duty.what.zh}",
        )
    if asked.adopted_from is not None and asked.adopted_from <= day <= (asked.adopted_to or dt.date.max):
        return duty.documents[0], Wording(
            f"adopted by {asked.jurisdiction} from {asked.adopted_from}: {duty.what}",
            f"{asked.jurisdiction}自{asked.adopted_from}起采用：{duty.what.zh}",
        )
    if duty.draft:
        return None, Wording("stands in a draft only, which binds nobody", "仅见于征求意见稿（草案），不具约束力")
    places = "、".join(d.jurisdiction for d in duty.documents if d.status is DocumentStatus.ISSUED)
    return None, Wording(
        f"binds units of {places} within the period of the document, not {asked.jurisdiction} on {day}",
        f"仅在规划期内约束{places}辖区，{day}对{asked.jurisdiction}不适用",
    )


def _span(duty: Obligation, measure: Measure, asked: Asked, day: dt.date, ends: dt.date | None) -> _Span:
    """When a test is judged, seen from the day of the period."""
    every, printed = measure.every or duty.every, measure.due_day
    if measure.yearly:
        month, number = (int(part) for part in measure.due.split("-"))
        return _Span(dt.date(day.year, 1, 1), dt.date(day.year, 12, 31), dt.date(day.year, month, number), True, False)
    if every is Every.DAY:
        return _Span(day, day, day, True, False)
    if every in MONTHS:
        at = min(day, printed) if printed else day
        first = dt.date(at.year, (at.month - 1) // MONTHS[every] * MONTHS[every] + 1, 1)
        last = add_months(first, MONTHS[every], roll=False).due - dt.timedelta(days=1)
        return _Span(first, last, asked.due_on or last, True, False)
    if printed is not None:
        return _Span(dt.date(printed.year, 1, 1), printed, printed, False, False)
    if every is Every.STANDING:
        return _Span(None, day, None, False, True)
    due = asked.due_on or (ends if every is not Every.EVENT else None)
    return _Span(dt.date(due.year, 1, 1) if due else None, due, due, False, False)


def _fact_of(asked: Asked, measure: Measure, span: _Span, day: dt.date, on: dt.date) -> Fact | None:
    """The latest fact that tells of the time the test is judged by; the day it tells of is filled in."""
    told = [(fact.of or min(day, on), fact) for fact in asked.facts if fact.fact == measure.fact]
    if measure.test is not Asks.DONE or span.calendar:
        first = span.first if span.calendar and span.first else dt.date.min
        told = [(of, fact) for of, fact in told if first <= of <= (span.last or dt.date.max)]
    if not told:
        return None
    of, latest = max(told, key=lambda dated: dated[0])
    return replace(latest, of=of)


def _outcome(measure: Measure, fact: Fact | None, span: _Span, on: dt.date) -> tuple[Outcome, Wording, dt.date | None]:
    """How a test stands, why, and when it is due."""
    due, figure = span.due, measure.figure
    if fact is None:
        return Outcome.NO_DATA, Wording("no fact given", "未提供事实"), due
    over = due is not None and on > due
    open_ = Outcome.MISSED if over or span.standing else Outcome.AT_RISK
    if measure.test in (Asks.WITHIN, Asks.NONE_WITHIN, Asks.EVERY):
        return _timed(measure, fact, on)
    if measure.test is Asks.DONE:
        return (*_done(fact, due, open_), due)
    if fact.value is None:
        return Outcome.NO_DATA, Wording("the fact has no value", "事实未给出数值"), due
    if over and not span.calendar and span.first is not None and fact.of is not None and fact.of < span.first:
        return Outcome.NO_DATA, Wording(f"the fact tells of {fact.of} only", f"事实仅反映{fact.of}情况"), due
    value = fact.value
    if measure.test is Asks.ABOVE_ASKS:
        return (*_asked_above(value, fact, figure or Decimal(0), open_), due)
    if measure.test is Asks.RECORDED:
        return Outcome.MET, Wording(f"{value:f} on record", f"已记录{value:f}"), due
    compared = figure is None or measure.test in (Asks.CUT, Asks.RISE, Asks.FALL)
    other = fact.compared_with if compared else figure
    if other is None:
        return Outcome.NO_DATA, Wording("nothing to compare with", "缺少比较值"), due
    if measure.test is Asks.CUT:
        return (*_cut(value, other, figure or Decimal(0), open_), due)
    reached = {
        Asks.AT_LEAST: value >= other, Asks.AT_MOST: value <= other, Asks.NEVER_ABOVE: value <= other,
        Asks.ABOVE: value > other, Asks.EXACTLY: value == other, Asks.RISE: value > other, Asks.FALL: value < other,
    }[measure.test]  # fmt: skip
    said = Wording(f"{value:f} against {other:f}", f"{value:f}，比照{other:f}")
    # What must never be exceeded cannot be made good by time.
    return Outcome.MET if reached else Outcome.MISSED if measure.test is Asks.NEVER_ABOVE else open_, said, due


def _cut(value: Decimal, base: Decimal, figure: Decimal, open_: Outcome) -> tuple[Outcome, Wording]:
    if not base:
        return Outcome.NO_DATA, Wording("undefined: the base is zero", "基数为零，降幅无意义")
    cut = cut_of(base, value) * 100
    said = Wording(f"({base:f} − {value:f}) ÷ {base:f} = {cut:.2f} %", f"（{base:f}－{value:f}）÷{base:f}＝{cut:.2f}%")
    return Outcome.MET if cut >= figure else open_, said


def _asked_above(value: Decimal, fact: Fact, figure: Decimal, open_: Outcome) -> tuple[Outcome, Wording]:
    if value <= figure:
        return Outcome.MET, Wording(f"{value:f}: not asked", f"{value:f}，不要求")
    if fact.done is None:
        return Outcome.NO_DATA, Wording(f"{value:f}: asked, done is not said", f"{value:f}，须落实，未说明是否落实")
    said = Wording(f"{value:f}: asked", f"{value:f}，须落实")
    return Outcome.MET if fact.done else open_, said


def _done(fact: Fact, due: dt.date | None, open_: Outcome) -> tuple[Outcome, Wording]:
    if fact.done_on is not None:
        said = Wording(f"done on {fact.done_on}", f"{fact.done_on}完成")
        return Outcome.MET if due is None or fact.done_on <= due else Outcome.MISSED, said
    if fact.done is None:
        return Outcome.NO_DATA, Wording("done is not said", "未说明是否完成")
    if not fact.done:
        return open_, Wording("not done", "未完成")
    if due is not None and fact.of is not None and fact.of > due:
        return Outcome.NO_DATA, Wording("done, on what day is not said", "已完成，未说明完成日期")
    return Outcome.MET, Wording("done", "已完成")


def _timed(measure: Measure, fact: Fact, on: dt.date) -> tuple[Outcome, Wording, dt.date | None]:
    """Tests that run from a day: done within so many years of it, again within so many, or none within so many."""
    began = fact.done_on if measure.test is Asks.EVERY else fact.begun_on
    if began is None:
        return Outcome.NO_DATA, Wording("no day from which time runs", "未提供起算日"), None
    if measure.figure is None:
        due, lasts = None, Wording(f"for life from {began}", f"自{began}起终身")
    else:
        years = int(measure.figure)
        due = add_months(began, 12 * years, roll=False).due
        lasts = Wording(f"{years} years from {began}: {due}", f"自{began}起{years}年，至{due}")
    if measure.test is Asks.EVERY:
        return (Outcome.MET if due is None or on <= due else Outcome.MISSED), lasts, due
    done = fact.done_on
    if measure.test is Asks.NONE_WITHIN:
        broken = done is not None and done >= began and (due is None or done <= due)
        return (Outcome.MISSED if broken else Outcome.MET), lasts, due
    if done is not None:
        return (Outcome.MET if due is None or done <= due else Outcome.MISSED), lasts, due
    return (Outcome.AT_RISK if due is None or on <= due else Outcome.MISSED), lasts, due


def _tested(measure: Measure, due: dt.date | None, value: Decimal | None, outcome: Outcome | None) -> Tested:
    return Tested(measure.fact, measure.name, measure.test, measure.figure, measure.unit, due, value, outcome)


def _step(found: Tested, said: Wording) -> Wording:
    """The sentence of one test."""
    asks = ASKED[found.test]
    figure = f" {found.figure:f} {found.unit}" if found.figure is not None else ""
    figure_zh = f"{found.figure:f}{found.unit.zh}" if found.figure is not None else ""
    due = Wording(f", by {found.due}", f"，期限{found.due}") if found.due else Wording(", no day", "，无期限")
    ends = OUTCOMES[found.outcome] if found.outcome else Wording("open", "未评估")
    return Wording(
        f"{found.name}: {asks}{figure}{due}; {said}: {ends}",
        f"{found.name.zh}：{asks.zh}{figure_zh}{due.zh}；{said.zh}：{ends.zh}",
    )
