#!/usr/bin/env python3
"""Runs the examples as a person would: each asks, and is answered from the mails that a real server has sent.

`make test-examples` starts it. All examples go the same way and say the same, so one transcript is held against all.
"""

import concurrent.futures
import difflib
import email
import email.policy
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "target/debug/rekey"
PATIENCE = 60

EXAMPLES = {
    "curl": [ROOT / "examples/curl/journey.sh"],
    "python": [ROOT / "examples/python/journey.py"],
    "typescript": ["node", ROOT / "examples/typescript/dist/journey.js"],
    "rust": [ROOT / "target/debug/journey"],
}

EMAIL = "ann@example.com"
ASKS_FOR_TOKEN = f"If {EMAIL} has an account, a mail is on its way. What stands behind the # of its link?"
ASKS_FOR_MAILED = "A second mail is on its way. The password in it?"
ASKS_FOR_OWN = "A new password of your own?"
TOO_MANY = "Too many requests: once more in "
TRANSCRIPT = [
    ASKS_FOR_TOKEN,
    ASKS_FOR_MAILED,
    ASKS_FOR_OWN,
    "new_password: too_short",
    ASKS_FOR_OWN,
    "Logged in as ann.",
    "Still logged in as ann, with a new access token.",
    "Logged out: session_ended.",
]


def main():
    subprocess.run(["npm", "run", "--silent", "build"], cwd=ROOT / "examples/typescript", check=True)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        outcomes = list(pool.map(lambda example: succeeds(*example), EXAMPLES.items()))
    # In the form that .ci/run counts.
    print(f"  {outcomes.count(True)} passed (examples: {', '.join(EXAMPLES)})")
    if not all(outcomes):
        print(f"  {outcomes.count(False)} failed")
        sys.exit(1)


def succeeds(name, command):
    began = time.monotonic()
    try:
        wrong = what_is_wrong(command)
    except Exception:
        wrong = traceback.format_exc()
    print(f"{name}: {'BAD' if wrong else 'good'} after {time.monotonic() - began:.1f} s", wrong, flush=True)
    return not wrong


def what_is_wrong(command):
    with tempfile.TemporaryDirectory(prefix="rekey-example-") as folder:
        server = Server(pathlib.Path(folder))
        try:
            said, code = Person(server).goes_through(command)
        finally:
            ended_well = server.stop()
    # How often depends on how busy the machine is.
    waits = [line for line in said if line.startswith(TOO_MANY)]
    rest = [line for line in said if line not in waits]
    if rest == TRANSCRIPT and waits and code == 0 and ended_well:
        return ""
    said = "\n".join(difflib.ndiff(TRANSCRIPT, rest))
    return f"\n{said}\nexit code {code}, {len(waits)} waits, the server ended well: {ended_well}"


class Server:
    """Rekey with a mailbox of its own, as `rekey serve --demo` has."""

    def __init__(self, folder):
        self.folder = folder
        self.log = folder / "rekey.log"
        # Free a moment ago: good enough for a port that only this run asks for.
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "RUST_BACKTRACE": "1",
            "REKEY_LOG": "warn",
            "DATABASE_URL": f"sqlite://{folder}/rekey.db",
            "REKEY_LISTEN": f"127.0.0.1:{port}",
            "REKEY_PUBLIC_URL": self.url,
            "REKEY_DATA_DIR": str(folder),
            "REKEY_FRONTEND_DIR": str(folder / "none"),
            # One a second, so that a wait is short.
            "REKEY_CLIENT_REQUESTS_PER_MINUTE": "60",
        }
        add = [PROGRAM, "account", "add", "--user-name", "ann", "--email", EMAIL]
        subprocess.run(add, env=self.environment, check=True, stdout=subprocess.DEVNULL)
        with self.log.open("w") as log:
            self.process = subprocess.Popen([PROGRAM, "serve"], env=self.environment, stdout=log, stderr=log)
        wait_for("a server that is ready", self.is_ready)

    def is_ready(self):
        try:
            return urllib.request.urlopen(f"{self.url}/health/ready").status == 200
        except OSError:
            return False

    def letter(self, number):
        """The text of the letter with this number, once it has come."""
        wait_for(f"letter {number}", lambda: len(self.letters()) >= number)
        message = email.message_from_bytes(self.letters()[number - 1].read_bytes(), policy=email.policy.default)
        return "\n".join(message.get_body(("plain",)).get_content().splitlines())

    def letters(self):
        """In the order in which they came, which their names have."""
        return sorted((self.folder / "mailbox").glob("[!.]*.eml"))

    def gets_crowded(self, until):
        """Others of the same address use the limit up, and go on so until the example has met it."""
        is_full = threading.Event()

        def ask():
            while not until.is_set():
                if self.status_of_a_guess() == 429:
                    is_full.set()
                    until.wait(0.02)

        threading.Thread(target=ask, daemon=True).start()
        if not is_full.wait(PATIENCE):
            raise TimeoutError("the limit")

    def status_of_a_guess(self):
        request = urllib.request.Request(f"{self.url}/password-reset/confirm", b'{"token":"x"}')
        request.add_header("Content-Type", "application/json")
        try:
            return urllib.request.urlopen(request).status
        except urllib.error.HTTPError as refused:
            return refused.code

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE) == 0 and "panicked" not in self.log.read_text()


class Person:
    """Reads the mails and types what an example asks for."""

    def __init__(self, server):
        self.server = server
        self.own_passwords = iter(["short", "a password of my own"])
        self.met_the_limit = threading.Event()

    def goes_through(self, command):
        process = subprocess.Popen(
            [*command, self.server.url, EMAIL],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1,
        )
        impatience = threading.Timer(PATIENCE, process.kill)
        impatience.start()
        said = []
        try:
            for line in process.stdout:
                said.append(line.rstrip("\n"))
                self.hears(said[-1], process.stdin)
        finally:
            impatience.cancel()
            self.met_the_limit.set()
        return said, process.wait()

    def hears(self, line, keyboard):
        if line.startswith(TOO_MANY):
            self.met_the_limit.set()
        elif line == ASKS_FOR_TOKEN:
            token = re.search(r"^http\S+#(\S+)$", self.server.letter(1), re.MULTILINE)[1]
            self.server.gets_crowded(until=self.met_the_limit)
            keyboard.write(token + "\n")
        elif line == ASKS_FOR_MAILED:
            keyboard.write(re.search(r"^\w+(-\w+){2,}$", self.server.letter(2), re.MULTILINE)[0] + "\n")
        elif line == ASKS_FOR_OWN:
            keyboard.write(next(self.own_passwords) + "\n")


def wait_for(what, state):
    deadline = time.monotonic() + PATIENCE
    while not state():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.02)


main()
