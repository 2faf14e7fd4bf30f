"""Make ``anlan/rules/data/holidays.csv`` and ``festivals.csv``.

    python tests/rules/make_holidays.py

The first is the yearly State Council notices as carried by the development dependency ``chinesecalendar`` (MIT);
the second is computed by ``lunar.py``. ``test_working_days.py`` refuses a file that differs from what this makes.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import chinese_calendar
from chinese_calendar.constants import Holiday, holidays, in_lieu_days, workdays
from lunar import festivals

DATA = Path(__file__).parents[2] / "anlan" / "rules" / "data"
FESTIVAL_YEARS = range(2004, 2051)
CHINESE = {holiday.value: holiday.chinese for holiday in Holiday}
# the package shortens these; the statute's names
CHINESE |= {"Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节", "National Day": "国庆节"}
CHINESE |= {"Dragon Boat Festival": "端午节", "Mid-autumn Festival": "中秋节", "New Year's Day": "元旦"}


def holidays_csv() -> str:
    """The text of ``holidays.csv``: one row a day off or make-up working day, in order."""
    kinds = {day: ("holiday", name) for day, name in holidays.items()}
    kinds |= {day: ("workday", name) for day, name in workdays.items()}
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["date", "kind", "name_zh", "name_en", "in_lieu"])
    for day in sorted(kinds):
        kind, name = kinds[day]
        table.writerow([day.isoformat(), kind, CHINESE[name], name, "yes" if day in in_lieu_days else ""])
    return out.getvalue()


def festivals_csv() -> str:
    """The text of ``festivals.csv``: one row a year."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["year", "spring_festival", "qingming", "dragon_boat", "mid_autumn"])
    for year in FESTIVAL_YEARS:
        table.writerow([year, *(day.isoformat() for day in festivals(year))])
    return out.getvalue()


if __name__ == "__main__":
    (DATA / "holidays.csv").write_text(holidays_csv(), encoding="utf-8")
    (DATA / "festivals.csv").write_text(festivals_csv(), encoding="utf-8")
    print(f"{chinese_calendar.__name__}: {len(holidays)} days off, {len(workdays)} make-up days")
