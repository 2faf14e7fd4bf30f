"""Gateways and their credentials: registered, issued anew, revoked, admitted again."""

from __future__ import annotations

import re

from anlan.kernel.acts import Work, act, created
from anlan.kernel.errors import BadInput, NotAllowed, NotFound, gettext_noop
from anlan.kernel.workflow import begin, remember, take
from anlan.modules.monitoring.events import (
    CredentialIssued,
    CredentialRevoked,
    GatewayChanged,
    GatewayRegistered,
)
from anlan.modules.monitoring.models import CODE, Gateway
from anlan.modules.monitoring.services.credentials import fresh_secret, say_changed
from anlan.modules.monitoring.workflow import KEEP
from anlan.modules.registry import public as registry

NAMED = gettext_noop("Give the gateway a name that says where it stands.")


@act(may=KEEP, secret=True)
def register_gateway(work: Work, *, site: int, code: str, name: str) -> tuple[Gateway, str]:
    """Register a gateway of a site and issue its credential: the gateway, and the secret that is shown once.

    ``code`` is what it signs in under and the end of its topic; it is unique on the platform and never changes.
    """
    try:
        view = registry.site_view(work.actor, int(getattr(site, "pk", site)))
    except (NotFound, TypeError, ValueError) as why:
        raise BadInput("site", gettext_noop("Choose a site within your reach.")) from why
    code, name = code.strip().lower(), name.strip()[:80]
    if not re.fullmatch(CODE, code):
        raise BadInput(
            "code", gettext_noop("Use small letters, digits and hyphens, at most 48, neither first nor last a hyphen.")
        )
    if not name:
        raise BadInput("name", NAMED)
    if Gateway.objects.filter(code=code).exists():
        raise BadInput("code", gettext_noop("This code is taken. Choose another one."))
    secret, digest = fresh_secret()
    row = Gateway(
        region_path=view.region_path, sector=view.sector, holder=view.holder, unit_id=view.unit_id, site_id=view.id,
        code=code, name=name, secret=digest, issued_at=work.now,
    )  # fmt: skip
    if not work.actor.may(KEEP, row):
        raise NotAllowed(permission=KEEP)
    begin(work, row, "register")
    created(row)
    remember(work, row, "register")
    work.record(GatewayRegistered(code=code), on=row)
    say_changed(code)
    return row, secret


@act(may=KEEP, on=Gateway)
def change_gateway(work: Work, gateway: Gateway, *, name: str) -> None:
    """Give the gateway another name. The same: nothing."""
    name = name.strip()[:80]
    if not name:
        raise BadInput("name", NAMED)
    if name != gateway.name:
        gateway.name = name
        gateway.save(update_fields=["name"])
        work.record(GatewayChanged(what=gettext_noop("Name of the gateway"), value=name), on=gateway)


@act(may=KEEP, on=Gateway, secret=True)
def rotate_credential(work: Work, gateway: Gateway) -> tuple[Gateway, str]:
    """Issue a new credential: the earlier one is refused and whoever is connected under it is disconnected."""
    take(work, gateway, "rotate")
    return _issued(work, gateway)


@act(may=KEEP, on=Gateway, secret=True)
def readmit_gateway(work: Work, gateway: Gateway) -> tuple[Gateway, str]:
    """Admit a revoked gateway again, under a new credential."""
    take(work, gateway, "readmit")
    gateway.reason = ""
    return _issued(work, gateway)


@act(may=KEEP, on=Gateway)
def revoke_gateway(work: Work, gateway: Gateway, *, reason: str) -> None:
    """Revoke the credential: sign-ins are refused and the connection ends. Revoked already: nothing."""
    if gateway.state == "revoked":
        return
    reason = reason.strip()[:200]
    if not reason:
        raise BadInput("reason", gettext_noop("Say why, for whoever asks later."))
    take(work, gateway, "revoke", given={"reason": reason})
    gateway.reason = reason
    gateway.save(update_fields=["state", "reason"])
    work.record(CredentialRevoked(gateway_id=gateway.pk, reason=reason), on=gateway)
    say_changed(gateway.code)


def _issued(work: Work, gateway: Gateway) -> tuple[Gateway, str]:
    secret, gateway.secret = fresh_secret()
    gateway.issued += 1
    gateway.issued_at = work.now
    gateway.save(update_fields=["state", "reason", "secret", "issued", "issued_at"])
    work.record(CredentialIssued(gateway_id=gateway.pk), on=gateway)
    say_changed(gateway.code)
    return gateway, secret
