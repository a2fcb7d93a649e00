"""Stores of every schema that there was, kept as files: each as the version with that schema wrote it.

older/NNNN.sql.gz    what `.dump` says of the SQLite file, with a record of every kind that the schema has

Run: python -m tests.store.older_stores (about 10 s). After a new step in mottling/store/migrations/versions
it writes the file that is missing, and never touches one that is there: somebody's store may be like it.
"""

from __future__ import annotations

import gzip
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import click
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select

from mottling.store import migrate
from mottling.store.chain import BEFORE_THE_FIRST, Link, content_hash
from mottling.store.ledger import Ledger, Pen
from mottling.store.rows import Row
from mottling.store.schema import AUDIT, KINDS, Kind
from mottling.store.sqlite_file import SqliteFile
from mottling.store.store import Store
from mottling.store.verify import chain_end
from mottling.trial.committee_records import (
    BatchSignature,
    ConsensusReading,
    ReadingChange,
    Remark,
    RepeatReading,
    SignedReading,
    signed_text,
)
from mottling.trial.markings import Marking
from mottling.trial.model_shown import AnswerAfter
from mottling.trial.office_records import Snapshot
from mottling.trial.records import Reading
from tests.store.acts import do_everything

FOLDER = Path(__file__).parent / "older"

_BY_ACT = {kind.act: kind for kind in KINDS.values()}
_SAYING = {KINDS[each].act for each in (Reading, RepeatReading, ReadingChange, Marking, Remark, AnswerAfter)}
_PICTURES = (("photos", b"a photograph"), ("overlays", b"an overlay"))


@dataclass(frozen=True)
class _Written:
    """A record's row, of the store that today's version wrote, without its number."""

    kind: Kind
    subject: str
    row: Row


def schemas() -> list[str]:
    """List the schemas that there were, the first one first."""
    return sorted(step.revision for step in ScriptDirectory(str(migrate._FOLDER)).walk_revisions())


def lay_out(schema: str, folder: Path) -> Path:
    """Make a data folder of a kept store, its pictures as they came; gives the SQLite file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "mottling.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(gzip.decompress((FOLDER / f"{schema}.sql.gz").read_bytes()).decode())
    for name, data in _PICTURES:
        digest = sha256(data).hexdigest()
        (folder / name / digest[:2]).mkdir(parents=True)
        (folder / name / digest[:2] / digest).write_bytes(data)
    return path


def write_missing() -> Iterator[str]:
    """Write the stores that are not kept yet; gives the schema of each."""
    missing = [schema for schema in schemas() if not (FOLDER / f"{schema}.sql.gz").exists()]
    if not missing:
        return
    with tempfile.TemporaryDirectory() as folder:
        everything = _everything(Path(folder) / "data")
        for schema in missing:
            path = Path(folder) / f"{schema}.sqlite"
            _write(everything, path, schema)
            with closing(sqlite3.connect(path)) as connection:
                text = "\n".join([*connection.iterdump(), ""])
            (FOLDER / f"{schema}.sql.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
            yield schema


def _everything(folder: Path) -> list[_Written]:
    with Store.open(folder) as store:
        do_everything(store)
        with store._ledger.reading() as page:
            found = []
            for link in page.connection.execute(select(AUDIT).order_by(AUDIT.c.number)):
                kind = _BY_ACT[link.act]
                query = select(kind.table).where(kind.table.c.number == link.number)
                row = dict(page.connection.execute(query).mappings().one())
                del row["number"]
                found.append(_Written(kind, link.subject, row))
            return found


def _write(everything: list[_Written], path: Path, schema: str) -> None:
    """Chain what a schema has a table for, as the version with that schema did."""
    with closing(Ledger(SqliteFile(path))) as ledger, ledger.writing() as pen:
        migrate.migrate(pen.connection, to=schema)
        tables = {name for (name,) in pen.connection.exec_driver_sql("SELECT name FROM sqlite_master")}
        said: dict[str, str] = {}
        for one in everything:
            if one.kind.table.name in tables:
                row = _fitting(one, pen, said)
                if one.kind.act in _SAYING:
                    said[one.subject] = content_hash(row)
                _add(pen, one, row)


def _fitting(one: _Written, pen: Pen, said: dict[str, str]) -> Row:
    """Let a row name what stands in this chain, where it names other rows by their hash."""
    if one.kind is KINDS[BatchSignature]:
        signed = _named_anew(str(one.row["signed"]), said)
        return {**one.row, "signed": signed, "sha256": sha256(signed.encode()).hexdigest()}
    if one.kind is KINDS[ConsensusReading]:
        return {**one.row, "differed": _named_anew(str(one.row["differed"]), said)}
    if one.kind is KINDS[Snapshot]:
        end = chain_end(pen)
        return {**one.row, "upto": end.rows, "upto_hash": end.hash}
    return one.row


def _named_anew(text: str, said: dict[str, str]) -> str:
    ids = [line.partition(" ")[0] for line in text.splitlines()]
    return signed_text([SignedReading(one, said[one]) for one in ids])


def _add(pen: Pen, one: _Written, row: Row) -> None:
    end = chain_end(pen)
    at, by = str(row["at"]), str(row["by"])
    before = end.hash if end.rows else BEFORE_THE_FIRST
    link = Link(end.rows + 1, at, by, one.kind.act, one.subject, content_hash(row), before)
    pen.connection.execute(insert(AUDIT).values({**vars(link), "hash": link.hash()}))
    pen.connection.execute(insert(one.kind.table).values({**row, "number": link.number}))


if __name__ == "__main__":
    for written in write_missing():
        click.echo(f"{written} is kept")
