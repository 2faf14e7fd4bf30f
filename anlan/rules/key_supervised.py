"""重点监管的危险化学品和危险化工工艺: whether a substance or a process stands in the national lists, and in which.

Names are compared exactly (width, spaces and brackets aside) and CAS numbers as printed; a name outside the lists is
answered as not listed, with a warning that spelling matters. Nothing is matched by likeness.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from anlan.rules.chemical_names import Names, checked_cas
from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.tables import parts, rows
from anlan.rules.wording import Wording

# The notices' days of issue are not held; both lists were whole by the end of 2013.
WHOLE = dt.date(2014, 1, 1)
CHEMICALS = Citation("重点监管的危险化学品名录", "", Confidence.B, number="安监总管三〔2011〕95号、〔2013〕12号")
PROCESSES = Citation("重点监管的危险化工工艺目录", "", number="安监总管三〔2009〕116号、〔2013〕3号")
CHEMICAL_EDITIONS: Editions[int] = Editions(
    "key_supervised_chemicals", not_held(EVER, CHEMICALS), held(WHOLE, CHEMICALS, 74)
)
PROCESS_EDITIONS: Editions[int] = Editions(
    "key_supervised_processes", not_held(EVER, PROCESSES), held(WHOLE, PROCESSES, 18)
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry: its number over both batches, the batch and the number in it, its printed name, notice and CAS."""

    entry: int
    batch: int
    batch_entry: int | None
    name: str
    cas: str | None
    notice: str
    confidence: Confidence
    cas_elsewhere: str | None = None
    reaction: Wording | None = None


@cache
def chemicals() -> tuple[Listed, ...]:
    """The 74 chemicals, 60 of 2011 and 14 of 2013.

    >>> [sum(one.batch == batch for one in chemicals()) for batch in (1, 2)]
    [60, 14]
    """
    return tuple(
        Listed(
            int(row["entry"]), int(row["batch"]), int(row["batch_entry"]), row["name"], row["cas"] or None,
            row["notice"], Confidence(row["confidence"]), row["cas_elsewhere"] or None,
        )
        for row in rows("key_supervised_chemicals")
    )  # fmt: skip


@cache
def processes() -> tuple[Listed, ...]:
    """The 18 processes, 15 of 2009 and 3 of 2013, each with its kind of reaction (to be verified).

    >>> [sum(one.batch == batch for one in processes()) for batch in (1, 2)]
    [15, 3]
    """
    return tuple(
        Listed(
            int(row["entry"]), int(row["batch"]), None, row["name"], None, row["notice"],
            Confidence(row["confidence"]), None, Wording(row["reaction_en"], row["reaction_zh"]),
        )
        for row in rows("key_supervised_processes")
    )  # fmt: skip


@cache
def _chemical_names() -> Names[Listed]:
    names: Names[Listed] = Names()
    common = {cas: parts(row["aliases"]) for row in rows("gb18218_table1") for cas in parts(row["cas"])}
    for one, row in zip(chemicals(), rows("key_supervised_chemicals"), strict=True):
        known = (*parts(row["aliases"]), *common.get(row["cas"], ()))
        names.add(one, [one.name, *known], [cas for cas in (one.cas, one.cas_elsewhere) if cas])
    return names


@cache
def _process_names() -> Names[Listed]:
    names: Names[Listed] = Names()
    for one, row in zip(processes(), rows("key_supervised_processes"), strict=True):
        printed = [one.name, *parts(row["aliases"]), *parts(row["covers"])]
        names.add(one, [*printed, *(name.removesuffix("工艺") for name in printed)])
    return names


@dataclass(frozen=True, kw_only=True)
class Asked(Input):
    """A substance by name or CAS number, or a process by name."""

    substance: str | None = given("Name of the substance", "物质名称", default=None)
    cas: str | None = given("CAS number", "CAS 号", default=None, longest=15)
    process: str | None = given("Name of the process", "工艺名称", default=None)

    def consistent(self) -> None:
        """A substance or a process, not both; the CAS number is sound."""
        substance = self.substance or self.cas
        if bool(substance) == bool(self.process):
            raise BadInput(
                "substance",
                Wording("is given beside a process", "与工艺同时填报")
                if substance
                else Wording("is missing, and so are cas and process", "缺失，且未提供 cas、process"),
                Wording("a substance (name or CAS number) or a process", "物质（名称或者 CAS 号）或者工艺"),
            )
        if self.cas:
            checked_cas(self.cas)


@dataclass(frozen=True, slots=True)
class Supervised:
    """Whether it is listed, and the entry; ``None`` where it is not."""

    listed: bool
    entry: Listed | None


