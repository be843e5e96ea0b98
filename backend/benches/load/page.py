"""The login page in a real browser."""

import json
import subprocess

from lines import Figure, Lines
from processes import ROOT
from wrk import Spoilt

# A page of Yew and reqwest that says hello, built the same way: 379 KB, 123 KB as brotli. Measured once, for it costs a
# second build of the browser's crates.
BARE_PAGE_KIB = 123


class Page(Lines):
    def visited(self):
        with self.site("sqlite") as site, site.rekey.server() as rekey:
            visit = ["node", "support/first_visit.mjs", f"http://localhost:{rekey.port}/"]
            ended = subprocess.run(visit, capture_output=True, text=True, cwd=ROOT / "e2e")
        if ended.returncode:
            raise Spoilt(ended.stderr)
        return json.loads(ended.stdout)

    def download(self):
        """Everything that the login page loads the first time."""
        yield Figure("first load of the login page", self.visited()["kib"], "KiB", 1.30, "a bare Yew + reqwest page",
                     BARE_PAGE_KIB, at_most=True)

    def browser(self):
        """On a slow telephone, in a slow network."""
        visit = self.visited()
        yield Figure("login page: first contentful paint", visit["painted_ms"], "ms", 1_000, at_most=True)
        yield Figure("login page: the form can be used", visit["usable_ms"], "ms", 3_500, at_most=True)
