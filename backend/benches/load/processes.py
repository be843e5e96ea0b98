"""Rekey, and what it is measured against, as processes on loopback."""

import contextlib
import json
import os
import pathlib
import socket
import statistics
import subprocess
import time
import urllib.error
import urllib.request

from wrk import Spoilt

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = ROOT / "target/release/rekey"
BARE = ROOT / "target/release/rekey-bare"
READY_SECONDS = 30
PASSWORD = "correct horse battery staple"


def free_port():
    """Free a moment ago: good enough for a port that only this run asks for."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what, is_so, seconds=READY_SECONDS):
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise Spoilt(f"{what}: not within {seconds} s")
        time.sleep(0.02)


def answers(port):
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0


def bare(*arguments):
    """What the bare loop says."""
    ended = subprocess.run([BARE, *map(str, arguments)], capture_output=True, text=True)
    if ended.returncode:
        raise Spoilt(f"rekey-bare {arguments[0]}: {ended.stderr}")
    return json.loads(ended.stdout)


@contextlib.contextmanager
def running(command, **how):
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **how)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def echo(commits_to=None):
    """The bare server, which may commit a row before each answer."""
    port = free_port()
    with running([BARE, "commit", str(port), commits_to] if commits_to else [BARE, "echo", str(port)]):
        until("the echo", lambda: answers(port))
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def smtp_sink():
    """Debian's postfix brings it; it takes letters and forgets them. Its libraries lie where .ci/setup unpacked them."""
    program, port = pathlib.Path(os.environ["REKEY_SMTP_SINK"]), free_port()
    libraries = {"LD_LIBRARY_PATH": str(program.parents[1] / "lib/postfix")}
    # It will not run as root.
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with running([program, *user, f"127.0.0.1:{port}", "4096"], env=os.environ | libraries, stderr=subprocess.DEVNULL):
        until("smtp-sink", lambda: answers(port))
        yield f"127.0.0.1:{port}"


class Rekey:
    """Settings for one database. The limits are off by settings: they have tests, and would hide what is behind them."""

    def __init__(self, database, folder, mail=None):
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "NO_COLOR": "1",
            "DATABASE_URL": database.url,
            "REKEY_LISTEN": f"127.0.0.1:{self.port}",
            "REKEY_PUBLIC_URL": self.url,
            "REKEY_DATA_DIR": str(folder),
            "REKEY_FRONTEND_DIR": str(ROOT / "frontend/dist"),
            "REKEY_CLIENT_REQUESTS_PER_MINUTE": "0",
            "REKEY_RESET_MAILS_PER_HOUR": "0",
        }
        if mail:
            self.environment |= {"REKEY_SMTP_URL": f"smtp://{mail}?tls=none", "REKEY_MAIL_FROM": "rekey@example.com"}

    def command(self, *arguments):
        with (self.folder / "rekey.log").open("a") as log:
            subprocess.run([PROGRAM, *arguments], env=self.environment, check=True, stdout=log, stderr=log)

    @contextlib.contextmanager
    def process(self, *arguments):
        with (self.folder / "rekey.log").open("a") as log:
            with running([PROGRAM, *arguments], env=self.environment, stdout=log, stderr=log) as process:
                self.id = process.pid
                yield self

    @contextlib.contextmanager
    def server(self, mail_worker=False):
        with self.process("serve", *([] if mail_worker else ["--no-mail-worker"])):
            until("the server", self.is_ready)
            yield self

    def is_ready(self):
        try:
            return self.ask("GET", "/health/ready")[0] == 200
        except OSError:
            return False

    def ask(self, method, path, body=None, token=None):
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def token(self, number):
        """The access token of one of the people. The first of them is an administrator."""
        status, body = self.ask("POST", "/login", {"user": f"person{number:07}", "password": PASSWORD})
        if status != 200:
            raise Spoilt(f"login: {status} {body}")
        return json.loads(body)["access_token"]

    def resident_mib(self):
        with open(f"/proc/{self.id}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


def milliseconds_to_ready(rekey, times):
    """From before the program is started to the first 200, in the middle of so many starts."""
    question = b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    took = []
    for _ in range(times):
        began = time.perf_counter()
        with rekey.process("serve", "--no-mail-worker"):
            while not _says_200(rekey.port, question):
                if time.perf_counter() - began > READY_SECONDS:
                    raise Spoilt("the server is not ready")
            took.append((time.perf_counter() - began) * 1e3)
    return statistics.median(took)


def _says_200(port, question):
    with socket.socket() as client:
        if client.connect_ex(("127.0.0.1", port)):
            time.sleep(0.0002)
            return False
        client.sendall(question)
        return client.recv(64).startswith(b"HTTP/1.1 200")
