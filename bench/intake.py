"""How fast a ledger of enterprises is read and checked by the command an office uses, and how much memory that takes.

``anlan intake enterprises FILE --dry-run --json`` on 1,000,000 rows of CSV and on 100,000 rows of XLSX: every row is
recognised, every cell checked, its place looked up, its code and name compared with the rows before it and with the
units on file. Then 100,000 rows are taken in, which writes units, sites, people and their history. One row in a
hundred has a fault. Memory is the largest sum, ten times a second, of what the command's processes hold by themselves
(a shared page counts in parts, PSS); the database server is not among them.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from shapely.geometry import shape

from anlan.rules import uscc
from anlan.runtime.bench import Figure

NEEDS_DATABASE = True
CITY = 0.2
FAULTY = 100  # one row in so many
SCALES = ("大型", "中型", "小型", "微型")
TRADES = ("机械", "水泥制品", "五金", "塑料", "家具", "食品", "电子", "服装", "印刷", "陶瓷")
STREETS = ("兴业", "建设", "工业", "滨河", "长安", "和平", "环城", "新港")
HEADINGS = (
    "序号", "企业名称", "统一社会信用代码", "所属县区", "所属镇街", "详细地址", "法定代表人", "法人电话", "主要负责人",
    "负责人电话", "安全管理人员", "安全员电话", "从业人数", "成立日期", "行业代码", "监管行业", "企业规模",
    "是否涉爆粉尘", "是否涉及有限空间", "经度", "纬度", "经营范围",
)  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """Sizes, to shorten it for a trial."""
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the text table")
    parser.add_argument("--sheet-rows", type=int, default=100_000, help="rows of the spreadsheet, and rows taken in")


Town = tuple[str, str, float, float]
"""The names of a county and of a town in it, longitude and latitude of its middle."""


def rows(count: int, towns: list[Town], seed: int = 7) -> Iterator[list[Any]]:
    """Rows as offices write them."""
    chance = random.Random(seed)
    for number in range(count):
        day = dt.date(1990, 1, 1) + dt.timedelta(chance.randrange(12000))
        founded = (f"{day.year}年{day.month}月{day.day}日", f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"{day:%Y.%m.%d}")
        county, town, lon, lat = towns[number % len(towns)]
        name = f"澜州市{STREETS[number % 8]}{number}号{TRADES[number % 10]}有限公司"
        yield [
            number + 1, name, uscc.make_valid("91990102", 20_000_000 + seed * 2_000_000 + number), county, town,
            f"{town}{STREETS[number % 7]}路{number % 997}号", "张三丰", f"138{number % 10**8:08d}", "李四",
            f"139{number % 10**8:08d}", "王五", f"137{number % 10**8:08d}",
            "约50人" if number % FAULTY == FAULTY - 1 else str(chance.randrange(1, 900)), founded[number % 4], "3021",
            "工贸", SCALES[number % 4], "是" if number % 9 == 0 else "否", "有" if number % 7 == 0 else "无",
            f"{lon + chance.random() / 500:.6f}", f"{lat + chance.random() / 500:.6f}",
            f"{TRADES[number % 10]}生产、销售",
        ]  # fmt: skip


class Tree:
    """The most memory a process and its descendants hold at once, in MiB."""

    def __init__(self, pid: int) -> None:
        self.pid, self.most, self._over = pid, 0.0, threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def end(self) -> float:
        """Stop looking; the most there was."""
        self._over.set()
        self._watch.join()
        return self.most

    def _look(self) -> None:
        while not self._over.wait(0.1):
            self.most = max(self.most, sum(_held(pid) for pid in _family(self.pid)) / 1024)


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(found for child in children for found in _family(int(child)))]


def _held(pid: int) -> int:
    try:
        told = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    except OSError:
        return 0
    return int(told[1]) if told else 0


def run(path: Path, folder: str, *options: str) -> tuple[float, float, int, int]:
    """The command on one ledger: seconds, MiB, rows accepted, rows refused."""
    command = [sys.executable, "-m", "anlan.runtime.cli", "intake", "enterprises", str(path), "--json", *options]
    with Path(folder, "answer.json").open("w+b") as answer:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=answer, stdin=subprocess.DEVNULL)
        tree = Tree(process.pid)
        if process.wait():
            raise SystemExit(f"the command ended with {process.returncode}")
        seconds, most = time.perf_counter() - began, tree.end()
        answer.seek(0)
        told = json.load(answer)
    return seconds, most, len(told["accepted"]), len({line["row"] for line in told["rejected"]})


def measure(chosen: argparse.Namespace) -> list[Figure]:
    """Read, check, and take in."""
    from django.db import connection

    from anlan.kernel.regions.models import Region, RegionKind
    from anlan.modules.registry.models import Unit
    from anlan.runtime.demo.build import build

    if not Region.objects.exists():
        build(scale=CITY, report=lambda line: print(line, file=sys.stderr))
    names = dict(Region.objects.values_list("path", "name"))
    towns = []
    for town in Region.objects.filter(kind=RegionKind.TOWN).order_by("path"):
        middle = shape((town.outline or {}).get("geometry", town.outline)).representative_point()
        towns.append((names[town.path[:8]], town.name, middle.x, middle.y))
    on_file = Unit.plain.count()
    connection.close()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.config.settings.dev")
    figures = []

    def tell(
        name: str, told: tuple[float, float, int, int], count: int, goal: float | None, most: float | None
    ) -> None:
        seconds, memory, accepted, refused = told
        if (accepted, refused) != (count - count // FAULTY, count // FAULTY):
            raise SystemExit(f"{name}: {accepted} accepted and {refused} refused of {count}")
        method = "one run, wall time from the command's start to its end"
        data = f"{len(HEADINGS)} columns, one row in {FAULTY} at fault, {on_file} units on file"
        figures.append(Figure(name, round(seconds, 1), "s", goal, method, data))
        figures.append(Figure(f"{name}: memory", round(memory), "MiB", most, "largest PSS of its processes", data))

    with tempfile.TemporaryDirectory(prefix="anlan-bench-") as folder:
        text, sheet = Path(folder, "ledger.csv"), Path(folder, "ledger.xlsx")
        with text.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            writer.writerows(rows(chosen.rows, towns))
        book = xlsxwriter.Workbook(sheet, {"constant_memory": True})
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        for number, row in enumerate(rows(chosen.sheet_rows, towns, seed=8), 1):
            page.write_row(number, 0, row)
        book.close()
        full = chosen.rows == 1_000_000
        told = run(text, folder, "--dry-run")
        tell(f"{chosen.rows} rows of CSV checked", told, chosen.rows, 90 if full else None, 1024)
        full = chosen.sheet_rows == 100_000
        told = run(sheet, folder, "--dry-run")
        tell(f"{chosen.sheet_rows} rows of XLSX checked", told, chosen.sheet_rows, 60 if full else None, 1024)
        told = run(sheet, folder)
        tell(f"{chosen.sheet_rows} rows of XLSX taken in", told, chosen.sheet_rows, None, None)
    return figures
