"""The lines of the table. Each has what is measured and, in the same minute on the same machine, what it is held against."""

import contextlib
import dataclasses
import os
import pathlib
import shutil
import statistics
import tempfile
import time

import databases
import pgbench
from processes import PASSWORD, PROGRAM, Rekey, bare, echo, free_port, milliseconds_to_ready, smtp_sink, until
from wrk import load, once_each

FEW, MANY = 1_000, 1_000_000
BOTH = ("sqlite", "postgres")
# As much as an answer of /me.
ECHO = ('{"id":"01900000-0000-7000-8000-000000000001","user_name":"person0000001","email":"person0000001@example.com",'
        '"name":null,"role":"admin","locale":"en"}')


@dataclasses.dataclass
class Figure:
    """One row of the table. `at_most` turns the target round: what is held against a limit from above.

    What was measured by turns is the middle one of the turns, and so is the ratio: a machine drifts, and within a turn little.
    """

    what: str
    measured: float
    unit: str
    target: float | None = None
    against: str = ""
    limit: float | None = None
    at_most: bool = False
    more: dict = dataclasses.field(default_factory=dict)
    turns: list = dataclasses.field(default_factory=list)

    @classmethod
    def by_turns(cls, what, measured, unit, target, against, limits, **others):
        turns = [one / limit for one, limit in zip(measured, limits, strict=True)]
        return cls(what, statistics.median(measured), unit, target, against, statistics.median(limits), turns=turns, **others)

    @property
    def ratio(self):
        if self.turns:
            return statistics.median(self.turns)
        return self.measured / self.limit if self.limit else None

    @property
    def is_met(self):
        if self.target is None:
            return None
        value = self.measured if self.ratio is None else self.ratio
        return value <= self.target if self.at_most else value >= self.target


@dataclasses.dataclass
class Site:
    rekey: Rekey
    database: object
    folder: pathlib.Path


