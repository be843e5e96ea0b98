"""Databases with as many people as a line wants, written straight into the tables: nobody hashes a million passwords."""

import base64
import datetime
import hashlib
import os
import pathlib
import pwd
import sqlite3
import subprocess

# The same text for both, each with its own series and its own way to write a number with zeros before it.
PEOPLE = """
    INSERT INTO accounts (id, user_name, user_name_key, email, email_key, role, locale, password_hash, epoch,
                          credentials_changed_at, created_at)
    SELECT {id}, {name}, {name}, {name} || '@example.com', {name} || '@example.com',
           CASE WHEN n = 1 THEN 'admin' ELSE 'member' END, 'en', '{hash}', 1, '{long_ago}', '{long_ago}'
    FROM {series}
"""
LINKS = """
    INSERT INTO reset_links (fingerprint, account_id, locale, created_at, expires_at)
    VALUES (?, ?, 'en', '{long_ago}', '{far}')
"""
LETTERS = """
    INSERT INTO mail_queue (id, kind, address, locale, attempts, due_at, state, created_at)
    SELECT {id}, 'reset_link', {name} || '@example.com', 'en', 0, '{long_ago}', 'waiting', '{soon}'
    FROM {series}
"""
TIMES = {"long_ago": "2026-01-01 00:00:00.000", "soon": "2026-01-02 00:00:00.000", "far": "2099-01-01 00:00:00.000"}


def account_id(number):
    return f"01900000-0000-7000-8000-{number:012x}"


class Sqlite:
    name = "SQLite"

    def __init__(self, folder):
        self.file = folder / "rekey.db"
        self.url = f"sqlite://{self.file}"

    def run(self, sql, rows=None):
        with sqlite3.connect(self.file, timeout=30) as database:
            return database.executemany(sql, rows) if rows is not None else database.execute(sql).fetchall()

    def fill(self, template, number, **values):
        series = f"(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {number}) SELECT n FROM s)"
        words = {"id": "printf('01900000-0000-7000-8000-%012x', n)", "name": "printf('person%07d', n)", "series": series}
        self.run(template.format(**words, **TIMES, **values))

    def links(self, rows):
        self.run(LINKS.format(**TIMES), rows)

    def settle(self):
        """What was just written is of no line: neither its log nor its statistics."""
        with sqlite3.connect(self.file, timeout=30) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self):
        pass


class Postgres:
    """A server of the benchmark's own, with fsync as it comes."""

    name = "PostgreSQL"

    def __init__(self, folder):
        self.folder = folder
        # It refuses to run as root.
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        self.path = f"{programs[-1]}:{os.environ['PATH']}"
        if self.user:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
            folder.parent.chmod(0o755)
        self.tool("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.tool("pg_ctl", "-D", "data", "-l", "server.log", "-w", "-o", f"-k {folder} -c listen_addresses=", "start")
        self.url = f"postgresql://postgres@/postgres?host={folder}"

    def tool(self, *command, text=None):
        who = {"user": self.user.pw_uid, "group": self.user.pw_gid} if self.user else {}
        # pg_ctl leaves the server the descriptors that it has: not a pipe, whose end somebody waits for.
        with (self.folder / "said").open("w+") as said:
            ended = subprocess.run(command, cwd=self.folder, input=text, text=True, stdout=said, stderr=said, **who,
                                   env={"PATH": self.path, "LC_ALL": "C", "PGHOST": str(self.folder), "PGUSER": "postgres"})
            said.seek(0)
            told = said.read()
        if ended.returncode:
            raise RuntimeError(f"{command[0]}: {told}")
        return told

    def run(self, sql):
        told = self.tool("psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-F", "\t", text=sql)
        return [line.split("\t") for line in told.splitlines()]

    def fill(self, template, number, **values):
        words = {"id": "'01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0')", "name": "'person' || lpad(n::text, 7, '0')",
                 "series": f"generate_series(1, {number}) n"}
        self.run(template.format(**words, **TIMES, **values))

    def links(self, rows):
        values = ",".join(f"('{fingerprint}', '{account}', 'en', '{TIMES['long_ago']}', '{TIMES['far']}')"
                          for fingerprint, account in rows)
        self.run(f"INSERT INTO reset_links (fingerprint, account_id, locale, created_at, expires_at) VALUES {values}")

    def settle(self):
        self.run("VACUUM ANALYZE; CHECKPOINT")

    def close(self):
        self.tool("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")


def open_database(kind, folder):
    folder.mkdir()
    return {"sqlite": Sqlite, "postgres": Postgres}[kind](folder)


def add_people(database, number, password_hash):
    database.fill(PEOPLE, number, hash=password_hash)


def add_letters(database, number):
    database.fill(LETTERS, number)


def add_links(database, number, series, file):
    """A fresh link for each of so many people, and a file with their tokens."""
    tokens = [base64.urlsafe_b64encode(hashlib.sha256(f"{series} {n}".encode()).digest()[:18]).decode()
              for n in range(1, number + 1)]
    database.links([(hashlib.sha256(token.encode()).hexdigest(), account_id(n + 1)) for n, token in enumerate(tokens)])
    file.write_text("\n".join(tokens) + "\n")


def moment(text):
    """Seconds of a time as either database writes it."""
    return datetime.datetime.fromisoformat(text).timestamp()
