#!/usr/bin/env python3
"""Verifies letters with dkimpy, which shares no line with what signed them.

Reads {"dns": {name: TXT}, "letters": [base64]} and writes, letter by letter, whether each of its signatures verifies. It lies
beside the other tests and has no main.rs, so that cargo leaves it alone; `.ci/setup verifier` installs what it needs.
"""

import base64
import json
import sys

import dkim


def main():
    told = json.load(sys.stdin)

    def txt(name, timeout=5):
        name = name if isinstance(name, str) else name.decode()
        return told["dns"].get(name.rstrip("."), "").encode() or None

    print(json.dumps([signatures(base64.b64decode(letter), txt) for letter in told["letters"]]))


def signatures(letter, txt):
    return [verifies(letter, number, txt) for number in range(letter.count(b"DKIM-Signature:"))]


def verifies(letter, number, txt):
    try:
        return dkim.DKIM(letter, minkey=2048).verify(idx=number, dnsfunc=txt)
    except dkim.DKIMException:
        return False


if __name__ == "__main__":
    main()