class Lines:
    def __init__(self, seconds):
        self.seconds = seconds
        self.hash = bare("hash", PASSWORD)

    @contextlib.contextmanager
    def site(self, kind, people=FEW, mail=None):
        # Not in /tmp, which may be memory: there fsync costs nothing.
        folder = pathlib.Path(tempfile.mkdtemp(prefix="rekey-bench-", dir="/var/tmp"))
        database = None
        try:
            database = databases.open_database(kind, folder / "db")
            (folder / "data").mkdir()
            rekey = Rekey(database, folder / "data", mail)
            rekey.command("migrate")
            databases.add_people(database, people, self.hash)
            database.settle()
            yield Site(rekey, database, folder)
        finally:
            if database:
                database.close()
            shutil.rmtree(folder, ignore_errors=True)

    def bare_rows(self, kind):
        """What the database alone does: rows a second together and one by one, and one commit's time."""
        with self.site(kind, people=1) as site:
            if kind == "sqlite":
                return bare("rows", site.database.file, self.seconds)
            return {
                "grouped_per_s": pgbench.insert(site.database, self.seconds, clients=16)["per_s"],
            } | {f"single_{name}": value for name, value in pgbench.insert(site.database, self.seconds, clients=1).items()}

    def requests(self):
        """Requests for a reset, of known people, 64 connections: each on disk before it is answered."""
        for kind in BOTH:
            rows = self.bare_rows(kind)
            with self.site(kind) as site, site.rekey.server() as rekey:
                did = load(rekey.url, self.seconds, "requests", FEW)
            against = "rows, 100 to a commit" if kind == "sqlite" else "pgbench, 16 clients"
            yield Figure(f"reset requests, {site.database.name}", did["per_s"], "/s", 0.5 if kind == "sqlite" else 1.0,
                         against, rows["grouped_per_s"], more=did)
            with smtp_sink() as mail, self.site(kind, mail=mail) as site, site.rekey.server(mail_worker=True) as rekey:
                did = load(rekey.url, self.seconds, "requests", FEW)
            yield Figure("the same, the mail worker in the same process", did["per_s"], "/s", more=did)

    def one(self):
        """One request at a time, and one commit. By turns: a disk is a tenth slower ten seconds later."""
        for kind in BOTH:
            took = {}
            with (self.site(kind) as site, site.rekey.server() as rekey, self.site(kind, people=1) as other,
                  echo(commits_to=other.database.file) if kind == "sqlite" else contextlib.nullcontext() as url):
                for turn in range(2 * self.seconds):
                    now = {"asked": load(rekey.url, 1, "requests", FEW, connections=1)["p50_ms"]}
                    if kind == "sqlite":
                        now["soonest"] = load(url, 1, "requests", FEW, connections=1)["p50_ms"]
                        with self.site(kind, people=1) as empty:
                            rows = bare("rows", empty.database.file, 1)
                        now |= {"commit": rows["single_p50_ms"], "apart": rows["apart_p50_ms"]}
                    else:
                        now["commit"] = pgbench.insert(other.database, 1, clients=1, first=10**8 + turn * 10**6)["p50_ms"]
                    for what, milliseconds in now.items():
                        took.setdefault(what, []).append(milliseconds)
            ratio = lambda what, of, target, against, limits: Figure.by_turns(
                what, took[of], "ms", target, against, took[limits], at_most=True, more=took)
            yield ratio(f"one reset request at a time, {site.database.name}", "asked", 1.5, "one bare commit", "commit")
            if kind == "sqlite":
                yield ratio("the same, as a lone commit finds the disk", "asked", None, "one bare commit after a pause", "apart")
                yield ratio("the same, beside a server that does nothing else", "asked", None, "bare actix-web that commits", "soonest")
                yield ratio("that server", "soonest", None, "one bare commit", "commit")

    def logins(self):
        """Logins with the right password, after some that open connections and take memory."""
        for kind in BOTH:
            hashes = bare("argon2", self.seconds)
            with self.site(kind) as site, site.rekey.server() as rekey:
                load(rekey.url, 1, "logins", FEW, PASSWORD)
                # Behind those of the 64 who have hung up, and whose passwords are hashed all the same.
                rekey.token(1)
                did = load(rekey.url, self.seconds, "logins", FEW, PASSWORD)
            yield Figure(f"logins, {site.database.name}", did["per_s"], "/s", 0.95, "Argon2id, all cores", hashes["per_s"],
                         more=did)

    def echoed(self):
        with echo() as url:
            return load(url, self.seconds, "echo", ECHO)["per_s"]

    def me(self):
        """Who am I, with an access token."""
        for kind in BOTH:
            limit = self.echoed()
            with self.site(kind) as site, site.rekey.server() as rekey:
                did = load(rekey.url, self.seconds, "get", "/me", rekey.token(1))
            yield Figure(f"/me, {site.database.name}", did["per_s"], "/s", 0.30, "actix-web JSON echo", limit, more=did)

    def static(self):
        """The page, as a browser asks for it."""
        limit = self.echoed()
        with self.site("sqlite") as site, site.rekey.server() as rekey:
            did = load(rekey.url, self.seconds, "get", "/")
        yield Figure("index.html", did["per_s"], "/s", 0.30, "actix-web JSON echo", limit, more=did)

    def confirmations(self):
        """Confirmations, each of a fresh link of another person."""
        for kind in BOTH:
            rows, people = self.bare_rows(kind), 4_000 * self.seconds
            with self.site(kind, people + 1) as site, site.rekey.server() as rekey:
                did = self.confirm(site, rekey, people, "links")
            yield Figure(f"confirmations, {site.database.name}", did["per_s"], "/s", 0.50, "bare commits, one by one",
                         rows["single_per_s"], more=did | {"grouped_per_s": rows["grouped_per_s"]})

    @staticmethod
    def confirm(site, rekey, number, series):
        file = site.folder / "tokens"
        databases.add_links(site.database, number, series, file)
        # A minute later a server has looked at the new rows by itself.
        site.database.settle()
        return once_each(rekey.url, file, number)

    def letters(self):
        """Letters with a link, one worker, one connection."""
        with self.site("sqlite") as site:
            letter = self.one_letter(site)
            for kind in BOTH:
                yield self.letters_on(kind, letter)

    @staticmethod
    def one_letter(site):
        """As the worker writes it; captured, because there is no mail server."""
        with site.rekey.server(mail_worker=True) as rekey:
            rekey.ask("POST", "/password-reset/request", {"email": "person0000001@example.com", "locale": "en"})
            found = lambda: list(site.folder.rglob("*.eml"))
            until("a letter", found)
            return shutil.copy(found()[0], site.folder / "letter")

    def letters_on(self, kind, letter):
        with smtp_sink() as mail:
            limit = bare("letters", mail, letter, self.seconds)["per_s"]
            with self.site(kind, people=50_000, mail=mail) as site:
                databases.add_letters(site.database, 50_000)
                site.database.settle()
                sent = "SELECT COUNT(*), MIN(sent_at), MAX(sent_at) FROM mail_queue WHERE state = 'sent'"
                with site.rekey.process("mail-worker"):
                    until("a first letter", lambda: site.database.run(sent)[0][0] not in (0, "0"))
                    time.sleep(self.seconds)
                    # What tells is the time that the worker wrote beside each.
                    count, first, last = site.database.run(sent)[0]
                seconds = databases.moment(last) - databases.moment(first)
        return Figure(f"letters, {site.database.name}", int(count) / seconds, "/s", 0.50, "mail-send, one connection", limit,
                      more={"letters": int(count), "seconds": seconds})

    def journeys(self):
        """Whole journeys, 32 at once: a request, the link's letter, the confirmation, the password's letter, a login."""
        for kind in BOTH:
            hashes, mail = bare("argon2", self.seconds), f"127.0.0.1:{free_port()}"
            with self.site(kind, people=20_000, mail=mail) as site, site.rekey.server(mail_worker=True) as rekey:
                did = bare("journeys", f"127.0.0.1:{rekey.port}", mail, 32, self.seconds)
            yield Figure(f"whole journeys, 32 at once, {site.database.name}", did["per_s"], "/s", 0.80,
                         "Argon2id, all cores", hashes["per_s"], more=did)

    def growth(self):
        """The same with a thousand times as many people. Both servers run, and are asked by turns."""
        for kind in BOTH:
            with (self.site(kind) as few, self.site(kind, MANY) as many,
                  few.rekey.server() as small, many.rekey.server() as large):
                sides = ((few, small, FEW), (many, large, MANY))
                asked = {
                    "reset requests": lambda site, rekey, people, turn: load(rekey.url, 2, "requests", people),
                    "logins": lambda site, rekey, people, turn: load(rekey.url, 3, "logins", people, PASSWORD),
                    "admin search": lambda site, rekey, people, turn: load(
                        rekey.url, 2, "search", people, rekey.token(1)),
                    "confirmations": lambda site, rekey, people, turn: self.confirm(site, rekey, FEW - 1, turn),
                }
                for what, ask in asked.items():
                    rates = ([], [])
                    for turn in range(5):
                        # Nobody is always the first one, or asks when the machine is always the slower.
                        for side in (0, 1) if turn % 2 else (1, 0):
                            site, rekey, people = sides[side]
                            rates[side].append(ask(site, rekey, people, turn)["per_s"])
                    yield Figure.by_turns(f"growth: {what}, 1,000,000 people, {few.database.name}", rates[1], "/s", 0.90,
                                          "the same with 1,000", rates[0], more={"few": rates[0], "many": rates[1]})

    def memory(self):
        """One process through it all."""
        with self.site("sqlite", 5_001) as site, site.rekey.server() as rekey:
            time.sleep(1)
            yield Figure("resident memory, idle", rekey.resident_mib(), "MiB", 16, at_most=True)
            load(rekey.url, self.seconds, "requests", FEW)
            load(rekey.url, self.seconds, "get", "/me", rekey.token(1))
            load(rekey.url, self.seconds, "get", "/")
            load(rekey.url, self.seconds, "logins", FEW, PASSWORD)
            self.confirm(site, rekey, 5_000, "links")
            yield Figure("resident memory after all of it", rekey.resident_mib(), "MiB", 64 + os.cpu_count() * 19, at_most=True)

    def start(self):
        """From nothing to ready, on a database that is up to date."""
        with self.site("sqlite") as site:
            took = milliseconds_to_ready(site.rekey, times=21)
        yield Figure("start to ready", took, "ms", 12, at_most=True)

    def size(self):
        """The program as it is shipped."""
        yield Figure("program", PROGRAM.stat().st_size / 2**20, "MiB", 20, at_most=True)
