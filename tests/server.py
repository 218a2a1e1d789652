"""A real PostgreSQL for tests: started on a free loopback port, ended by its own process id.

Belongs here: the server and its databases. What is asked of it is in the tests.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

PASSWORD = "s3cret:pass@word/%文"


class Server:
    """A running server: `sql()` as its owner; `reader` is a user who may only read what he is granted."""

    def __init__(self, port: int, process: subprocess.Popen):
        self.port, self.process = port, process

    def sql(self, *statements: str, database: str = "postgres") -> None:
        """Runs statements as the owner, each by itself."""
        with psycopg.connect(host="127.0.0.1", port=self.port, user="owner", password=PASSWORD, dbname=database,
                             autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def end_sessions(self) -> None:
        """Cuts off everybody who is reading."""
        self.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'")

    def source(self, **said: object) -> str:
        """The lines of sources.toml that reach this server; what is said replaces what would stand there."""
        lines = {"driver": "postgresql", "host": "127.0.0.1", "port": self.port, "database": "postgres", "user": "reader",
                 "password_env": "YUFANG_TEST_DB", **said}
        return "".join(f"{key} = {value}\n" if isinstance(value, int) else f'{key} = "{value}"\n'
                       for key, value in lines.items() if value)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parent.parent.name))
    return found[-1].parent if found else Path(shutil.which("initdb") or "initdb").parent


def _as_whom() -> dict:
    """The server refuses to run as root; it then runs as its own user, or as nobody."""
    if os.getuid():
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def started() -> Iterator[Server]:
    """A server with the users `owner` and `reader`, both with PASSWORD; everything of it is gone afterwards."""
    folder, whom = Path(tempfile.mkdtemp(prefix="yufang-postgres-")), _as_whom()
    (folder / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    if whom:
        for path in (folder, folder / "password"):
            os.chown(path, whom["user"], whom["group"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data, quiet = folder / "data", {"stdout": subprocess.DEVNULL, "cwd": folder, **whom}
    subprocess.run([_programs() / "initdb", "-D", data, "-U", "owner", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8",
                    f"--pwfile={folder / 'password'}", "--no-sync"], check=True, **quiet)
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([_programs() / "postgres", "-D", data, "-p", str(port), "-k", folder,
                                    "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"], stderr=log, **quiet)
    try:
        server = Server(port, process)
        _wait(server)
        server.sql(f"CREATE USER reader PASSWORD '{PASSWORD}'", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader")
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        shutil.rmtree(folder)


def _wait(server: Server) -> None:
    for _ in range(200):
        try:
            return server.sql("SELECT 1")
        except psycopg.OperationalError:
            assert server.process.poll() is None, "the server did not start"
            time.sleep(0.05)
    raise AssertionError("the server does not answer")
