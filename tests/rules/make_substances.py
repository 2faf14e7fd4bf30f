"""Make ``anlan/rules/data/substances.csv``: one row a substance, from the tables beside it, ERG limits and a library.

    pip install chemicals==1.5.2
    python tests/rules/make_substances.py PROPERTIES.csv THRESHOLDS.csv

Names and numbers come from the standards' own tables; formula, English name, melting and boiling point, flash point,
autoignition and explosive limits from PyPI ``chemicals`` (MIT), which brings 400 MB along and is therefore asked here
and nowhere else. The two files given carry UN numbers and emergency values (columns as in PROVENANCE.md).
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "anlan" / "rules" / "data"
COLUMNS = (
    "cas", "name", "aliases", "name_en", "formula", "un", "drug_class", "molar_mass_g_mol", "melting_K", "boiling_K",
    "flash_K", "autoignition_K", "lower_limit", "upper_limit", "idlh", "idlh_unit", "aegl2_60min", "aegl3_60min",
    "aegl_unit", "erpg2", "erpg3", "erpg_unit", "emergency_confidence", "erpg_confidence",
)  # fmt: skip
# 易制毒化学品管理条例 (2018-09-18), annex: the classes as printed. The numbers were put to the names by us and are
# checked by their digit and against the library's own name.
DRUG = {
    "103-79-7": ("1", "1-苯基-2-丙酮"), "4676-39-5": ("1", "3,4-亚甲基二氧苯基-2-丙酮"), "120-57-0": ("1", "胡椒醛"),
    "94-59-7": ("1", "黄樟素"), "120-58-1": ("1", "异黄樟素"), "89-52-1": ("1", "N-乙酰邻氨基苯酸"),
    "118-92-3": ("1", "邻氨基苯甲酸"), "103-82-2": ("2", "苯乙酸"), "108-24-7": ("2", "醋酸酐"),
    "67-66-3": ("2", "三氯甲烷"), "60-29-7": ("2", "乙醚"), "110-89-4": ("2", "哌啶"), "108-88-3": ("3", "甲苯"),
    "67-64-1": ("3", "丙酮"), "78-93-3": ("3", "甲基乙基酮"), "7722-64-7": ("3", "高锰酸钾"),
    "7664-93-9": ("3", "硫酸"), "7647-01-0": ("3", "盐酸"),
}  # fmt: skip


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a file."""
    with path.open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


def named() -> dict[str, dict[str, Any]]:
    """Every substance with one CAS number that a standard's table or the annex names: its names, best first."""
    found: dict[str, dict[str, Any]] = {}

    def enter(cas: str, *names: str) -> None:
        row = found.setdefault(cas, {"cas": cas, "names": []})
        row["names"] += [n for n in names if n and n not in row["names"]]

    printed = table(DATA / "gb18218_table1.csv")
    shared = {cas for row in printed if row["limited_by"] for cas in row["cas"].split(";")}
    for row in printed:
        if row["cas"] and ";" not in row["cas"] and row["cas"] not in shared:
            enter(row["cas"], row["name"], *row["aliases"].split(";"))
    for row in table(DATA / "key_supervised_chemicals.csv"):
        if row["cas"]:
            enter(row["cas"], row["name"], *row["aliases"].split(";"))
    for cas, (_number, name) in DRUG.items():
        enter(cas, name)
    for row in table(DATA / "gbz21_agents.csv"):
        if row["cas"] and ";" not in row["cas"]:
            enter(row["cas"], row["name"], *row["aliases"].split(";"))
    return found


def made(properties: list[dict[str, str]], thresholds: list[dict[str, str]]) -> str:
    """The text of the table."""
    import chemicals

    found, held, limits = named(), {r["cas"]: r for r in properties}, {r["cas"]: r for r in thresholds}
    for row in [*properties, *(r for r in thresholds if r["name_zh"])]:
        entry = found.setdefault(row["cas"], {"cas": row["cas"], "names": []})
        if row["name_zh"] not in entry["names"]:
            entry["names"].append(row["name_zh"])
    out = io.StringIO()
    sheet = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    sheet.writeheader()
    for cas in sorted(found, key=lambda c: [int(part) for part in c.split("-")]):
        own, level = held.get(cas, {}), limits.get(cas, {})
        sheet.writerow({
            "cas": cas, "name": found[cas]["names"][0], "aliases": ";".join(found[cas]["names"][1:]),
            "un": own.get("un_number", ""), "drug_class": DRUG.get(cas, ("",))[0],
            **_from_library(chemicals, cas, own.get("name_en", "")), **_levels(level),
        })  # fmt: skip
    return out.getvalue()


def _levels(row: dict[str, str]) -> dict[str, str]:
    if not row:
        return {}
    wanted = {
        "idlh": "idlh", "idlh_unit": "idlh_unit", "aegl2_60min": "aegl2_60min", "aegl3_60min": "aegl3_60min",
        "aegl_unit": "aegl_unit", "erpg2": "erpg2", "erpg3": "erpg3", "erpg_unit": "erpg_unit",
    }  # fmt: skip
    told = {to: row[of] if row[of] not in ("", "NR") else "" for to, of in wanted.items()}
    for value, unit in (("idlh", "idlh_unit"), ("aegl2_60min", "aegl_unit"), ("erpg2", "erpg_unit")):
        if not told[value] and not told[value.replace("2", "3")]:
            told[unit] = ""
    if any(told.values()):
        told["emergency_confidence"] = "B" if row["confidence"] == "A-" else "C"
        told["erpg_confidence"] = "C" if told["erpg_unit"] else ""
    return told


def _from_library(chemicals: Any, cas: str, english: str) -> dict[str, Any]:
    try:
        known = chemicals.search_chemical(cas)
    except ValueError:
        return {"name_en": english}
    asked = {
        "molar_mass_g_mol": (chemicals.MW, 3), "melting_K": (chemicals.Tm, 2), "boiling_K": (chemicals.Tb, 2),
        "flash_K": (chemicals.T_flash, 2), "autoignition_K": (chemicals.T_autoignition, 2),
        "lower_limit": (chemicals.LFL, 4), "upper_limit": (chemicals.UFL, 4),
    }  # fmt: skip
    told: dict[str, Any] = {"name_en": english or known.common_name, "formula": known.formula}
    for column, (ask, places) in asked.items():
        value = ask(CASRN=cas) if column in ("lower_limit", "upper_limit") else ask(cas)
        told[column] = "" if value is None else f"{value:.{places}f}".rstrip("0").rstrip(".")
    return told


if __name__ == "__main__":
    given = [table(Path(name)) for name in sys.argv[1:3]]
    (DATA / "substances.csv").write_text(made(*given), encoding="utf-8")
