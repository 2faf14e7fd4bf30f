"""Read machines that speak OPC UA or Modbus TCP and pass their readings on: `anlan connector FILE`."""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import logging
import signal
import sys
from pathlib import Path

from anlan.runtime.screen import Trouble, say

needs_database = False  # it runs beside the machines, where no part of the platform is


def add(parser: argparse.ArgumentParser) -> None:
    """Its file, and trying it."""
    parser.add_argument("file", type=Path, help="what to read and where to send it (docs/guide/connector.md)")
    parser.add_argument("--check", action="store_true", help="only say whether the file is in order")
    parser.add_argument("--try", dest="tried", action="store_true", help="read every value once, show it, send nothing")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long --try waits for values (10)")
    parser.add_argument("--ready", type=Path, default=None, help="a file that is made once it has begun")


def handle(arguments: argparse.Namespace) -> int:
    """Run until somebody asks it to stop."""
    from anlan.runtime.connector import settings as file

    settings = file.read(arguments.file)
    if arguments.check:
        count = len(settings.opcua) + len(settings.modbus)
        say(f"  {arguments.file} is in order: {len(settings.tags)} values of {count} sources.")
        return 0
    try:
        from anlan.runtime.connector.process import Connector, tried
    except ModuleNotFoundError as why:
        raise Trouble(
            f"The package {why.name} is not installed here: start with ./run connector, or install anlan[connectors]."
        )
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    for name in ("asyncua", "pymodbus"):  # they tell every attempt; what matters is told by ourselves
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if arguments.tried:
        return 0 if asyncio.run(tried(settings, arguments.seconds, say)) else 1
    if not settings.platform.tls and not _here(settings.platform.host):
        logging.warning("the credential goes to %s unencrypted: use mqtts:// outside of a network of your own",
                        settings.platform.host)  # fmt: skip

    async def main() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        try:
            connector = Connector(settings)
        except OSError as why:
            raise Trouble(f"The spool {settings.spooling.folder} cannot be used: {why}")
        await connector.run(stop, arguments.ready)

    asyncio.run(main())
    return 0


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
