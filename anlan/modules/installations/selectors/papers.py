"""The filing forms of an installation, filled in from what is on file; the archive document by document; what lacks.

Telephones stand sealed in the registry and are looked up there; the forms name who is reached, not the number.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from anlan.kernel import clock
from anlan.kernel.files.models import StoredFile
from anlan.kernel.files.services import files_of
from anlan.kernel.scope import system_read
from anlan.modules.installations.choices import FilingKind, Phase, UnitType
from anlan.modules.installations.models import Holding, Installation
from anlan.modules.installations.selectors.records import holdings_of, targets_of
from anlan.modules.registry import public as registry
from anlan.rules import gb18218, refusal
from anlan.rules.industry import industry
from anlan.rules.major_hazard_duties import FilingField, Form, filing_fields
from anlan.rules.wording import Wording, in_language

TYPED = {
    "postcode": 4, "person_in_charge": 5, "filled_by": 7, "email": 9, "area_m2": 12, "unit_type": 13,
    "enterprise_kind": 15, "address": 17, "plant": 25, "accidents": 30,
}  # fmt: skip
"""What the unit fills in, by its name in the act and its number in the forms."""
MAY_LACK = frozenset({4, 6, 8, 9, 10, 17, 27, 34, 36, 39, 40, 41, 42, 43, 44, 45})
"""Fields without which a filing is whole: what may not apply, and telephones, which the registry keeps sealed."""
RECORD_OF_GRADING, FEATURES, REPORT, OTHERS = 48, 49, 58, 61
MADE_HERE = frozenset({RECORD_OF_GRADING, FEATURES})
SEALED = Wording("sealed in the registry", "在企业登记中加密保存")
LEVELS = {
    1: Wording("Level I", "一级"), 2: Wording("Level II", "二级"), 3: Wording("Level III", "三级"),
    4: Wording("Level IV", "四级"),
}  # fmt: skip
KINDS = {
    FilingKind.FIRST: Wording("first filing of an existing unit", "现有企业初次备案"),
    FilingKind.PROJECT: Wording("new, rebuilt or extended project", "新建改建扩建项目备案"),
    FilingKind.RENEWAL: Wording("renewal", "更新备案"),
}
UNIT_TYPES = {
    "production": Wording("production", "生产"), "storage": Wording("storage", "储存"), "use": Wording("use", "使用"),
    "business": Wording("business", "经营"),
}  # fmt: skip
PHASES = {Phase.GAS: Wording("gas", "气"), Phase.LIQUID: Wording("liquid", "液"), Phase.SOLID: Wording("solid", "固")}
YES_NO = {True: Wording("yes", "是"), False: Wording("no", "否")}


@system_read("the files of an installation in hand")
def papers_of(installation: Installation) -> QuerySet[StoredFile]:
    """Every file of an installation."""
    return files_of(installation)


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the archive: how many files are kept here, whether it is handed over on paper or made here."""

    entry: int
    label: Wording
    files: int
    on_paper: bool
    made_here: bool

    @property
    def lacking(self) -> bool:
        """Whether it is nowhere, though it belongs to the archive."""
        return not (self.files or self.on_paper or self.made_here or self.entry == OTHERS)

    @property
    def purpose(self) -> str:
        """Under which its files are kept."""
        return purpose_of(self.entry)


@system_read("names a kind of file, reads nothing")
def purpose_of(entry: int) -> str:
    """The purpose under which the files of a document of the archive are kept."""
    return "report" if entry == REPORT else f"archive-{entry}"


