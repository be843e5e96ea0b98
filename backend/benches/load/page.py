"""The login page in a real browser."""

import json
import subprocess

from lines import Figure, Lines
from processes import ROOT
from wrk import Spoilt

# Yew and reqwest with a login form and nothing else: built as Rekey's pages are, served by the same server.
BARE_PAGE = ROOT / "backend/benches/bare_page/dist"


class Page(Lines):
    def visited(self, pages=None):
        with self.site("sqlite") as site:
            if pages:
                site.rekey.environment["REKEY_FRONTEND_DIR"] = str(pages)
            with site.rekey.server() as rekey:
                visit = ["node", "support/first_visit.mjs", f"http://localhost:{rekey.port}/"]
                ended = subprocess.run(visit, capture_output=True, text=True, cwd=ROOT / "e2e")
        if ended.returncode:
            raise Spoilt(ended.stderr)
        return json.loads(ended.stdout)

    def download(self):
        """Everything that the login page loads the first time, before somebody types."""
        visit, bare = self.visited(), self.visited(BARE_PAGE)
        yield Figure("first load of the login page", visit["kib"], "KiB", 1.30, "a bare Yew + reqwest page", bare["kib"],
                     at_most=True, more={"files": visit["files"], "bare_files": bare["files"]})

    def browser(self):
        """On a slow telephone, in a slow network."""
        visit = self.visited()
        yield Figure("login page: first contentful paint", visit["painted_ms"], "ms", 1_000, at_most=True)
        yield Figure("login page: the form can be used", visit["usable_ms"], "ms", 3_500, at_most=True)
