"""封印链: proves that a journal is whole, from its lines alone: no database, no Django, hashlib only.

A line of an entry is what PostgreSQL's COPY writes: its columns separated by tabs, null as nothing (no column holds a
control character, so that nothing is escaped), and last the SHA-256 of what stands before it. A line of a seal begins
with S. A seal holds the digest of its entries' digests in the order of their numbers, and the digest of the seal before
it (a hash chain: Haber and Stornetta, How to time-stamp a digital document, 1991). Seals stand in their order, each
after the last of its entries.
"""

from __future__ import annotations

import hmac
from array import array
from binascii import hexlify
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final

from jiedui.errors import NotVerified

HEADER: Final = b"jiedui journal 1"
FOOTER: Final = b"end"
"""First and last line of an exported journal."""

ENTRY_COLUMNS: Final = (
    "id", "xid", "table", "operation", "row_id", "rows", "by", "import_id", "at", "reason", "detail", "before", "sha256"
)  # fmt: skip
"""What is digested, in this order, with a tab between; the digest itself is last."""
SEAL_COLUMNS: Final = (
    "n", "xid", "first_id", "last_id", "entries", "at", "role", "entries_sha256", "sha256"
)  # fmt: skip
SEAL_MARK: Final = b"S\t"
_BACKUP: Final = "Put back the copy from the backup, with the keys.toml that belongs to it."
_GAPS_KEPT: Final = 10_000
_TOGETHER: Final = 4096
_HEX: Final = 64


@dataclass(frozen=True)
class Broken:
    """断点: the first link that does not hold: what is wrong, and at which entry and seal (None = not known)."""

    kind: str
    """altered entry · missing entry · extra entry · entries out of place · altered seal · missing seal ·
    entries without a seal · cut at the end · another chain · unreadable line"""
    said: str
    entry: int | None = None
    seal: int | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.said}"


@dataclass(frozen=True)
class Verdict:
    """校验结果: how much was read, the last seal that holds, and what is broken (None = nothing)."""

    entries: int
    seals: int
    head: str
    """Hexadecimal digest of the last seal that holds; empty when there is none."""
    at: str
    """Time of that seal, UTC."""
    broken: Broken | None = None
    anchors: int = 0
    """How many anchors were compared."""


@dataclass(frozen=True)
class Anchor:
    """锚: a seal as it was at some time, noted where the database cannot reach."""

    n: int
    sha256: str
    at: str
    entries: int
    """Entries of the whole chain up to this seal."""


def anchored(file: Path, key: bytes | None) -> list[Anchor]:
    """已锚定: the anchors of a file, oldest first; none when there is no file. A line holds number, digest, time,
    entries and an HMAC-SHA-256 over the line before and this one, by tabs.

    Raises:
        NotVerified: a line does not carry its HMAC (asked only with a key), or cannot be read.
    """
    if not file.exists():
        return []
    found: list[Anchor] = []
    before = ""
    for number, line in enumerate(file.read_text(encoding="ascii").splitlines(), start=1):
        try:
            n, digest, at, entries, mac = line.split("\t")
            new = Anchor(int(n), digest, at, int(entries))
        except ValueError:
            raise NotVerified(f"{file}, line {number}: no anchor.", remedy=_BACKUP) from None
        if key is not None and not hmac.compare_digest(mac, anchor_mac(key, before, new)):
            raise NotVerified(
                f"{file}, line {number}: the anchor of seal {n} was altered, or lines before it are gone.",
                remedy=_BACKUP,
            )
        found.append(new)
        before = mac
    return found


def anchor_mac(key: bytes, before: str, new: Anchor) -> str:
    """锚的校验码: over the one before and this anchor, so that no line but the last ones can be left out."""
    text = "\t".join([before, str(new.n), new.sha256, new.at, str(new.entries)])
    return hmac.digest(key, text.encode(), "sha256").hex()


@dataclass(slots=True)
class _Open:
    """Entries of one transaction whose seal has not come yet."""

    ids: array[int] = field(default_factory=lambda: array("q"))
    digests: bytearray = field(default_factory=bytearray)


def verify(lines: Iterable[bytes], anchors: Mapping[int, str] | None = None) -> Verdict:
    """校验: reads the lines of a journal and names the first link that does not hold.

    Args:
        lines: entries by number and seals by number, each seal after its entries; without line ends.
        anchors: seal number → its digest in hexadecimal, as it was noted outside the database.

    The time is one SHA-256 for each entry and seal; memory holds the transactions whose seal has not come yet.
    """
    chain = _Chain(dict(anchors or {}))
    broken = chain.read(lines)
    if broken is None:
        broken = chain.end()
    return Verdict(chain.entries, chain.seals, chain.head, chain.at, broken, len(anchors or {}))


def merged(entries: Iterable[bytes], seals: Iterable[bytes]) -> Iterator[bytes]:
    """合并: entries and seals as one stream, each seal some lines after its last entry."""
    rows, waiting = iter(entries), iter(seals)
    seal = next(waiting, None)
    while batch := list(islice(rows, _TOGETHER)):
        yield from batch
        last = int(batch[-1].split(b"\t", 1)[0])
        while seal is not None and int(seal.split(b"\t", 5)[4]) <= last:
            yield seal
            seal = next(waiting, None)
    if seal is not None:
        yield seal
        yield from waiting


