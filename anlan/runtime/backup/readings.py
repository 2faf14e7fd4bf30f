"""The readings in copies: the parts of the store that lies in the data folder, each packed once.

A part is a folder of the store that is written once and never changed, so the parts are copied beside a historian at
work, which is not asked. The checkpoint is copied first: what it says is stored is in the parts that follow, and what
is stored beyond it changes nothing when the stream is read again. A store on a server of one's own is copied by that
server's means.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from anlan.runtime.historian.store import LEVELS, Level, Store
from anlan.runtime.screen import Trouble

LISTED, CHECKPOINT, STORE = "readings.json", "checkpoint", "readings"
_PART = re.compile(r"(-?\d+)_(\d+)_(\d+)_(\d+)")


@dataclass(frozen=True)
class Part:
    """A part of a table: its name, its rows, the digest of the checksums of its files."""

    table: str
    name: str
    rows: int
    digest: str

    def file(self, store: Path) -> Path:
        """Where it lies among the copies."""
        return store / self.table / f"{self.name}-{self.digest}.tar"

    @property
    def blocks(self) -> tuple[int, int, int, int]:
        """Partition, first and last block, level."""
        found = _PART.fullmatch(self.name)
        assert found is not None
        partition, first, last, level = (int(number) for number in found.groups())
        return partition, first, last, level

    def covers(self, other: Part) -> bool:
        """Whether the other was merged into this one."""
        mine, its = self.blocks, other.blocks
        inside = mine[1] <= its[1] and its[2] <= mine[2] and mine[3] > its[3]
        return self.table == other.table and mine[0] == its[0] and inside


@dataclass(frozen=True)
class Content:
    """A table of a store: rows, and a digest over those of its parts."""

    rows: int
    sum: str


def copy_readings(data: Path, backups: Path, folder: Path) -> list[Part]:
    """Pack what the copies do not hold yet, and list in ``folder`` what belongs to this one."""
    historian = data / "historian"
    if not (historian / "store").is_dir():
        return []
    if (historian / "checkpoint").exists():
        shutil.copyfile(historian / "checkpoint", folder / CHECKPOINT)
    kept: dict[tuple[str, str], Part] = {}
    vanished = True
    while vanished:  # what went was merged into a part that is there now
        vanished = False
        for level in LEVELS:
            for path in _parts(historian / "store", level):
                if (level.table, path.name) in kept:
                    continue
                try:
                    kept[level.table, path.name] = _packed(level, path, backups / STORE)
                except FileNotFoundError:
                    vanished = True
    listed = [part for part in kept.values() if not any(other.covers(part) for other in kept.values())]
    listed.sort(key=lambda part: (part.table, part.blocks))
    (folder / LISTED).write_text(json.dumps([asdict(part) for part in listed], indent=1) + "\n", "utf-8")
    return listed


def parts_of(copy: Path) -> list[Part]:
    """The parts that belong to a copy; none for one that was made without readings."""
    listed = copy / LISTED
    return [Part(**row) for row in json.loads(listed.read_text("utf-8"))] if listed.exists() else []


def forget(backups: Path, copies: Iterable[Path]) -> None:
    """Remove packed parts that none of these copies has."""
    needed = {part.file(backups / STORE) for copy in copies for part in parts_of(copy)}
    for path in (backups / STORE).glob("*/*.tar"):
        if path not in needed:
            path.unlink()


def return_readings(backups: Path, copy: Path, data: Path) -> int | None:
    """Put the readings of a copy back where none are; answers how many rows, None when a store stands there already."""
    target = data / "historian"
    if (target / "store").exists():
        return None
    parts = parts_of(copy)
    if not parts:
        return 0
    fresh = data / "historian.restored"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    rows = sum(content.rows for content in laid_out(fresh / "store", backups, parts).values())
    if (copy / CHECKPOINT).exists():
        shutil.copyfile(copy / CHECKPOINT, fresh / "checkpoint")
    if target.exists():
        shutil.rmtree(target)  # a folder without a store: a checkpoint at most, of what is no longer there
    fresh.rename(target)
    return rows


def listed_content(parts: Iterable[Part]) -> dict[str, Content]:
    """What the tables of a copy are to hold, by its list."""
    listed = list(parts)
    return {
        level.table: Content(sum(p.rows for p in own), _sum(p.digest for p in own))
        for level in LEVELS
        if (own := [part for part in listed if part.table == level.table])
    }


def compared(backups: Path, copy: Path) -> dict[str, tuple[Content, Content]]:
    """The tables of a copy as listed and as they come out of it, laid out in a temporary folder."""
    parts = parts_of(copy)
    if not parts:
        return {}
    with tempfile.TemporaryDirectory(prefix="anlan-readings-") as folder:
        found = laid_out(Path(folder) / "store", backups, parts)
    return {table: (content, found[table]) for table, content in listed_content(parts).items()}


def laid_out(folder: Path, backups: Path, parts: list[Part]) -> dict[str, Content]:
    """Make a store of packed parts; each table as its engine then counts it. ``Trouble`` for a part that is damaged."""
    store, found = Store(folder), {}
    try:
        for level in LEVELS:
            own = [part for part in parts if part.table == level.table]
            store.rest(level)  # or what is counted would be put together meanwhile
            # In the order of their blocks: of two equal keys the later stands.
            digests = [_taken_up(store, level, part, backups / STORE) for part in own]
            if own and not store.sound(level):
                raise RuntimeError(f"the checksums of {level.table} do not fit")
            rows = store.size(level)[0]
            found[level.table] = Content(rows, _sum(digests))
    except (RuntimeError, OSError, tarfile.TarError) as why:
        raise Trouble(f"The readings of the copy cannot be laid out: {str(why)[:500]}") from why
    finally:
        store.close()
    return found


def _taken_up(store: Store, level: Level, part: Part, packed: Path) -> str:
    target = store.waiting(level) / part.name
    with tarfile.open(part.file(packed)) as file:
        file.extractall(target, filter="data")
    store.attach(level, part.name)
    return _digest(packed_checksums(part.file(packed)))


def packed_checksums(file: Path) -> bytes:
    """The checksums of a packed part."""
    with tarfile.open(file) as packed:
        found = packed.extractfile("checksums.txt")
        assert found is not None
        return found.read()


def _parts(store: Path, level: Level) -> list[Path]:
    """The folders of a table's parts, those that were merged away and not yet removed included."""
    found = []
    for described in (*store.glob(f"store/*/*/{level.table}.sql"), *store.glob(f"metadata/*/{level.table}.sql")):
        uuid = re.search(r"UUID '([0-9a-f-]{36})'", described.read_text("utf-8"))
        if uuid:
            folder = store / "store" / uuid[1][:3] / uuid[1]
            found += [path for path in folder.iterdir() if _PART.fullmatch(path.name)] if folder.is_dir() else []
    return sorted(set(found))


def _packed(level: Level, path: Path, store: Path) -> Part:
    """The part at ``path``, packed among the copies unless it was before."""
    rows, digest = int((path / "count.txt").read_text()), _digest((path / "checksums.txt").read_bytes())
    part = Part(level.table, path.name, rows, digest)
    target = part.file(store)
    if not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = target.with_suffix(".part")
        with tarfile.open(fresh, "w") as file:
            for one in sorted(path.iterdir()):
                file.add(one, one.name)
        fresh.replace(target)
    return part


def _digest(checksums: bytes) -> str:
    return hashlib.sha256(checksums).hexdigest()[:16]


def _sum(digests: Iterable[str]) -> str:
    return hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()[:16]
