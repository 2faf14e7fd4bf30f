"""How fast ledgers are read and checked: rows a second, seconds for a million rows, memory held.

Goals are set on processor time, so that a busy machine does not decide; the time on the clock is printed beside it.
Prints a JSON list of {"name", "value", "unit", "goal", "ok"}. ``--rows`` and ``--sheet-rows`` shorten it for a trial.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import gc
import json
import random
import resource
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

from anlan.kernel.intake import Accepted, Choice, Duplicates, Field, Kind, Rejected, RowSchema, read_ledger
from anlan.rules import uscc

HAZARDS = (
    "灭火器压力不足",
    "配电箱未上锁",
    "安全出口堆放杂物",
    "特种作业人员未持证",
    "粉尘清扫记录缺失",
    "有限空间未设警示标志",
)
SCALES = {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}
TOWNS = ("福兴街道", "宁新街道", "龙田镇", "石马镇", "坭陂镇", "水口镇", "叶塘镇", "合水镇")

SCHEMA = RowSchema(
    "enterprises",
    "Enterprises",
    (
        Field("uscc", "Unified social credit code", Kind.CODE, ("统一社会信用代码",), min_length=18, max_length=18,
              normalise=uscc.normalise, check=uscc.problems),
        Field("name", "Name", Kind.NAME, ("企业名称",), required=True, max_length=200),
        Field("address", "Address", Kind.TEXT, ("经营地址",), required=True, max_length=300),
        Field("town", "Town", Kind.TEXT, ("所在镇街",), max_length=60),
        Field("founded", "Founded", Kind.DAY, ("成立日期",), max=dt.date.today),
        Field("headcount", "Headcount", Kind.WHOLE, ("从业人数",), unit="人", min=0, max=1_000_000),
        Field("capital", "Registered capital", Kind.DECIMAL, ("注册资本",), unit="万元", places=6, min=0),
        Field("industry", "Industry", Kind.CODE, ("行业代码",), pattern=r"[A-T]?\d{2,4}"),
        Field("kind", "Kind", Kind.CHOICE, ("企业类型",),
              choices=(Choice("company", "Enterprise", ("企业",)), Choice("single", "Individual", ("个体工商户",)))),
        Field("scale", "Scale", Kind.CHOICE, ("企业规模",),
              choices=tuple(Choice(code, code, (name,)) for code, name in SCALES.items())),
        Field("dust", "Dust", Kind.FLAG, ("涉爆粉尘",)),
        Field("ammonia", "Ammonia", Kind.FLAG, ("涉氨制冷",)),
        Field("confined", "Confined space", Kind.FLAG, ("有限空间",)),
        Field("lon", "Longitude", Kind.LON, ("经度",)),
        Field("lat", "Latitude", Kind.LAT, ("纬度",)),
        Field("principal", "Principal", Kind.TEXT, ("主要负责人",), max_length=50, personal=True),
        Field("phone", "Telephone", Kind.PHONE, ("联系电话",), personal=True),
        Field("licence_until", "Licence valid until", Kind.DAY, ("许可证有效期",), blanks=("长期",)),
        Field("hazard", "Main hazard", Kind.TEXT, ("主要风险",), max_length=200),
        Field("remark", "Remark", Kind.LINES, ("备注信息",), max_length=500),
    ),
)  # fmt: skip


def rows(count: int, seed: int = 7) -> Iterator[list[Any]]:
    """Rows as offices write them; one in a hundred has a fault."""
    chance = random.Random(seed)
    for number in range(count):
        day = dt.date(1990, 1, 1) + dt.timedelta(chance.randrange(12000))
        founded = (f"{day.year}年{day.month}月{day.day}日", f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"{day:%Y.%m.%d}")[
            number % 4
        ]
        town = TOWNS[number % 8]
        yield [
            uscc.make_valid("91441481", number), f"兴宁市第{number}号水泥制品有限公司",
            f"兴宁市{town}工业园{number % 997}号",
            town, founded, "约50人" if number % 100 == 99 else str(chance.randrange(1, 900)),
            f"{chance.randrange(10, 90000) / 10}", "C3021",
            "企业" if number % 3 else "个体工商户", ("大型", "中型", "小型", "微型")[number % 4],
            "是" if number % 9 == 0 else "否", "否", "有" if number % 7 == 0 else "无",
            f"{115.5 + chance.random() / 2:.6f}", f"{24.0 + chance.random() / 2:.6f}", "张三",
            f"138{number % 10**8:08d}", f"{day.year + 30}-03-05", HAZARDS[number % 6], "",
        ]  # fmt: skip


def processor() -> float:
    """Seconds of processor time of this process and of the readers it started."""
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def measure(path: Path, duplicates: Duplicates | None) -> tuple[float, float, int, int]:
    """Seconds of processor time and on the clock, accepted and rejected rows."""
    busy, start, accepted, rejected = processor(), time.perf_counter(), 0, 0
    for outcome in read_ledger(path, SCHEMA, duplicates=duplicates):
        if isinstance(outcome, Accepted):
            accepted += 1
        elif isinstance(outcome, Rejected):
            rejected += 1
    gc.collect()  # ends the reader's process, whose time counts
    return processor() - busy, time.perf_counter() - start, accepted, rejected


def main() -> int:
    """Run and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000, help="rows of the text table")
    options.add_argument("--sheet-rows", type=int, default=100_000, help="rows of the spreadsheet")
    args = options.parse_args()
    found: list[dict[str, Any]] = []

    def add(name: str, value: float, unit: str, goal: float | None = None) -> None:
        found.append({
            "name": name, "value": round(value, 2), "unit": unit, "goal": goal, "ok": goal is None or value <= goal,
        })  # fmt: skip

    def add_reading(name: str, path: Path, goal: float, duplicates: Duplicates | None = None) -> tuple[int, int]:
        busy, clock, accepted, rejected = measure(path, duplicates)
        add(name, busy, "s of processor time", goal)
        add(f"{name}, on the clock", clock, "s")
        return accepted, rejected

    headings = [field.aliases_zh[0] for field in SCHEMA.fields.values()]
    sample = [dict(zip(SCHEMA.fields, row, strict=True)) for row in rows(5_000)]
    SCHEMA.parse(sample[0])
    for _round in range(2):  # the second time days and choices are remembered, as they are within any ledger
        start = time.process_time()
        for row in sample:
            SCHEMA.parse(row)
    add("parse of a 20-field row", (time.process_time() - start) / len(sample) * 1e6, "µs of processor time", 30)

    with tempfile.TemporaryDirectory() as folder:
        text, sheet = Path(folder, "ledger.csv"), Path(folder, "ledger.xlsx")
        with text.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headings)
            writer.writerows(rows(args.rows))
        book = xlsxwriter.Workbook(sheet, {"constant_memory": True})
        page = book.add_worksheet()
        page.write_row(0, 0, headings)
        for number, row in enumerate(rows(args.sheet_rows), 1):
            page.write_row(number, 0, row)
        book.close()

        accepted, rejected = add_reading(f"{args.rows} CSV rows × 20 columns", text, 90 * args.rows / 1e6)
        assert accepted + rejected == args.rows and rejected == args.rows // 100
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        add("memory of the process after it", held, "MB", 250)
        add_reading(f"{args.rows} CSV rows, duplicates looked for", text, 120 * args.rows / 1e6, Duplicates())
        goal = 15 * args.sheet_rows / 1e5
        accepted, rejected = add_reading(f"{args.sheet_rows} XLSX rows × 20 columns", sheet, goal)
        assert accepted + rejected == args.sheet_rows

        short = Path(folder, "short.csv")
        with text.open(encoding="utf-8") as long, short.open("w", encoding="utf-8") as file:
            file.writelines(line for _number, line in zip(range(20_000), long, strict=False))
        tracemalloc.start()
        measure(short, None)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        add("peak memory while streaming 20,000 CSV rows", peak, "MB", 40)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0 if all(each["ok"] for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