def read_file(file: Path) -> Iterator[bytes]:
    """读取: the lines of an exported journal. Raises `NotVerified` when the file is none, or ends before its end."""
    with file.open("rb", buffering=1 << 20) as stream:
        if stream.readline() != HEADER + b"\n":
            raise NotVerified(f"{file} is no exported journal.", remedy="Make one with `jiedui audit export FILE`.")
        for line in stream:
            if line == FOOTER + b"\n":
                return
            yield line[:-1]
    raise NotVerified(f"{file} ends before its last line.", remedy="Copy it again: it is not whole.")


class _Chain:
    """What was read so far."""

    def __init__(self, anchors: dict[int, str]) -> None:
        self.anchors = anchors
        self.entries = self.seals = 0
        self.head = self.at = ""
        self.open: dict[bytes, _Open] = {}
        self.gaps: deque[tuple[int, int]] = deque(maxlen=_GAPS_KEPT)
        """Numbers that are not there: given back by a rollback, or removed."""

    def read(self, lines: Iterable[bytes]) -> Broken | None:
        """Every line in its order, until one does not hold."""
        opened, last, digest = self.open, 0, sha256
        for line in lines:
            if line.startswith(SEAL_MARK):
                if broken := self.seal(line):
                    return broken
                continue
            hashed = digest(line[: -_HEX - 1]).digest()
            number, _, rest = line.partition(b"\t")
            if b"\t" + hexlify(hashed) != line[-_HEX - 1 :] or not number.isdigit():
                return self.unlike(line, last)
            transaction, entry = rest[: rest.find(b"\t")], int(number)
            if entry != last + 1:
                if entry <= last:
                    return Broken("entries out of place", f"entry {entry} stands after entry {last}", entry)
                self.gaps.append((last + 1, entry - 1))
            last = entry
            group = opened.get(transaction)
            if group is None:
                group = opened[transaction] = _Open()
            group.ids.append(entry)
            group.digests += hashed
            self.entries += 1
        return None

    def unlike(self, line: bytes, last: int) -> Broken:
        """An entry that does not have its digest."""
        number = line.split(b"\t", 1)[0]
        if line.count(b"\t") != len(ENTRY_COLUMNS) - 1 or not number.isdigit():
            return Broken("unreadable line", f"the line after entry {last} is no entry and no seal")
        entry = int(number)
        return Broken("altered entry", f"entry {entry} is not what was written: its digest is another", entry)

    def seal(self, line: bytes) -> Broken | None:
        """A seal against the one before it and against its entries."""
        parts = line[len(SEAL_MARK) :].split(b"\t")
        if len(parts) != len(SEAL_COLUMNS) or not all(part.isdigit() for part in parts[:5]):
            return Broken("unreadable line", f"the line after seal {self.seals} is no seal")
        n, first, end, count = (int(parts[i]) for i in (0, 2, 3, 4))
        if n != self.seals + 1:
            return Broken("missing seal", f"after seal {self.seals} comes seal {n}", seal=self.seals + 1)
        entries_digest, own = (part[-_HEX:].decode() for part in parts[-2:])
        text = b"\t".join([self.head.encode(), *parts[:-2], entries_digest.encode()])
        if sha256(text).hexdigest() != own:
            return Broken("altered seal", f"seal {n} does not follow from seal {self.seals} and its own fields", seal=n)
        if broken := self.held(n, parts[1], (first, end, count), entries_digest):
            return broken
        if self.anchors.get(n, own) != own:
            return Broken(
                "another chain", f"seal {n} is not the one that was anchored: the chain was rewritten", seal=n
            )
        self.seals, self.head, self.at = n, own, parts[5].decode()
        return None

    def held(self, n: int, transaction: bytes, sealed: tuple[int, int, int], digest: str) -> Broken | None:
        """The entries that a seal holds are there, all of them and no others. A transaction may have two seals."""
        first, end, count = sealed
        group = self.open.get(transaction) or _Open()
        there = bisect_right(group.ids, end)
        if sha256(group.digests[: 32 * there]).hexdigest() == digest and there == count:
            del group.ids[:there], group.digests[: 32 * there]
            if not group.ids:
                self.open.pop(transaction, None)
            return None
        if there < count:
            return self.missing(n, first, end, f"{there} of the {count} entries of seal {n} are there")
        if there > count:
            return Broken("extra entry", f"seal {n} holds {count} entries between {first} and {end}; {there} of its "
                          "transaction are there", None, n)  # fmt: skip
        return Broken("entries out of place", f"entries {first}–{end} are not those that seal {n} holds", None, n)

    def missing(self, n: int, first: int, end: int, said: str) -> Broken:
        """Which entry is gone: the first number of the seal's span that is not there."""
        gap = next((max(start, first) for start, stop in self.gaps if stop >= first and start <= end), None)
        where = f"; the first number that is not there is {gap}" if gap is not None else ""
        return Broken("missing entry", said + where, gap if gap is not None else end, n)

    def end(self) -> Broken | None:
        """What must hold when all lines are read: no entry without a seal, no anchor beyond the end."""
        beyond = [n for n in self.anchors if n > self.seals]
        if beyond:
            return Broken("cut at the end", f"the chain ends with seal {self.seals}; seal {max(beyond)} was anchored",
                          seal=self.seals + 1)  # fmt: skip
        if self.open:
            first = min(group.ids[0] for group in self.open.values())
            count = sum(len(group.ids) for group in self.open.values())
            return Broken("entries without a seal", f"{count} entries, the first of them {first}", first)
        return None
