"""Take readings in, judge, keep and answer for them: `anlan historian` (a part of `anlan up`)."""

from __future__ import annotations

import argparse
import os
import signal
from pathlib import Path

from anlan.runtime import ready
from anlan.runtime.screen import Trouble

_ENDS = {signal.SIGTERM, signal.SIGINT}


def add(parser: argparse.ArgumentParser) -> None:
    """Where it says that it is ready; which of several it is."""
    parser.add_argument("--shard", default="1/1", help="the i-th of n historians, as i/n (needs ANLAN_CLICKHOUSE_URL)")
    parser.add_argument("--ready", type=Path, default=None, help="a file that is made once readings are taken in")


def handle(arguments: argparse.Namespace) -> int:
    """Run until somebody asks it to stop."""
    from django.apps import apps
    from django.conf import settings

    from anlan.kernel import messaging

    if not apps.is_installed("anlan.modules.monitoring"):  # nothing is to be taken in: the part stands and waits
        if arguments.ready:
            ready.say(arguments.ready)
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
        signal.sigwait(_ENDS)
        return 0
    from anlan.kernel.codes.services import parameter
    from anlan.modules.monitoring.public import HOURS_KEPT, MINUTES_KEPT, RETENTION
    from anlan.runtime.embedded.nats import Ports, Server, seed_of
    from anlan.runtime.historian.engines import VARIABLE
    from anlan.runtime.historian.gate import Gate
    from anlan.runtime.historian.judging import patient
    from anlan.runtime.historian.process import Historian, Retention
    from anlan.runtime.historian.sharding import Shard

    if not os.environ.get(messaging.VARIABLE):
        raise Trouble(
            f"No message server is named: start with ./run up, or name one of your own in {messaging.VARIABLE} "
            "(docs/operate/monitoring.md)."
        )
    shard = Shard.parsed(arguments.shard)
    if not shard.whole and not os.environ.get(VARIABLE):
        raise Trouble(f"Several historians share a ClickHouse server: name it in {VARIABLE}.")
    kept = [patient(lambda name=name: parameter(name)) for name in (RETENTION, MINUTES_KEPT, HOURS_KEPT)]
    historian = Historian(settings.DATA, retention=Retention(*kept), shard=shard)
    words = Server(settings.DATA, Ports()).log if shard.number == 1 else None  # what it refused is counted once
    gate = Gate(seed_of(settings.SECRETS), historian.teller, historian.catalogue_changed, words)

    def asked(number: int, frame: object) -> None:
        historian.stop()

    for number in _ENDS:
        signal.signal(number, asked)
    gate.start()
    historian.run(lambda: ready.say(arguments.ready) if arguments.ready else None)
    gate.stop()
    return 0
