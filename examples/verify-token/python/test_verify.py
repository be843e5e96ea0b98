"""Holds verify.py to a running Rekey: one good token, and all that it must refuse. `../run` starts it."""

import os
import sys

import jwt

from verify import Verifier

REKEY, TOOL, TOKEN = (os.environ[name] for name in ("REKEY_URL", "REKEY_TOOL", "REKEY_TOOL_TOKEN"))
# Longer than a token is good: as if so much time had passed.
LATER = -301


def tampered(token, part):
    """One letter of one part is another one."""
    parts = token.split(".")
    middle = len(parts[part]) // 2
    other = "A" if parts[part][middle] != "A" else "B"
    parts[part] = parts[part][:middle] + other + parts[part][middle + 1 :]
    return ".".join(parts)


def is_refused(verifier, token, **options):
    try:
        verifier.verify(token, **options)
    except jwt.PyJWTError:
        return True
    return False


verifier = Verifier(REKEY, TOOL)
person = verifier.verify(TOKEN)
other_tool = Verifier(REKEY, "https://other.example.com")
other_rekey = Verifier(REKEY, TOOL)
other_rekey.rekey = "https://evil.example.com"
checks = {
    "a good token names the person": person["preferred_username"] and person["email"] and person["groups"] == ["member"],
    "a token for another tool is refused": is_refused(other_tool, TOKEN),
    "a token of another issuer is refused": is_refused(other_rekey, TOKEN),
    "a token that has expired is refused": is_refused(verifier, TOKEN, leeway=LATER),
    "a changed header is refused": is_refused(verifier, tampered(TOKEN, 0)),
    "changed claims are refused": is_refused(verifier, tampered(TOKEN, 1)),
    "a changed signature is refused": is_refused(verifier, tampered(TOKEN, 2)),
    "Rekey's own access token is refused": is_refused(verifier, os.environ["REKEY_TOKEN"]),
}
failed = [name for name, held in checks.items() if not held]
print(f"  {len(checks) - len(failed)} passed (examples/verify-token/python)")
if failed:
    print(f"  {len(failed)} failed", *failed, sep="\n  ")
    sys.exit(1)
