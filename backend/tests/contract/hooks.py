"""What Schemathesis must know of Rekey: how to be an administrator for long enough, and what the calls came to.

The calls end the caller's session, change their password, take their role away and delete their account, as they should.
A caller whose token is spent is followed by the next one, so that nearly all calls get past authentication.
"""

import atexit
import collections
import json
import os
import pathlib
import re
import subprocess
import urllib.request
import zlib

import schemathesis

URL = os.environ["CONTRACT_URL"]
PROGRAM = os.environ["CONTRACT_PROGRAM"]
STATISTICS = pathlib.Path(os.environ["CONTRACT_STATISTICS"])
# The password of the examples: so that of `POST /me/password` is right, once.
PASSWORD = os.environ["CONTRACT_PASSWORD"]
USER = os.environ["CONTRACT_USER"]

calls = collections.Counter()


class Administrator:
    """The one whose token the calls carry."""

    def __init__(self):
        self.number = 0
        self.token = None

    def fresh_token(self):
        if self.token is None:
            self.token = self.log_in() if self.number else None
        if self.token is None:
            self.begin_anew()
            self.token = self.log_in()
        return self.token

    def begin_anew(self):
        self.number += 1
        names = ["--user-name", self.user_name, "--email", f"{self.user_name}@example.com"]
        command = [PROGRAM, "account", "add", *names, "--role", "admin", "--password-stdin"]
        subprocess.run(command, input=PASSWORD, text=True, check=True, capture_output=True)

    @property
    def user_name(self):
        return f"contract-{self.number}"

    def log_in(self):
        body = json.dumps({"user": self.user_name, "password": PASSWORD}).encode()
        request = urllib.request.Request(f"{URL}/login", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)["access_token"]
        except urllib.error.HTTPError:
            # Deleted, disabled, or of another password by now.
            return None

    def learn(self, operation, status, code):
        """From an answer to a call with the token, whether it is spent."""
        # No administrator any more, or one who has guessed a password too often: it takes another account.
        if code in ("forbidden", "too_many_attempts"):
            self.begin_anew()
            self.token = None
        elif status == 401 or (operation, status) == ("POST /logout", 204):
            self.token = None


administrator = Administrator()

if os.environ["CONTRACT_CALLER"] == "administrator":

    @schemathesis.auth(refresh_interval=None)
    class Auth:
        def get(self, case, context):
            return administrator.fresh_token()

        def set(self, case, token, context):
            case.headers["Authorization"] = f"Bearer {token}"


@schemathesis.hook
def map_body(context, body):
    """Makes half of the texts such as the server takes. A schema cannot say what they are, and nearly every call would
    end at 422. A text stays a text, so that a body that breaks the schema goes on breaking it."""
    draw = zlib.crc32(repr(body).encode(errors="replace"))
    if not isinstance(body, dict) or draw % 2:
        return body
    return {field: acceptable(field, value, draw // 2) if isinstance(value, str) else value for field, value in body.items()}


def acceptable(field, text, draw):
    match field:
        case "locale":
            return ["en", "it", "it-CH", ""][draw % 4]
        case "name" | "user_name" | "note" | "reason":
            return "".join(c for c in text if c.isprintable() and c not in "@\uff20\ufe6b").strip()[:60] or "Dee"
        case "current_password" if draw % 4 == 0:
            return PASSWORD
        case "new_password":
            return f"{text[:200]} and so much more"
        case "token" if draw % 2 == 0:
            return reset_token()
    return text


def reset_token():
    """A good one, as the operator gets it by command."""
    printed = subprocess.run([PROGRAM, "reset-link", USER], text=True, capture_output=True).stdout
    link = re.search(r"#(\S+)", printed)
    # None, when an earlier call has deleted the account.
    return link[1] if link else ""


@schemathesis.hook
def after_call(context, case, response):
    token = administrator.token
    is_own = token is not None and response.request.headers.get("Authorization") == f"Bearer {token}"
    calls[f"{'own' if is_own else 'other'}|{response.status_code}|{case.operation.label}"] += 1
    if is_own:
        is_problem = "application/problem+json" in str(response.headers.get("content-type"))
        administrator.learn(case.operation.label, response.status_code, response.json()["code"] if is_problem else None)


@atexit.register
def write_statistics():
    STATISTICS.write_text(json.dumps(calls))
