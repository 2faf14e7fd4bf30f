"""How large the machine is, container limits included, and what PostgreSQL gets of it."""

from __future__ import annotations

import os
from pathlib import Path

_MB = 1024 * 1024


def memory_mb() -> int:
    """Memory this process may use, in MiB: the machine's, or the control group's when that is less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            text = Path(limit).read_text().strip()
        except OSError:
            continue
        if text.isdigit():
            total = min(total, int(text))
    return total // _MB


def cores() -> int:
    return len(os.sched_getaffinity(0))


def database_options(memory: int, cpus: int, *, durable: bool) -> dict[str, str]:
    """Server options for a machine of ``memory`` MiB and ``cpus`` cores that also runs web and workers.

    >>> database_options(24000, 2, durable=True)["shared_buffers"]
    '3000MB'
    >>> database_options(1000, 1, durable=True)["shared_buffers"]
    '128MB'
    """
    options = {
        "shared_buffers": f"{min(max(memory // 8, 128), 8192)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "maintenance_work_mem": f"{min(max(memory // 32, 64), 1024)}MB",
        "work_mem": f"{min(max(memory // 500, 4), 64)}MB",
        "max_connections": "100",
        "max_wal_size": "2GB",
        "wal_compression": "pglz",
        "random_page_cost": "1.1",
        # PostgreSQL's own 0.005 holds a bitmap of a million rows of an index for cheap: laying a region over a
        # search took five times as long as looking through what the search had found.
        "cpu_index_tuple_cost": "0.02",
        "jit": "off",
        "max_parallel_workers": str(max(cpus, 2)),
        # Pages come many at a time: a second worker for one of them takes the processor from another.
        "max_parallel_workers_per_gather": str(min(cpus // 4, 4)),
        "idle_in_transaction_session_timeout": "10min",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if not durable:
        options |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "autovacuum": "off",
            "shared_buffers": "128MB",
            "max_wal_size": "4GB",
        }
    return options
