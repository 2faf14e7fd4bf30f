"""Open the first administrator's account: `anlan admin NAME --region CODE`.

Later ones are opened by an administrator. When none is left who can, `--emergency HOURS --reason "…"` makes NAME
administrator for hours: journalled, and told at once to everybody who may give authorities there.
"""

from __future__ import annotations

import argparse
import sys


def add(parser: argparse.ArgumentParser) -> None:
    """Who, and over which region."""
    parser.add_argument("username", help="name of sign-in")
    parser.add_argument("--name", help="the person's name (default: the name of sign-in)")
    parser.add_argument("--region", required=True, help="6, 9 or 12-digit code, or the exact name, of the region")
    parser.add_argument("--emergency", type=int, metavar="HOURS", help="for so many hours, at most 24")
    parser.add_argument("--reason", default="", help="what has happened; it stays in the journal")


def handle(arguments: argparse.Namespace) -> int:
    """Open the account and print its one-time password, once."""
    from django.db import transaction

    from anlan.kernel.errors import Refused

    try:
        with transaction.atomic():
            said = _emergency(arguments) if arguments.emergency is not None else _first(arguments)
    except Refused as why:
        print(why.message % why.params if why.params else why.message, file=sys.stderr)
        return 2
    print(said)
    return 0


def _first(arguments: argparse.Namespace) -> str:
    from anlan.kernel.actor import Actor
    from anlan.kernel.errors import Refused
    from anlan.kernel.identity.services import add_user, give_grant, has_administrator, one_time_password
    from anlan.kernel.regions.selectors import by_code_or_name

    actor, secret = Actor.system("anlan admin"), one_time_password()
    region = by_code_or_name(arguments.region)
    if has_administrator(region):
        raise Refused("This region has an administrator, who opens further accounts. In an emergency use --emergency.")
    user = add_user(
        actor=actor, username=arguments.username, name=arguments.name or arguments.username, password=secret
    )
    give_grant(actor=actor, user=user, role="administrator", region=region, reason="first administrator")
    return f"{user.username} administers {region.name}. One-time password, to be changed at the first sign-in: {secret}"


def _emergency(arguments: argparse.Namespace) -> str:
    from anlan.kernel import clock
    from anlan.kernel.actor import Actor
    from anlan.kernel.identity.models import User
    from anlan.kernel.identity.services import add_user, one_time_password, rescue, reset_password
    from anlan.kernel.regions.selectors import by_code_or_name

    actor, secret = Actor.system("anlan admin"), one_time_password()
    region = by_code_or_name(arguments.region)
    user = User.objects.filter(username__iexact=arguments.username).first()
    if user is None:
        user = add_user(
            actor=actor, username=arguments.username, name=arguments.name or arguments.username, password=secret
        )
    else:
        secret = reset_password(actor=actor, user=user)
    grant = rescue(actor=actor, user=user, region=region, hours=arguments.emergency, reason=arguments.reason)
    assert grant.expires_at is not None
    until = grant.expires_at.astimezone(clock.CHINA).strftime("%Y-%m-%d %H:%M")
    return (
        f"{user.username} administers {region.name} until {until}; everybody who may give authorities there was told. "
        f"One-time password, to be changed at the first sign-in: {secret}"
    )
