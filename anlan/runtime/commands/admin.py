"""Open the first administrator's account: `anlan admin NAME --region CODE`."""

from __future__ import annotations

import argparse
import sys


def add(parser: argparse.ArgumentParser) -> None:
    """Who, and over which region."""
    parser.add_argument("username", help="name of sign-in")
    parser.add_argument("--name", help="the person's name (default: the name of sign-in)")
    parser.add_argument("--region", required=True, help="6, 9 or 12-digit code, or the exact name, of the region")


def handle(arguments: argparse.Namespace) -> int:
    """Open the account and print its one-time password, once."""
    from django.db import transaction

    from anlan.kernel.actor import Actor
    from anlan.kernel.errors import Refused
    from anlan.kernel.identity.services import add_user, give_grant, one_time_password
    from anlan.kernel.regions.selectors import by_code_or_name

    actor = Actor.system("anlan admin")
    secret = one_time_password()
    try:
        with transaction.atomic():
            region = by_code_or_name(arguments.region)
            user = add_user(
                actor=actor, username=arguments.username, name=arguments.name or arguments.username, password=secret
            )
            give_grant(actor=actor, user=user, role="administrator", region=region, reason="first administrator")
    except Refused as why:
        print(why.message % why.params if why.params else why.message, file=sys.stderr)
        return 2
    print(f"{user.username} administers {region.name}. One-time password, to be changed at the first sign-in: {secret}")
    return 0
