"""Who cites what: rules, steps of processes, clauses of the statutory lists, papers. All of it is in the code."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext

from anlan.kernel.scope import system_read
from anlan.kernel.workflow import InProcess
from anlan.rules import hazard_list
from anlan.rules.book import RULES
from anlan.rules.citation import Citation, Level
from anlan.rules.statute_text import short_title
from anlan.rules.wording import in_language

PUBLIC = "the law's own citations are in the code; no records"
_NUMBERED = re.compile(r"^(.+?)（([^（）]*(?:令第\d+号|〔\d{4}〕\d+号|(?:AQ|GB|GBZ)[ /T]*[\d.]+-\d{4}))）$")
_N = "[一二三四五六七八九十百]+"
_PLACE = re.compile(
    rf"^(?:表\d+|式（\d+）|附录[A-Z]|序号\d+|第[一二]批(?:序号|编号)\d+|第{_N}部分|第{_N}项|\d+(?:\.\d+)+)"
)
_DOCUMENTS: dict[str, tuple[str, tuple[Citation, ...]]] = {}


@dataclass(frozen=True, slots=True)
class Use:
    """One place that cites a clause. ``kind``: rule, step, clause or document; ``label`` is said by ``said``."""

    kind: str
    code: str
    label: str
    citation: Citation
    own_words: str = ""

    @property
    def said(self) -> str:
        """What cites, in the reader's language."""
        if self.kind in ("rule", "clause"):
            return in_language(self.label, get_language() or "zh-hans")
        return gettext(self.label)

    @property
    def url(self) -> str:
        """Where it stands in the library, at its place on the page."""
        if self.kind == "rule":
            return reverse("statutes:rule", kwargs={"rule": self.code})
        if self.kind == "step":
            return f"{reverse('statutes:steps')}#{self.code}"
        if self.kind == "clause":
            listed, version, clause = self.code.split(".", 2)
            return f"{reverse('statutes:criteria', kwargs={'edition': f'{listed}-{version}'})}#{mark_of(clause)}"
        return f"{reverse('statutes:papers')}#{self.code}"


@system_read(PUBLIC)
def named(citation: Citation) -> tuple[str, str]:
    """Title and number of the text cited.

    >>> named(Citation("工贸企业重大事故隐患判定标准（应急管理部令第10号）", "第三条"))
    ('工贸企业重大事故隐患判定标准', '应急管理部令第10号')
    """
    found = _NUMBERED.match(citation.law)
    title, number = found.groups() if found else (citation.law, "")
    return short_title(title), citation.number or number


@system_read(PUBLIC)
def labels_of(citation: Citation) -> tuple[str, ...]:
    """The places of a text a citation names: its articles, else the table or formula it names; none for the whole."""
    if citation.places:
        return tuple(dict.fromkeys(place.article for place in citation.places))
    found = _PLACE.match(citation.article)
    return (found[0],) if found else ()


@system_read(PUBLIC)
def mark_of(code: str) -> str:
    """The mark of a clause of a list on its page.

    >>> mark_of("13(2)")
    'c13-2-'
    """
    return "c" + re.sub(r"\W", "-", code)


@system_read(PUBLIC)
def documents() -> dict[str, tuple[str, tuple[Citation, ...]]]:
    """The papers of the platform: msgid of the name and the clauses each prints, by code."""
    return dict(_DOCUMENTS)


@system_read(PUBLIC)
def register_document(code: str, label: str, citations: tuple[Citation, ...]) -> None:
    """Say which clauses a paper of a module prints; ``label`` is a msgid."""
    _DOCUMENTS[code] = (label, citations)
    uses.cache_clear()


@system_read(PUBLIC)
@cache
def citations_of_rule(name: str) -> tuple[Citation, ...]:
    """Every clause a rule rests on: of its editions, of its tables, and of its worked examples."""
    return RULES[name].rests_on


@system_read(PUBLIC)
def processes() -> list[tuple[str, type[InProcess]]]:
    """The processes of the platform with the tables that move along them, by name."""
    found = {m.process.name: m for m in apps.get_models() if issubclass(m, InProcess) and hasattr(m, "process")}
    return sorted(found.items())


@system_read(PUBLIC)
@cache
def uses() -> tuple[Use, ...]:
    """Everything that cites a text; what rests on local rules or on practice alone cites none and is left out."""
    found = [
        Use("rule", name, rule.title, citation) for name, rule in RULES.items() for citation in citations_of_rule(name)
    ]
    for name, model in processes():
        found += [Use("step", f"{name}.{step.code}", step.label, step.clause) for step in model.process.steps]
    for edition in hazard_list.sets():
        for clause in hazard_list.clauses_of(edition):
            code = f"{edition.code}.{edition.version}.{clause.code}"
            found.append(Use("clause", code, clause.title, clause.citation, clause.title.zh))
    for code, (label, citations) in _DOCUMENTS.items():
        found += [Use("document", code, label, citation) for citation in citations]
    return tuple(use for use in found if use.citation.level is not Level.LOCAL)


@system_read(PUBLIC)
def cite_url(citation: Citation, on: dt.date | None = None) -> str:
    """The address that leads to what a citation means, in the library or not; "" for what is no text of law.

    With ``on`` it leads to the edition of that day, whichever edition the citation itself speaks of.
    """
    if citation.level in (Level.LOCAL, Level.METHOD):
        return ""
    said = {"law": citation.law, "at": citation.article}
    if on is not None:
        said["on"] = on.isoformat()
        if not citation.in_force(on):
            del said["at"]  # the number of an article is that of its edition: in another it may be another rule
    else:
        days = {"from": citation.valid_from, "to": citation.valid_to}
        said |= {"number": citation.number, **{name: day.isoformat() for name, day in days.items() if day}}
    return f"{reverse('statutes:cite')}?{urlencode({name: value for name, value in said.items() if value})}"


@system_read(PUBLIC)
def meets(citation: Citation, first: dt.date | None, last: dt.date | None) -> bool:
    """Whether a citation's period of force meets that of an edition, as far as both are known."""
    begins_late = citation.valid_from is not None and last is not None and citation.valid_from > last
    ends_early = citation.valid_to is not None and first is not None and citation.valid_to < first
    return not begins_late and not ends_early


@system_read(PUBLIC)
def uses_of(title: str, first: dt.date | None, last: dt.date | None, label: str = "") -> tuple[Use, ...]:
    """What cites a text in its period of force, or one article of it (``label``), each once."""
    found: dict[tuple[str, str], Use] = {}
    for use in uses():
        if named(use.citation)[0] != title or not meets(use.citation, first, last):
            continue
        if not label or label in labels_of(use.citation):
            found.setdefault((use.kind, use.code), use)
    return tuple(found.values())
