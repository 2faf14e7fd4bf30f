"""The texts licences rest on, each with its days of force; the Hazardous Chemicals Safety Law from 2026-05-01.

The law's articles 1 to 83 were read in one public copy, their paragraphs are not held: it is cited by article. The
regulation on hazardous chemicals is still listed as in force, but where the law sets a limit the law governs.
"""

from __future__ import annotations

import datetime as dt

from anlan.rules.citation import Citation
from anlan.rules.editions import EVER, Edition, held, not_held
from anlan.rules.limits import Limit, Unit
from anlan.rules.wording import Wording

ONE = dt.timedelta(days=1)
LICENSING_FROM = dt.date(2019, 4, 23)
LICENSING = Citation("行政许可法", "第四十二条第一款", valid_from=LICENSING_FROM)
LICENSING_2003 = Citation("行政许可法", "（2019年修正前）", valid_to=LICENSING_FROM - ONE)
LICENSING_DAYS = LICENSING.at("第八十二条")
EXPERT_TIME = LICENSING.at("第四十五条")

PERMITS_FROM = dt.date(2014, 7, 29)
PERMITS = Citation("安全生产许可证条例", "第七条第一款", valid_from=PERMITS_FROM, number="国务院令第397号")
PERMITS_2013 = Citation("安全生产许可证条例", "（2014年修订前）", valid_to=PERMITS_FROM - ONE)
PERMITS_ARE_NATURAL = Wording(
    "the regulation says 日, natural days; order 41 is said to count working days (to verify)",
    "条例规定为“日”，按自然日计算；令第41号据称按工作日（待核实）",
)

HAZCHEM_FROM = dt.date(2026, 5, 1)
CHEMICALS_FROM = dt.date(2013, 12, 7)
CHEMICALS = Citation(
    "危险化学品安全管理条例",
    "第三十五条第一款",
    valid_from=CHEMICALS_FROM,
    note="where the law of 2026-05-01 sets a limit, the law governs",
    number="国务院令第344号，2011年修订、2013年修正",
)
CHEMICALS_2011 = Citation("危险化学品安全管理条例", "（2013年修正前）", valid_to=CHEMICALS_FROM - ONE)
HAZCHEM = Citation(
    "危险化学品安全法",
    "第五十五条",
    valid_from=HAZCHEM_FROM,
    note="read in one public copy, cited by article; paragraphs not held",
    number="主席令第64号",
)

DRUGS_FROM = dt.date(2018, 9, 18)
DRUGS = Citation("易制毒化学品管理条例", "第十九条", valid_from=DRUGS_FROM, number="国务院令第445号，2018年第三次修订")
DRUGS_2016 = Citation("易制毒化学品管理条例", "（2018年修订前）", valid_to=DRUGS_FROM - ONE)
FIREWORKS_FROM = dt.date(2016, 2, 6)
FIREWORKS = Citation("烟花爆竹安全管理条例", "第九条", valid_from=FIREWORKS_FROM, number="国务院令第455号")
FIREWORKS_2006 = Citation("烟花爆竹安全管理条例", "（2016年修订前）", valid_to=FIREWORKS_FROM - ONE)
EXPLOSIVES_FROM = dt.date(2014, 7, 29)
EXPLOSIVES = Citation(
    "民用爆炸物品安全管理条例", "第十二条第一款", valid_from=EXPLOSIVES_FROM, number="国务院令第466号"
)
EXPLOSIVES_2006 = Citation("民用爆炸物品安全管理条例", "（2014年修订前）", valid_to=EXPLOSIVES_FROM - ONE)


def by_licensing_law(article: str, limit: Limit) -> tuple[Edition[Limit], ...]:
    """A step of 行政许可法 as amended in 2019; the edition before it is not held."""
    return (not_held(EVER, LICENSING_2003), held(LICENSING_FROM, LICENSING.at(article), limit))


def by_permit_regulation(article: str, limit: Limit) -> tuple[Edition[Limit], ...]:
    """A step of the regulation on work safety permits, edition of 2014."""
    said = () if limit.back else (PERMITS_ARE_NATURAL,)
    own = Limit(limit.number, limit.unit, roll=limit.roll, back=limit.back, said=said)
    return (not_held(EVER, PERMITS_2013), held(PERMITS_FROM, PERMITS.at(article), own))


def by_fireworks(article: str, limit: Limit) -> tuple[Edition[Limit], ...]:
    """A step of the regulation on fireworks, edition of 2016."""
    return (not_held(EVER, FIREWORKS_2006), held(FIREWORKS_FROM, FIREWORKS.at(article), limit))


def by_drug_precursors(article: str, limit: Limit) -> tuple[Edition[Limit], ...]:
    """A step of the regulation on precursors of drugs, edition of 2018."""
    return (not_held(EVER, DRUGS_2016), held(DRUGS_FROM, DRUGS.at(article), limit))


def by_explosives(article: str, limit: Limit) -> tuple[Edition[Limit], ...]:
    """A step of the regulation on civil explosives, edition of 2014."""
    return (not_held(EVER, EXPLOSIVES_2006), held(EXPLOSIVES_FROM, EXPLOSIVES.at(article), limit))


def hazchem(old_article: str, old_days: int, new_article: str, working_days: int) -> tuple[Edition[Limit], ...]:
    """A decision the regulation gives in natural days, and the law in working days from 2026-05-01."""
    return hazchem_only(
        old_article,
        Limit(old_days, Unit.DAYS, roll=True),
        new_article,
        Limit(working_days, Unit.WORKING_DAYS),
    )


def hazchem_only(old_article: str, old: Limit, new_article: str, new: Limit) -> tuple[Edition[Limit], ...]:
    """A step of the regulation until 2026-04-30, of the law from 2026-05-01."""
    return (
        not_held(EVER, CHEMICALS_2011),
        held(CHEMICALS_FROM, CHEMICALS.at(old_article), old),
        held(HAZCHEM_FROM, HAZCHEM.at(new_article), new),
    )
