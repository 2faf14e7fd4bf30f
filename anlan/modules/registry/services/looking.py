"""Looking people up by the last four digits of a telephone: rationed, and only among those one may see."""

from __future__ import annotations

import datetime as dt

from anlan.kernel.acts import Work, act
from anlan.kernel.counting import counted
from anlan.kernel.errors import BadInput, TooOften, gettext_noop
from anlan.kernel.identity.sealing import tail_index
from anlan.modules.registry.models import Person, PhoneLook

WITHIN = dt.timedelta(minutes=15)
MOST = 60  # looks of one person within that time: ten thousand endings would take him more than a day and a half
KEEP = dt.timedelta(days=1)
FOUND = 200


@act(may="registry.view")
def look_up_phone(work: Work, *, digits: str) -> list[int]:
    """The keys of the people within reach whose telephone ends in these four digits; ``TooOften`` past the ration.

    What was looked for is not kept anywhere; that it was looked for is, for a day.
    """
    if len(digits) != 4 or not (digits.isascii() and digits.isdigit()):
        raise BadInput("digits", gettext_noop("Give the last four digits of the telephone."))
    mine = PhoneLook.objects.filter(by_key=work.actor.key)
    if counted(mine.filter(at__gt=work.now - WITHIN), MOST) >= MOST:
        raise TooOften
    mine.filter(at__lt=work.now - KEEP).delete()
    PhoneLook.objects.create(by_key=work.actor.key, at=work.now)
    rows = Person.objects.visible_to(work.actor).filter(phone_tail=tail_index(digits))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:FOUND])
