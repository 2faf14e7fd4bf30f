"""What follows from elsewhere: the chemicals ledger says what is there, the registry where the site is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from anlan.kernel import clock
from anlan.kernel.acts import Work, act, inside_act
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import gettext_noop
from anlan.modules.installations import selectors
from anlan.modules.installations.events import BasisExceeded, BasisKept, InstallationCarried
from anlan.modules.installations.models import Filing, Grading, Holding, Installation, Provision, Target
from anlan.modules.installations.workflow import ANEW, KEEP
from anlan.modules.registry import public as registry

WHY = "one installation in hand"
OVER_DAYS = 3  # 本地规定: how long a unit has to bring a stock back below its declared basis, or to declare anew
REDUCE = gettext_noop("Bring the stock below the declared basis, or declare and grade anew")


@act(may="installations.watch", on=Installation)
def weigh_installation(work: Work, installation: Installation) -> None:
    """Compare what the ledger says is there with what is declared."""
    weigh(work, installation)


@inside_act
def weigh(work: Work, installation: Installation) -> None:
    """A stock above the declared basis is a finding on the unit's desk, until it is below or declared anew."""
    worst = selectors.above_basis(installation)
    over = (worst[1] - worst[2]).quantize(Decimal("0.001")) if worst else Decimal(0)
    if over == installation.over_t:
        return
    installation.over_t = over
    installation.save(update_fields=["over_t"])
    if worst is None:
        deadlines.meet(work, installation, "installations.over")
        work.record(BasisKept(), on=installation)
        return
    name, there, declared = worst
    work.record(BasisExceeded(substance=name, held=f"{there:f}", declared=f"{declared:f}"), on=installation)
    if deadlines.find(installation, "installations.over") is None:
        deadlines.start(
            work, installation, kind="installations.over", label=REDUCE, duty=KEEP, desk_holder=installation.holder,
            due=clock.day_of(work.now) + dt.timedelta(days=OVER_DAYS), basis=str(ANEW),
        )  # fmt: skip


@act(may="registry.merge", on=Installation)
def carry_installation(work: Work, installation: Installation, *, site: int, why: str) -> None:
    """Give an installation the place, line and holder its site has now."""
    view = registry.site_view(work.actor, site)
    before = (installation.site_id, installation.region_path, installation.sector, installation.holder)
    scope = {"region_path": view.region_path, "sector": view.sector, "holder": view.holder}
    if before == (view.id, view.region_path, view.sector, view.holder):
        return
    if view.id != installation.site_id and Installation.objects.filter(site=view.id, name=installation.name).exists():
        installation.name = f"{installation.name[:70]} ({installation.pk})"
    installation.site_id = view.id
    for name, value in scope.items():
        setattr(installation, name, value)
    installation.save()
    for model in (Holding, Target, Grading, Provision, Filing):
        model.objects.everything(why=WHY).filter(installation=installation).update(**scope)
    work.record(InstallationCarried(site=view.name, why=why), on=installation)