@system_read("the documents of an installation in hand")
def archive_of(installation: Installation) -> list[Document]:
    """The fourteen documents of the archive, in their order."""
    held = Counter(files_of(installation).values_list("purpose", flat=True))
    graded = installation.graded_on is not None
    return [
        Document(
            field.entry, field.label, held[purpose_of(field.entry)], field.entry in installation.on_paper,
            field.entry in MADE_HERE and graded,
        )
        for field in filing_fields(Form.ARCHIVE)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """The filled forms: fields with their values, rows of chemicals, documents, and the names of what is lacking."""

    fields: list[dict[str, Any]]
    chemicals: list[dict[str, Any]]
    papers: list[dict[str, Any]]
    lacking: list[Wording]


@system_read("the filing forms of an installation in hand")
def sheet_of(installation: Installation, *, kind: str, by_name: str) -> Sheet:
    """The application and the table of basic features as they stand, with what is lacking named."""
    values = _values(installation, kind, by_name)
    fields, lacking = [], []
    for form in (Form.APPLICATION, Form.FEATURES):
        for field in filing_fields(form):
            if field.part == "chemical":
                continue
            value = values.get(field.entry)
            fields.append({**_named(field), "form": form.value, "value": _both(value), "unit": field.unit or ""})
            if value in (None, "") and field.entry not in MAY_LACK:
                lacking.append(field.label)
    documents = archive_of(installation)
    lacking += [one.label for one in documents if one.lacking]
    chemicals = [_chemical(number, holding) for number, holding in enumerate(holdings_of(installation), 1)]
    papers = [
        {"entry": d.entry, "en": str.__str__(d.label), "zh": d.label.zh, "files": d.files, "on_paper": d.on_paper,
         "made_here": d.made_here, "lacking": d.lacking}
        for d in documents
    ]  # fmt: skip
    return Sheet(fields, chemicals, papers, lacking)


def _named(field: FilingField) -> dict[str, Any]:
    return {"entry": field.entry, "en": str.__str__(field.label), "zh": field.label.zh}


def _both(value: Any) -> list[str]:
    """A value in English and Chinese; a plain one is the same in both."""
    if isinstance(value, Wording):
        return [in_language(value, "en"), in_language(value, "zh")]
    return ["" if value is None else str(value)] * 2


def _values(one: Installation, kind: str, by_name: str) -> dict[int, Any]:
    site = registry.site_views([one.site_id])[one.site_id]
    typed = {int(entry): value for entry, value in one.application.items()}
    typed[13] = UNIT_TYPES.get(str(typed.get(13, "")))
    nearest = targets_of(one).first()
    level = LEVELS.get(one.level or 0)
    address = typed.get(17) or site.address
    shown: dict[int, Any] = {
        1: site.unit_name, 2: site.name, 3: site.address, 6: SEALED, 7: by_name, 8: SEALED, 11: site.headcount,
        14: _industry(site.industry), 16: one.name, 18: level, 19: KINDS.get(FilingKind(kind)) if kind else None,
        20: Wording("see the list below", "见所附档案清单"), 21: site.name, 22: one.name, 23: address,
        24: one.started_on, 26: YES_NO[bool(one.park)], 27: one.park,
        28: nearest.distance_m if nearest is not None else None, 29: one.exposed, 31: level,
        32: None if one.r_value is None else f"{one.r_value.normalize():f}", 34: SEALED, 35: clock.today(),
    }  # fmt: skip
    shown |= {entry: value for entry, value in typed.items() if value not in (None, "")}
    shown[33] = shown[7]
    return shown


def _industry(code: str) -> str:
    try:
        return str(industry(code)) if code else ""
    except KeyError:
        return code


def _chemical(number: int, holding: Holding) -> dict[str, Any]:
    substance = holding.substance
    symbols = [gb18218.SYMBOLS[s] for s in holding.symbols if s in gb18218.SYMBOLS]
    try:
        asked = gb18218.factor(None, substance.cas or None, holding.entry, tuple(holding.symbols))
        threshold = f"{float(asked.threshold_t):g}"
    except (refusal.BadInput, refusal.RuleBroken):
        threshold = ""
    hazards = Wording("; ".join(symbols) or "–", "；".join(s.zh for s in symbols) or "–")
    values = {
        36: number, 37: substance.name, 38: hazards, 39: substance.un, 40: holding.used_for, 41: holding.method,
        42: PHASES.get(Phase(holding.phase)) if holding.phase else "", 43: _plain(holding.temperature_c),
        44: _plain(holding.pressure_mpa), 45: _plain(holding.largest_t), 46: _plain(holding.tonnes), 47: threshold,
    }  # fmt: skip
    return {str(entry): _both(value) for entry, value in values.items()}


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


@system_read("what the form begins with, of an installation in hand")
def typed_before(installation: Installation) -> dict[str, Any]:
    """What the unit filled in last time, by the act's names; the first time what the registry knows."""
    held = {int(entry): value for entry, value in installation.application.items()}
    found = {name: held.get(entry, "") for name, entry in TYPED.items()}
    found["unit_type"] = found["unit_type"] or ("storage" if installation.kind == UnitType.STORAGE else "production")
    found["person_in_charge"] = found["person_in_charge"] or installation.principal
    return found
