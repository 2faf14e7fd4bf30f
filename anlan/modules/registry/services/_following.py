"""What lies on a site or unit follows it: scope columns copied onto people and certificates.

Deadlines and files of the record an act was called on follow by themselves; here it is said for the others.
"""

from __future__ import annotations

from django.db.models import QuerySet

from anlan.kernel.acts import Work
from anlan.kernel.deadlines.models import Deadline
from anlan.kernel.regions.models import Region
from anlan.kernel.regions.services import after_merge
from anlan.kernel.scope import follow_subject
from anlan.modules.registry.models import Certificate, Person, Site, Unit

WHY = "the rows of one record follow it in the same act"


def follow_site(site: Site) -> None:
    """Carry the site's scope to its people, and to the unit and its people when it is the main site."""
    unit = site.unit
    if site.is_main and (unit.region_path, unit.sector) != (site.region_path, site.sector):
        unit.region_path, unit.sector = site.region_path, site.sector
        Unit.objects.everything(why=WHY).filter(pk=unit.pk).update(region_path=site.region_path, sector=site.sector)
        follow_subject(unit)
    people = Person.objects.everything(why=WHY).filter(site=site)
    if site.is_main:
        people = people | Person.objects.everything(why=WHY).filter(unit=unit, site=None)
    move_people(people, site)


def move_people(people: QuerySet[Person], where: Site | Unit) -> None:
    """Give people, their certificates and what is due on these the scope of a site or unit."""
    scope = {"region_path": where.region_path, "sector": where.sector, "holder": where.holder}
    keys = list(people.values_list("pk", flat=True))
    Person.objects.everything(why=WHY).filter(pk__in=keys).update(**scope)
    certificates = Certificate.objects.everything(why=WHY).filter(person__in=keys)
    numbers = [str(pk) for pk in certificates.values_list("pk", flat=True)]
    certificates.update(**scope)
    Deadline.objects.everything(why=WHY).filter(subject_type="registry.certificate", subject_id__in=numbers).update(
        **scope, desk_holder=where.holder
    )


@after_merge
def follow_region(_work: Work, region: Region, into: Region) -> None:
    """Sites that lay in a merged region lie in the one it went to; their paths follow by the kernel's own job."""
    Site.objects.everything(why=WHY).filter(region=region).update(region=into)
