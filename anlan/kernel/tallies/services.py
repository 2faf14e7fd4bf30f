"""The nightly comparison as an act: what differed is journalled and told to whoever runs the platform."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from anlan.kernel.acts import Work, act
from anlan.kernel.errors import gettext_noop
from anlan.kernel.identity.actors import valid_grants
from anlan.kernel.identity.models import User
from anlan.kernel.notify.services import tell
from anlan.kernel.tallies.facts import NumbersCorrected
from anlan.kernel.tallies.keeping import SAMPLE, compare, fold
from anlan.kernel.tallies.models import Reconciliation

OPERATE = "office.operate"


@act(may="tallies.reconcile")
def reconcile_numbers(work: Work) -> Reconciliation:
    """Compare every kept number with the records and put right what differs; nothing differs, nothing is said."""
    differing = compare()
    fold()
    sample = [_plain(one) for one in differing[:SAMPLE]]
    row = Reconciliation.objects.create(at=work.now, differing=len(differing), sample=sample)
    if differing:
        first = f"{sample[0]['what']} {sample[0]['region_path']} {int(sample[0]['n']):+d}"
        work.record(NumbersCorrected(differing=len(differing), first=first), on=row)
        tell(
            _administrators(),
            gettext_noop(
                "Kept numbers differed from the records in %(differing)s places (first: %(first)s). They were put "
                "right; ask why before it happens again."
            ),
            urgent=True, differing=len(differing), first=first,
        )  # fmt: skip
    return row


def _administrators() -> list[User]:
    roles = [code for code, role in settings.ANLAN_ROLES.items() if role.permissions & {OPERATE, "office.*", "*"}]
    holders = valid_grants().filter(role__in=roles).values("user_id")
    return list(User.objects.filter(is_active=True, pk__in=holders).order_by("pk"))


def _plain(difference: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | str) or value is None else str(value)
        for name, value in difference.items()
    }
