"""Acts on units: register, change, upgrade the number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anlan.kernel.acts import Work, act
from anlan.kernel.errors import BadInput, BadInputs, NotFound, gettext_noop
from anlan.kernel.regions.models import Region
from anlan.modules.registry.models import Site, Unit
from anlan.modules.registry.rows import ENTERPRISE, UNIT_FIELDS
from anlan.modules.registry.services._admission import Admission, Declined
from anlan.modules.registry.services._applying import admit_one, apply_unit, written
from anlan.modules.registry.services._changes import unit_changes


@act(may="registry.change")
def register_unit(work: Work, *, data: Mapping[str, Any], region: Region | None = None) -> Unit:
    """Enter a unit with its first site, or a further site of a unit on file under the same code.

    ``data``: the fields of ``rows.ENTERPRISE``, raw or converted; ``region`` takes the place of county, town and
    village. Without a unified code the unit gets a provisional number. Raises ``BadInputs`` naming each field.
    """
    admitted = admit_one(work, data, region)
    site = written(work, admitted)
    return site.unit


@act(may="registry.change")
def add_site(work: Work, *, unit: Unit | int, data: Mapping[str, Any], region: Region) -> Site:
    """Give a unit a further site, also a second one in the same town. ``data``: the site's fields of the row schema.

    A site in a town in which the unit already has one needs a name of its own.
    """
    pk = unit.pk if isinstance(unit, Unit) else unit
    found = (
        Unit.objects.visible_to(work.actor)
        .filter(merged_into=None)
        .select_for_update(of=("self",))
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    values = dict(ENTERPRISE.parse({**data, "name": found.name}, strict=True).required())
    values.update(uscc=found.uscc or None, provisional=found.provisional_number or None)
    admission = Admission(work.actor, base=region)
    names = set(
        Site.objects.everything(why="two sites of one unit bear two names")
        .filter(unit=found)
        .values_list("name", flat=True)
    )
    town = admission.places.town_path(region)
    if (values.get("site_name") or found.name) in names and any(
        s.region_path.startswith(town) for s in Site.objects.visible_to(work.actor).filter(unit=found, merged_into=None)
    ):
        raise BadInput(
            "site_name", gettext_noop("The unit has a site in this town. Give the new one a name of its own.")
        )
    verdict = admission.admit_further(values, region, found)
    if isinstance(verdict, Declined):
        raise BadInputs([problem.as_error() for problem in verdict.problems])
    return written(work, verdict)


@act(may="registry.change", on=Unit)
def change_unit(work: Work, unit: Unit, *, data: Mapping[str, Any]) -> None:
    """Change name, kind, day of foundation, registered address or business scope; what is not in ``data`` stays.

    A new name leaves the old one on file. The same values change nothing.
    """
    unknown = data.keys() - set(UNIT_FIELDS)
    if unknown:
        raise BadInput(sorted(unknown)[0], gettext_noop("This field cannot be changed here."))
    values = ENTERPRISE.parse(data, partial=True, strict=True).required()
    changes = unit_changes(unit, values, blanks=True)
    apply_unit(work, unit, changes)


@act(may="registry.change", on=Unit)
def upgrade_number(work: Work, unit: Unit, *, uscc: str) -> None:
    """Enter the unified social credit code of a unit that had a provisional number. Its record and history stay.

    Refused when the unit has another code, or the code belongs to another unit (merge the two then).
    """
    parsed = ENTERPRISE.parse({"uscc": uscc}, partial=True)
    code = parsed.required()["uscc"]
    if code == unit.uscc and code:
        return
    if not code:
        raise BadInput("uscc", gettext_noop("Give the unified social credit code."))
    if unit.uscc:
        raise BadInput(
            "uscc", gettext_noop("The unit has a unified social credit code already (%(code)s)."), code=unit.uscc
        )
    why = "a code belongs to one unit in the whole database"
    holder = Unit.objects.everything(why=why).filter(uscc=code, merged_into=None).first()
    if holder is not None:
        visible = Unit.objects.visible_to(work.actor).filter(pk=holder.pk).exists()
        problem = ENTERPRISE.problem(
            "uscc",
            "code_taken",
            gettext_noop("This code is on file for “%(other)s”: if they are one unit, merge the two."),
            other=holder.name if visible else "…",
        )
        raise BadInputs([problem.as_error()])
    apply_unit(work, unit, {"uscc": ("", code)})
