"""The store on a real ClickHouse server, by the tests of ``tests/historian/test_served.py``: ``./run test tests/servers``
(the superuser gets Debian's package installed, of 2018; ``ANLAN_CLICKHOUSE`` names another program)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from anlan.runtime.embedded.nats import free_port
from tests.historian.test_served import (  # noqa: F401
    await_server,
    store,
    test_a_server_that_refuses_or_is_away_says_so,
    test_it_answers_as_the_engine_in_the_process_does,
    test_old_days_go_and_the_size_is_told,
    test_what_is_rolled_up_is_what_was_read,
)

CONFIG = """<yandex>
 <logger><level>warning</level><log>{folder}/server.log</log><errorlog>{folder}/errors.log</errorlog></logger>
 <http_port>{port}</http_port><tcp_port>{native}</tcp_port><listen_host>127.0.0.1</listen_host>
 <path>{folder}/data/</path><tmp_path>{folder}/tmp/</tmp_path><mark_cache_size>67108864</mark_cache_size>
 <users_config>{folder}/users.xml</users_config><default_profile>default</default_profile>
 <default_database>default</default_database>
</yandex>
"""
USERS = """<yandex>
 <profiles><default/></profiles><quotas><default/></quotas>
 <users><keeper><password>kept &amp; closed</password><networks><ip>127.0.0.1</ip></networks>
  <profile>default</profile><quota>default</quota></keeper></users>
</yandex>
"""


def program() -> str:
    """The server's program, installed where that is possible."""
    found = os.environ.get("ANLAN_CLICKHOUSE") or shutil.which("clickhouse-server")
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", "clickhouse-server"]):
            subprocess.run(["apt-get", "-qq", *command], env=environment, **quiet)
        found = shutil.which("clickhouse-server")
    assert found, "install the package clickhouse-server, or name the program in ANLAN_CLICKHOUSE"
    return found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a user and a password."""
    folder, port = tmp_path_factory.mktemp("clickhouse"), free_port()
    (folder / "config.xml").write_text(CONFIG.format(folder=folder, port=port, native=free_port()))
    (folder / "users.xml").write_text(USERS)
    environment = {**os.environ, "CLICKHOUSE_WATCHDOG_ENABLE": "0"}
    process = subprocess.Popen([program(), f"--config-file={folder / 'config.xml'}"], cwd=folder, env=environment)
    try:
        yield await_server(port, process)
    finally:
        process.terminate()
        process.wait(30)
