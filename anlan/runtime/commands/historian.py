"""Take readings in, judge, keep and answer for them: `anlan historian` (a part of `anlan up`)."""

from __future__ import annotations

import argparse
import os
import signal
from pathlib import Path

from anlan.runtime.screen import Trouble

_ENDS = {signal.SIGTERM, signal.SIGINT}


def add(parser: argparse.ArgumentParser) -> None:
    """Where it says that it is ready."""
    parser.add_argument("--ready", type=Path, default=None, help="a file that is made once readings are taken in")


def handle(arguments: argparse.Namespace) -> int:
    """Run until somebody asks it to stop."""
    from django.apps import apps
    from django.conf import settings

    from anlan.kernel import messaging

    if not apps.is_installed("anlan.modules.monitoring"):  # nothing is to be taken in: the part stands and waits
        if arguments.ready:
            arguments.ready.touch()
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
        signal.sigwait(_ENDS)
        return 0
    from anlan.kernel.codes.services import parameter
    from anlan.modules.monitoring.public import RETENTION
    from anlan.runtime.embedded.nats import Ports, Server, seed_of
    from anlan.runtime.historian.gate import Gate
    from anlan.runtime.historian.judging import patient
    from anlan.runtime.historian.process import Historian, Retention

    if not os.environ.get(messaging.VARIABLE):
        raise Trouble(
            f"No message server is named: start with ./run up, or name one of your own in {messaging.VARIABLE} "
            "(docs/operate/monitoring.md)."
        )
    historian = Historian(settings.DATA, retention=Retention(patient(lambda: parameter(RETENTION))))
    words = Server(settings.DATA, Ports()).log
    gate = Gate(seed_of(settings.SECRETS), historian.teller, historian.catalogue_changed, words)

    def asked(number: int, frame: object) -> None:
        historian.stop()

    for number in _ENDS:
        signal.signal(number, asked)
    gate.start()
    historian.run(lambda: arguments.ready.touch() if arguments.ready else None)
    gate.stop()
    return 0
