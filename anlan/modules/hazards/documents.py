"""Papers of a hazard as PDF on A4: the rectification notice (责令限期整改) and the record sheet with its photos.

Typeset by typst from ``templates/hazards/*.typ``; the data go in as JSON, so that nothing typed into a record is read
as markup. The Chinese face comes from a wheel, so the same bytes come out on every machine. The national pattern of
the papers (文书式样) is not held and the new order 18 may re-issue it: the notice carries what the law asks of an
order, not a claim to be that pattern.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from PIL import Image, ImageOps

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.deadlines.services import find
from anlan.kernel.errors import RuleBroken, gettext_noop
from anlan.kernel.files.models import StoredFile
from anlan.kernel.files.services import files_of, open_file
from anlan.kernel.journal.models import StepTaken
from anlan.kernel.regions.selectors import full_name
from anlan.kernel.workflow import steps_taken
from anlan.modules.hazards import selectors
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.rows import CATEGORIES, GRADES, SOURCES
from anlan.rules.hazard_deadline import RECTIFICATION_BY_ORDER
from anlan.rules.hazard_grade import PLAN_ITEMS, SETTLED_ITEMS, Item

PATTERNS = Path(__file__).parent / "templates" / "hazards"
FONTS = str(Path(pylopdf_fonts_zh_cn.__file__).parent)
PHOTO_PIXELS = 1000
MOST_PHOTOS = 6  # of each kind on the record sheet
REMEDIES = (
    "如对本指令不服，可以自知道之日起六十日内依照《中华人民共和国行政复议法》第二十条申请行政复议，"
    "或者在六个月内依照《中华人民共和国行政诉讼法》第四十六条提起行政诉讼；复议、诉讼期间，不停止执行本指令。"
)
_GRADES = {g.code: g.aliases_zh[0] for g in GRADES}
_SOURCES = {s.code: s.aliases_zh[0] for s in SOURCES}
_CATEGORIES = {c.code: c.aliases_zh[0] for c in CATEGORIES}
_STEPS = {
    "report": "上报", "find": "登记", "return_report": "退回补充", "resubmit_report": "补充上报",
    "assess_general": "评估为一般隐患",
    "assess_own": "自行评估为一般隐患", "assess_major": "评估为重大隐患", "regrade_major": "调整为重大隐患",
    "regrade_general": "调整为一般隐患",
    "submit_plan": "报送治理方案", "approve_plan": "批准治理方案", "return_plan": "退回治理方案",
    "order": "责令限期整改",
    "submit_rectification": "报送整改结果", "accept": "验收通过", "accept_own": "自行验收通过",
    "return_rectification": "退回整改",
    "return_acceptance": "退回验收", "close": "销账", "close_own": "自行销账", "recheck": "回头看",
    "reopen": "重新打开",
    "propose_withdrawal": "申请撤销", "agree_withdrawal": "同意撤销", "merge": "并案",
}  # fmt: skip


def notice_pdf(actor: Actor, pk: int) -> tuple[str, bytes]:
    """The rectification notice of an ordered hazard: file name and PDF. Refused before an order was given."""
    hazard = selectors.hazard(actor, pk)
    if not hazard.order_number or hazard.ordered_due is None:
        raise RuleBroken(
            gettext_noop("No order was given yet. Order rectification by a day first, then print the notice."),
            RECTIFICATION_BY_ORDER,
        )
    data = {
        **_common(hazard),
        "order_number": hazard.order_number,
        "ordered_on": _day(hazard.ordered_on),
        "due": _day(hazard.ordered_due),
        "requirements": hazard.requirements or "消除上述隐患，并在期限届满前报送整改结果和整改后照片。",
        "basis": str(RECTIFICATION_BY_ORDER),
        "remedies": REMEDIES,
        "office": full_name(hazard.owner_path),
    }
    return f"{hazard.order_number}.pdf", _typeset("notice.typ", data, {})


def record_pdf(actor: Actor, pk: int) -> tuple[str, bytes]:
    """The record sheet of a hazard, photos before and after included: file name and PDF."""
    hazard = selectors.hazard(actor, pk)
    photos = {purpose: _photos(hazard, purpose) for purpose in ("before", "after")}
    data = {
        **_common(hazard),
        "state": _state(hazard),
        "limit": _limit(hazard),
        "limit_basis": hazard.rectify_basis,
        "measures": hazard.measures,
        "needed": _yuan(hazard.money_needed_yuan),
        "spent": _yuan(hazard.money_spent_yuan),
        "settled": _items(SETTLED_ITEMS, hazard.settled),
        "plan": _items(PLAN_ITEMS, hazard.plan),
        "reports": [
            ["向监管部门报告", _day(hazard.reported_regulator_on)],
            ["向职工大会或者职工代表大会报告", _day(hazard.reported_workers_on)],
        ]
        if hazard.grade == "major"
        else [],
        "evaluation": f"{_day(hazard.evaluated_on)} {hazard.evaluated_by}：{hazard.evaluation}"
        if hazard.evaluated_on
        else "",
        "listing": hazard.get_listing_level_display() if hazard.listing_level else "",
        "steps": [_step(step) for step in steps_taken(hazard)],
        "before": [name for name, _content in photos["before"]],
        "after": [name for name, _content in photos["after"]],
    }
    pictures = dict([*photos["before"], *photos["after"]])
    return f"{hazard.number}.pdf", _typeset("record.typ", data, pictures)


def _limit(hazard: Hazard) -> str:
    """The time limit of the rectification, marked while it leans on a year whose holiday notice is not held."""
    running = find(hazard, "rectify")
    mark = "（暂定）" if running is not None and running.provisional else ""
    return f"{_day(hazard.rectify_due)}{mark}"


def _common(hazard: Hazard) -> dict[str, Any]:
    site = hazard.site
    return {
        "number": hazard.number,
        "unit": site.unit.name,
        "uscc": site.unit.number,
        "site": site.name,
        "address": site.address,
        "region": full_name(hazard.region_path),
        "title": hazard.title,
        "description": hazard.description,
        "place": hazard.place,
        "category": _CATEGORIES.get(hazard.category, ""),
        "source": _SOURCES.get(hazard.source, ""),
        "grade": _GRADES.get(hazard.grade, "待评估"),
        "clause": printed_clause(hazard),
        "judgement": hazard.judgement,
        "found_on": _day(hazard.found_on),
        "found_by": hazard.found_by,
        "responsible": hazard.responsible or hazard.settled.get("responsibility", ""),
        "printed_on": _day(clock.today()),
    }


def printed_clause(hazard: Hazard) -> str:
    """The clause of a major hazard as a paper may say it: the place in the list, without our own short title of it."""
    found = selectors.chosen_clause(hazard)
    return str(found.citation) if found is not None else hazard.clause


def _typeset(pattern: str, data: dict[str, Any], pictures: dict[str, bytes]) -> bytes:
    """Typeset a pattern with its data and pictures, in a folder of its own that is the compiler's whole world."""
    with tempfile.TemporaryDirectory(prefix="anlan-paper-") as folder:
        (Path(folder) / "paper.typ").write_bytes((PATTERNS / pattern).read_bytes())
        (Path(folder) / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, content in pictures.items():
            (Path(folder) / name).write_bytes(content)
        made: bytes = typst.compile(
            str(Path(folder) / "paper.typ"), root=folder, font_paths=[FONTS], ignore_system_fonts=True, format="pdf"
        )
    return made


def _photos(hazard: Hazard, purpose: str) -> list[tuple[str, bytes]]:
    """The pictures of one purpose, upright and small enough for paper."""
    stored = [f for f in files_of(hazard).filter(purpose=purpose) if f.is_image][:MOST_PHOTOS]
    return [(f"{purpose}{at}.jpg", _small(f)) for at, f in enumerate(stored)]


def _small(stored: StoredFile) -> bytes:
    out = io.BytesIO()
    with open_file(stored) as handle, Image.open(handle) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((PHOTO_PIXELS, PHOTO_PIXELS))
        upright.save(out, "JPEG", quality=82)
    return out.getvalue()


def _items(items: tuple[Item, ...], given: dict[str, str]) -> list[list[str]]:
    return [[item.label.zh, given[item.code]] for item in items if given.get(item.code)]


def _step(step: StepTaken) -> list[str]:
    label = "不同意撤销" if step.step.startswith("refuse_withdrawal_") else _STEPS.get(step.step, step.step)
    return [f"{step.at.astimezone(clock.CHINA):%Y-%m-%d %H:%M}", label, step.actor_name, step.note]


def _state(hazard: Hazard) -> str:
    return _STATES.get(hazard.state, hazard.state)


_STATES = {
    "registered": "待评估", "returned_report": "退回补充", "planning": "待报方案", "plan_review": "方案待批",
    "rectifying": "整改中",
    "in_review": "待验收", "accepted": "待销账", "closed": "已销账", "withdrawal_proposed": "待同意撤销",
    "withdrawn": "非隐患撤销",
    "merged": "已并案",
}  # fmt: skip


def _day(day: dt.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _yuan(amount: Any) -> str:
    return f"{amount:,.2f}元" if amount is not None else ""