def _entry(listed: Citation, one: Listed) -> Citation:
    """An entry of a list with its batch, in the notice that prints it; processes are numbered through both batches."""
    batch = f"第{'一二'[one.batch - 1]}批"
    place = f"{batch}序号{one.batch_entry}" if one.batch_entry is not None else f"{batch}编号{one.entry}"
    return Citation(listed.law, place, one.confidence, number=one.notice)


def _cited() -> Iterator[Citation]:
    """Every entry of both lists."""
    for listed, entries in ((CHEMICALS, chemicals()), (PROCESSES, processes())):
        for one in entries:
            yield _entry(listed, one)


@rule(
    "key_supervised",
    Wording("Key supervised hazardous chemical or chemical process", "重点监管的危险化学品和危险化工工艺"),
    theme="major_hazards",
    about=Wording(
        "whether a substance or a process stands in the national lists, and under which number",
        "查询物质或者工艺是否列入国家重点监管名录及其序号",
    ),
    takes=Asked,
    editions=(CHEMICAL_EDITIONS, PROCESS_EDITIONS),
    cites=_cited,
    examples=(
        Example(
            {"substance": "液氯"},
            dt.date(2026, 3, 1),
            {"listed": True, "entry": {"entry": 1, "batch": 1, "cas": "7782-50-5"}},
            "安监总管三〔2011〕95号 序号1",
        ),
        Example(
            {"cas": "7775-09-9"},
            dt.date(2026, 3, 1),
            {"listed": True, "entry": {"name": "氯酸钠", "batch": 2, "batch_entry": 1}},
            "安监总管三〔2013〕12号 序号1",
        ),
        Example(
            {"process": "硝化"},
            dt.date(2026, 3, 1),
            {"listed": True, "entry": {"name": "硝化工艺"}},
            "安监总管三〔2009〕116号",
        ),
        Example({"substance": "乙醇"}, dt.date(2026, 3, 1), {"listed": False, "entry": None}, "名录未列"),
    ),
    bounds=Wording(
        "names are compared exactly; the kinds of reaction and nine names of the second batch are to be verified; the "
        "safety measures the notices print for each entry are not held",
        "名称按字面比对；反应类型及第二批中九种物质的名称待核实；通知所附安全措施和应急处置原则未收录",
    ),
)
def key_supervised(asked: Asked, on: dt.date) -> Finding[Supervised]:
    """Looks a substance or a process up in the lists.

    >>> key_supervised(Asked(process="煤制甲醇"), dt.date(2026, 3, 1)).value.entry.name
    '新型煤化工工艺'
    >>> key_supervised(Asked(cas="64-17-5"), dt.date(2026, 3, 1)).value.listed
    False
    """
    if asked.process:
        edition = PROCESS_EDITIONS.on(on)
        found, said = _process_names().named(asked.process), asked.process
    else:
        edition = CHEMICAL_EDITIONS.on(on)
        said = asked.substance or asked.cas or ""
        by_name = _chemical_names().named(asked.substance) if asked.substance else ()
        by_cas = _chemical_names().numbered(asked.cas) if asked.cas else ()
        if by_name and by_cas and by_name[0] != by_cas[0]:
            raise BadInput(
                "cas",
                Wording(f"is {asked.cas}, which is {by_cas[0].name}", f"为{asked.cas}，系{by_cas[0].name}"),
                Wording(by_name[0].cas or by_name[0].name, by_name[0].cas or by_name[0].name),
            )
        found = by_name or by_cas
    if not found:
        step = Wording(
            f"{said} is no name or CAS number of the lists; names are compared exactly",
            f"{said}不是名录所列名称或者 CAS 号；名称按字面比对，请核对写法",
        )
        return Finding(Supervised(False, None), (edition.citation,), {}, (step,))
    one = found[0]
    steps = [
        Wording(
            f"{said}: {one.name}, batch {one.batch}, No. {one.batch_entry or one.entry} ({one.notice})",
            f"{said}：列入第{'一二'[one.batch - 1]}批，序号{one.batch_entry or one.entry}，{one.name}（{one.notice}）",
        )
    ]
    if asked.cas and asked.cas == one.cas_elsewhere:
        steps.append(
            Wording(
                f"the list prints CAS {one.cas}; {asked.cas} is that of GB 18218 for the same substance",
                f"名录所列 CAS 号为{one.cas}；{asked.cas}系GB 18218对同一物质所列",
            )
        )
    return Finding(Supervised(True, one), (_entry(edition.citation, one),), {}, tuple(steps))
