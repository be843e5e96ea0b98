#!/usr/bin/env python3
"""Holds the running server to its description: Schemathesis against /openapi.json, as an administrator and as nobody.

It lies beside the API's other tests and has no main.rs, so that cargo leaves it alone. `make test-contract` starts it.
REKEY_CONTRACT_SEED makes other calls, REKEY_CONTRACT_EXAMPLES more of them per operation, and REKEY_CONTRACT_TABLE=1
prints what each operation answered.
"""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PROGRAM = ROOT / "target/debug/rekey"
SEED = os.environ.get("REKEY_CONTRACT_SEED", "20261124")
EXAMPLES = os.environ.get("REKEY_CONTRACT_EXAMPLES")
READY_SECONDS = 30


def main():
    with tempfile.TemporaryDirectory(prefix="rekey-contract-") as folder:
        contract = Contract(pathlib.Path(folder))
        contract.start()
        held = []
        try:
            held += [
                contract.holds_for("administrator", "examples,coverage,fuzzing,stateful"),
                contract.holds_for("nobody", "coverage,fuzzing"),
            ]
        finally:
            held.append(contract.ends_well())
    # In the form that .ci/run counts.
    passed, failed = held.count(True), held.count(False)
    print(f"  {passed} passed (as an administrator, as nobody, and the server's end)")
    if failed:
        print(f"  {failed} failed")
        sys.exit(1)


def by_status(calls, whose):
    sums = {}
    for key, count in calls.items():
        caller, status, _ = key.split("|")
        if caller == whose:
            sums[status] = sums.get(status, 0) + count
    return ", ".join(f"{status}: {count}" for status, count in sorted(sums.items())) or "none"


def bound():
    """A port of its own, on which nobody listens."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    return taken


class Contract:
    def __init__(self, folder):
        self.folder = folder
        self.log = folder / "rekey.log"
        self.no_mail_server = bound()
        # Free a moment ago: good enough for a port that only this run asks for.
        with bound() as probe:
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "RUST_BACKTRACE": "1",
            "NO_COLOR": "1",
            "DATABASE_URL": f"sqlite://{folder}/rekey.db",
            "REKEY_LISTEN": f"127.0.0.1:{port}",
            "REKEY_PUBLIC_URL": self.url,
            "REKEY_DATA_DIR": str(folder),
            "REKEY_FRONTEND_DIR": str(folder / "none"),
            # Nobody listens there: letters wait, and can be tried again and dropped.
            "REKEY_SMTP_URL": f"smtp://127.0.0.1:{self.no_mail_server.getsockname()[1]}?tls=none",
            "REKEY_MAIL_FROM": "rekey@example.com",
            # The limits have tests of their own, and would hide what is behind them.
            "REKEY_CLIENT_REQUESTS_PER_MINUTE": "0",
        }

    def start(self):
        with self.log.open("w") as log:
            self.server = subprocess.Popen([PROGRAM, "serve"], env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + READY_SECONDS
        while not self.is_ready():
            if self.server.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"rekey serve is not ready:\n{self.log.read_text()}")
            time.sleep(0.05)
        # Whom the examples of the description name.
        with urllib.request.urlopen(f"{self.url}/openapi.json") as answer:
            schemas = json.load(answer)["components"]["schemas"]
        login, account = schemas["LoginRequest"]["examples"][0], schemas["Me"]["examples"][0]
        self.user, self.password = login["user"], login["password"]
        names = ["--user-name", self.user, "--email", account["email"]]
        add = [PROGRAM, "account", "add", *names, "--password-stdin"]
        subprocess.run(add, input=self.password, text=True, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def is_ready(self):
        try:
            return urllib.request.urlopen(f"{self.url}/health/ready").status == 200
        except OSError:
            return False

    def holds_for(self, caller, phases):
        """Runs Schemathesis as this caller, says what the calls came to, and whether the contract held."""
        statistics = self.folder / f"{caller}.json"
        environment = self.environment | {
            "CONTRACT_URL": self.url,
            "CONTRACT_PROGRAM": str(PROGRAM),
            "CONTRACT_USER": self.user,
            "CONTRACT_PASSWORD": self.password,
            "CONTRACT_CALLER": caller,
            "CONTRACT_STATISTICS": str(statistics),
            
            "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py"),
        }
        command = ["schemathesis", "--config-file", str(HERE / "schemathesis.toml"), "run", f"{self.url}/openapi.json"]
        command += ["--phases", phases, "--seed", SEED]
        if EXAMPLES:
            command += ["--max-examples", EXAMPLES]
        if caller == "nobody":
            # That nobody is let in is what it is for.
            command += ["--warnings", "off"]
        print(f"as {caller}:", flush=True)
        ended = subprocess.run(command, env=environment, cwd=self.folder)
        calls = json.loads(statistics.read_text()) if statistics.exists() else {}
        print("  answers to calls with the token:", by_status(calls, "own"))
        print("  answers to calls with none, or with one that is no good:", by_status(calls, "other"))
        if os.environ.get("REKEY_CONTRACT_TABLE"):
            for key, count in sorted(calls.items(), key=lambda item: item[0].split("|")[::-1]):
                print(f"    {count:6} {key}")
        return ended.returncode == 0

    def ends_well(self):
        """Stops the server; it has lived through all of it, and nothing in it has panicked."""
        self.server.send_signal(signal.SIGTERM)
        code = self.server.wait(timeout=30)
        bad = [line for line in self.log.read_text().splitlines() if re.search(r"panicked|request\.failed", line)]
        print(f"the server ended with {code}", *bad[:20], sep="\n")
        return code == 0 and not bad


main()
