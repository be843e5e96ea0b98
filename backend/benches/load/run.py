#!/usr/bin/env python3
"""The benchmark behind `make bench`: how fast, small and flat Rekey is, against what the machine at hand can do at all.

It prints docs/performance.md's table and writes target/bench/latest.json. REKEY_BENCH_ONLY names lines (requests,logins),
REKEY_BENCH_SECONDS says how long each figure is measured, REKEY_BENCH_BUSY=1 measures on a machine that has other work.
"""

import dataclasses
import json
import os
import signal
import sys
import time

import machine
from lines import Lines
from page import Page
from processes import ROOT
from wrk import Spoilt

ORDER = ("requests", "one", "logins", "me", "static", "confirmations", "letters", "journeys", "growth", "memory", "start", "size",
         "download", "browser")
LONGEST = 15 * 60


def main():
    # Told to stop, it stops what it has started, as after Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: told to stop"))
    only = [name for name in os.environ.get("REKEY_BENCH_ONLY", "").split(",") if name] or ORDER
    if unknown := set(only) - set(ORDER):
        sys.exit(f"bench: no line is called {', '.join(unknown)}; there are: {', '.join(ORDER)}")
    reason, allowed = machine.busy(), os.environ.get("REKEY_BENCH_BUSY") == "1"
    if reason and not allowed:
        sys.exit(f"bench: this machine is no measure now: {reason}. REKEY_BENCH_BUSY=1 measures all the same.")
    watch, began = machine.Watch(), time.monotonic()
    seconds = int(os.environ.get("REKEY_BENCH_SECONDS", "5"))
    lines, page = Lines(seconds), Page(seconds)
    figures, spoilt = [], []
    print(row("", "measured", "", "against", "", "ratio", "target", ""))
    for name in (name for name in ORDER if name in only):
        if time.monotonic() - began > LONGEST:
            spoilt.append(f"{name}: not begun after {LONGEST // 60} minutes")
            continue
        try:
            for figure in getattr(page if hasattr(page, name) else lines, name)():
                figures.append(figure)
                print(told(figure), flush=True)
        except Spoilt as why:
            spoilt.append(f"{name}: {why}")
            print(f"{name}: {why}", flush=True)
    quiet = remark(reason, watch.shares()["stolen"])
    print(f"\n{quiet}; it took {(time.monotonic() - began) / 60:.1f} minutes")
    write(figures, spoilt, quiet)
    sys.exit(1 if spoilt else 0)


def remark(reason, stolen):
    state = f"on a BUSY machine ({reason}): these figures say little" if reason else "on a quiet machine"
    return f"{state}; {stolen:.1%} of the time was stolen"


def row(*cells):
    widths = (58, 9, 4, 26, 9, 6, 8, 0)
    sides = "<><<>>><"
    return " ".join(f"{cell:{side}{width}}" for cell, side, width in zip(cells, sides, widths)).rstrip()


def told(figure):
    number = lambda value: "" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
    target = "" if figure.target is None else f"{'≤' if figure.at_most else '≥'} {figure.target:g}"
    verdict = {True: "", False: "MISSED", None: ""}[figure.is_met]
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return row(figure.what, number(figure.measured), figure.unit, figure.against, number(figure.limit), ratio, target, verdict)


def write(figures, spoilt, quiet):
    folder = ROOT / "target/bench"
    folder.mkdir(parents=True, exist_ok=True)
    rows = [dataclasses.asdict(figure) | {"ratio": figure.ratio, "is_met": figure.is_met} for figure in figures]
    report = {"machine": machine.described(), "versions": machine.versions(ROOT), "state": quiet, "spoilt": spoilt, "figures": rows}
    (folder / "latest.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")


main()
