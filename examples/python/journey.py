#!/usr/bin/env python3
"""From a forgotten password to a session and out of it again, with requests.

    examples/python/journey.py http://127.0.0.1:8080 demo@example.com
"""

import sys
import time

import requests


class Refused(Exception):
    """The server said no: a problem of RFC 9457."""

    def __init__(self, problem):
        super().__init__(f"{problem['title']} ({problem['code']}, request {problem['request_id']})")
        self.code = problem["code"]
        self.errors = problem.get("errors", [])


class Rekey:
    def __init__(self, url):
        self.url = url
        self.http = requests.Session()
        self.access_token = None
        # What an app stores, where the system keeps secrets.
        self.refresh_token = None

    def call(self, method, path, **body):
        try:
            return self.call_once(method, path, body, self.access_token)
        except Refused as refused:
            if refused.code != "unauthenticated" or self.refresh_token is None:
                raise
        # The access token has run out.
        self.keep(self.call_once("POST", "/session/refresh", {"refresh_token": self.refresh_token}))
        return self.call_once(method, path, body, self.access_token)

    def call_once(self, method, path, body, access_token=None):
        headers = {"Authorization": f"Bearer {access_token}"} if access_token else {}
        while True:
            answer = self.http.request(method, self.url + path, json=body or None, headers=headers, timeout=15)
            if answer.ok:
                return answer.json() if answer.content else None
            if answer.status_code not in (429, 503) or "Retry-After" not in answer.headers:
                raise Refused(answer.json())
            # Not done, and the server says when to come again.
            seconds = int(answer.headers["Retry-After"])
            print(f"Too many requests: once more in {seconds} s.", flush=True)
            time.sleep(seconds)

    def keep(self, tokens):
        self.access_token = tokens["access_token"]
        self.refresh_token = tokens.get("refresh_token")


def ask(question):
    print(question, flush=True)
    return input()


def main(url, email):
    rekey = Rekey(url)
    rekey.call("POST", "/password-reset/request", email=email)
    token = ask(f"If {email} has an account, a mail is on its way. What stands behind the # of its link?")
    rekey.call("POST", "/password-reset/confirm", token=token)
    mailed = ask("A second mail is on its way. The password in it?")

    tokens = rekey.call("POST", "/login", user=email, password=mailed)
    rekey.keep(tokens)
    # A mailed password opens one thing only: choosing one's own.
    while tokens["password_change_required"]:
        own = ask("A new password of your own?")
        try:
            tokens = rekey.call("POST", "/me/password", current_password=mailed, new_password=own)
        except Refused as refused:
            if not refused.errors:
                raise
            for error in refused.errors:
                print(f"{error['field']}: {error['code']}")
    rekey.keep(tokens)
    print(f"Logged in as {rekey.call('GET', '/me')['user_name']}.")

    # As a quarter of an hour later.
    rekey.access_token = "run.out.now"
    print(f"Still logged in as {rekey.call('GET', '/me')['user_name']}, with a new access token.")

    rekey.call("POST", "/logout", refresh_token=rekey.refresh_token)
    try:
        rekey.call_once("POST", "/session/refresh", {"refresh_token": rekey.refresh_token})
    except Refused as refused:
        print(f"Logged out: {refused.code}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
