"""The catalogue: a unit's own mixtures, and what a jurisdiction marks."""

from __future__ import annotations

import re

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, created
from anlan.kernel.codes.services import next_numbers
from anlan.kernel.errors import BadInput, NotFound, gettext_noop
from anlan.kernel.regions.models import Region
from anlan.modules.chemicals import selectors
from anlan.modules.chemicals.choices import Mark
from anlan.modules.chemicals.events import SubstanceAdded, SubstanceMarked
from anlan.modules.chemicals.models import Substance
from anlan.modules.chemicals.services import _police as police
from anlan.modules.chemicals.services._sites import site_within
from anlan.modules.chemicals.workflow import CATALOGUE, KEEP
from anlan.rules.gb18218 import SYMBOLS

LABELS = {Mark.TOXIC: "Highly toxic chemical", Mark.EXPLOSIVE: "Precursor of explosives"}


@act(may=KEEP)
def add_substance(
    work: Work, *, site: int, name: str, symbols: tuple[str, ...] = (), un: str = "", name_en: str = "",
    aliases: str = "",
) -> Substance:  # fmt: skip
    """Enter a mixture or a substance no table holds, for one unit; ``symbols`` are categories of GB 18218 Table 2.

    A name the catalogue has already is refused: its entry is used.
    """
    view = site_within(work.actor, site, KEEP)
    name = name.strip()
    if not name:
        raise BadInput("name", gettext_noop("Give the name of the substance as on its safety data sheet."))
    known = selectors.substance_called(view.holder, name)
    if known is not None:
        raise BadInput(
            "name", gettext_noop("%(name)s stands in the catalogue already. Use that entry."), name=known.name
        )
    wrong = [symbol for symbol in symbols if symbol not in SYMBOLS]
    if wrong:
        raise BadInput("symbols", gettext_noop("Choose categories of Table 2 of GB 18218."))
    if un and not re.fullmatch(r"\d{4}", un):
        raise BadInput("un", gettext_noop("A UN number has four digits, such as 1230."))
    number = next_numbers(f"substance:{clock.today().year}")[0]
    substance = created(
        Substance(
            region_path=view.region_path, sector=view.sector, holder=view.holder, name=name[:120], un=un,
            code=f"OWN-{clock.today().year}-{number:05d}", symbols=sorted(set(symbols)), name_en=name_en.strip()[:120],
            aliases=aliases.strip()[:300],
        )
    )  # fmt: skip
    work.record(SubstanceAdded(name=substance.name), on=substance)
    return substance


@act(may=CATALOGUE)
def mark_substance(work: Work, *, substance: int, mark: str, listed: bool, basis: str) -> Substance:
    """Say that a substance is, or is not, highly toxic or a precursor of explosives, by a list named as basis.

    The lists themselves are not held, so whoever has them in hand marks; a substance of the tables is everybody's and
    is marked by whoever holds the right over the whole tree. The same again does nothing.
    """
    rows = selectors.substances(work.actor).select_for_update(of=("self",))
    found: Substance | None = rows.filter(pk=substance).first()
    if found is None:
        raise NotFound
    top = Region.objects.filter(depth=1).order_by("path").values_list("path", flat=True).first() or ""
    work.actor.need_at(CATALOGUE, found.region_path or top, "")
    if mark not in Mark.values:
        raise BadInput("mark", gettext_noop("Choose what it is marked as."))
    basis = basis.strip()[:120]
    if not basis:
        raise BadInput("basis", gettext_noop("Name the list, its year and the number in it."))
    paper = "toxic_basis" if mark == Mark.TOXIC else "explosive_basis"
    if (getattr(found, mark), getattr(found, paper)) == (listed, basis):
        return found
    setattr(found, mark, listed)
    setattr(found, paper, basis)
    found.save(update_fields=[mark, paper])
    if listed:
        police.owe_since(work, found)
    answer = gettext_noop("yes") if listed else gettext_noop("no")
    work.record(SubstanceMarked(code=found.code, mark=LABELS[Mark(mark)], answer=answer, basis=basis), on=found)
    return found
