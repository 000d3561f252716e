"""Opening the database: ours or refused, up to date or migrated, locked or waited for."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import StoreEmpty, StoreError, StoreLocked, StoreTooNew

if TYPE_CHECKING:
    from sqlite_utils import Database

Row = sqlite3.Row
BUSY_MS = 5_000


class Store:
    """One connection to `chipwire.db`. Not shared between threads.

    Every write goes through `transaction()`, which is BEGIN IMMEDIATE: a deferred one that
    reads first fails with SQLITE_BUSY_SNAPSHOT, and no busy timeout helps against that.
    """

    def __init__(self, path: Path | str, *, read_only: bool = False, busy_ms: int = BUSY_MS):
        """Open and, unless `read_only`, create or migrate the database at `path`.

        Raises:
            StoreError: the file is not ours, is damaged, or cannot be written.
            StoreLocked: another program held the lock for `busy_ms`.
            StoreTooNew: a later chipwire wrote it.
        """
        self.path = Path(path)
        self._database: Database | None = None
        with translated(self.path):
            self.connection = connect(self.path, read_only=read_only, busy_ms=busy_ms)
            try:
                prepare(self.connection, self.path, read_only=read_only)
            except BaseException:
                self.connection.close()
                raise

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    @property
    def db(self) -> "Database":
        """The same connection as a sqlite-utils Database, for its bulk writes."""
        if self._database is None:
            from sqlite_utils import Database

            self._database = Database(self.connection, execute_plugins=False)
        return self._database

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        """Return all rows of a query."""
        with translated(self.path):
            return self.connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> Row | None:
        """Return the first row of a query, or None."""
        with translated(self.path):
            found: Row | None = self.connection.execute(sql, parameters).fetchone()
            return found

    def value(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> Any:
        """Return the first cell of the first row, or None."""
        row = self.row(sql, parameters)
        return None if row is None else row[0]

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> sqlite3.Cursor:
        """Run one statement inside the transaction that is open."""
        with translated(self.path):
            return self.connection.execute(sql, parameters)

    def execute_many(self, sql: str, rows: Iterator[Any] | Sequence[Any]) -> None:
        """Run one statement for each row of parameters."""
        with translated(self.path):
            self.connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all writes of the block together, or none of them; nests as one."""
        if self.connection.in_transaction:
            yield
            return
        with translated(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                roll_back(self.connection)
                raise
            self.connection.execute("COMMIT")


def roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:  # a full disk has already rolled back
        connection.execute("ROLLBACK")


def connect(path: Path, *, read_only: bool, busy_ms: int) -> sqlite3.Connection:
    if read_only:
        connection = connect_to_read(path, busy_ms=busy_ms)
    else:
        connection = sqlite3.connect(path, isolation_level=None, timeout=busy_ms / 1000)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    # 16 MB instead of 2: a batch's scattered pages (FTS, sketches) spilled before the commit.
    connection.execute("PRAGMA cache_size = -16000")
    return connection


def connect_to_read(path: Path, *, busy_ms: int) -> sqlite3.Connection:
    """Open a database that will not be written, also in a folder or on a disk that cannot be.

    There SQLite cannot make the shared memory that a WAL database is read through. Nobody can
    be writing where no log lies beside the file, so it may be read as it stands.
    """
    # A URI needs the path's special characters quoted; as_uri does.
    uri = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=busy_ms / 1000)
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        refused = error.sqlite_errorcode & 0xFF in (
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_READONLY,
        ) or (error.sqlite_errorcode in NO_ROOM)
        log = path.with_name(f"{path.name}-wal")
        logged = log.exists() and log.stat().st_size > 0
        if not refused or logged or not path.exists():
            raise
        return sqlite3.connect(f"{uri}&immutable=1", uri=True, isolation_level=None)
    return connection


def prepare(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    check(path, application_id, version, tables, read_only=read_only)
    if read_only:
        return
    if version == SCHEMA_VERSION:
        log_ahead(connection)
        return
    from pipeline.adapters.store import migrate

    migrate.bring_up_to_date(connection, path, version)


def log_ahead(connection: sqlite3.Connection) -> None:
    """Set the write-ahead log where a restored backup or another program left it off.

    Without it a person who reads (the review page) keeps the watch from writing.
    """
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete":
        with suppress(sqlite3.OperationalError):  # someone is at it: the next one sets it
            connection.execute("PRAGMA journal_mode = WAL")


def check(path: Path, application_id: int, version: int, tables: int, *, read_only: bool) -> None:
    if application_id != APPLICATION_ID and (tables or read_only):
        kind, why = (
            (StoreError, "another program made it") if tables else (StoreEmpty, "it is empty")
        )
        raise kind(
            f"{path} is not a chipwire database",
            why=why,
            fix="point --home at another folder, or move the file away"
            + ("" if tables else "; `chipwire restore` puts a backup back"),
        )
    if version > SCHEMA_VERSION:
        raise StoreTooNew(
            f"{path} was written by a later chipwire",
            why=f"its schema is {version}, this program knows {SCHEMA_VERSION}",
            fix="upgrade chipwire, or restore a backup made by this version",
        )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what sqlite3 raises into errors that say what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreLocked(
                f"{path} stayed locked",
                why="another program is writing to it (a SQLite browser with unsaved changes?)",
                fix="save or close it there; nothing was lost, the next run tries again",
            ) from error
        raise StoreError(f"{path} cannot be used", why=str(error), fix=fix_for(error)) from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        raise StoreError(
            f"{path} is damaged or no SQLite database",
            why=str(error),
            fix="run `chipwire doctor`; restore with `chipwire restore`",
        ) from error


# A quota (EDQUOT) or a limit on file sizes (EFBIG) reaches SQLite as a write that failed; only
# ENOSPC becomes SQLITE_FULL.
NO_ROOM = frozenset(
    {
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)


def fix_for(error: sqlite3.OperationalError) -> str:
    code = error.sqlite_errorcode & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return "free disk space; what was acknowledged is kept, the rest is due again"
    if error.sqlite_errorcode in NO_ROOM:
        return (
            "check free disk space, quota and `ulimit -f`, then the disk itself; what was"
            " acknowledged is kept, the rest is due again"
        )
    if code == sqlite3.SQLITE_READONLY:
        return "make the file and its folder writable for this user"
    if code == sqlite3.SQLITE_CANTOPEN:
        return "check that the folder exists and this user may write there"
    return "run `chipwire doctor`"


# Here, not in migrations.py: opening an up-to-date file must not import sqlite-utils
# (24 bare interpreter starts).
APPLICATION_ID = 0x63687077  # "chpw": tells our file from any other SQLite file
SCHEMA_VERSION = 2  # user_version; raise it with every migration
