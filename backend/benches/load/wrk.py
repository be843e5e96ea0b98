"""The load, from wrk: a process of its own, so that nothing measures itself."""

import json
import pathlib
import signal
import subprocess

SCRIPT = pathlib.Path(__file__).resolve().parent / "load.lua"
CONNECTIONS = 64
# More than any run of links takes; it is told to stop when the last one is answered.
LONGEST = 120


class Spoilt(Exception):
    """A figure that says nothing, because something did not work."""


def load(url, seconds, *arguments, connections=CONNECTIONS):
    """Asks for so long: how many answers a second, and how long they took."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", SCRIPT, url, "--"]
    ended = subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True)
    result = _result(ended.stdout, ended.stderr)
    return result | {"per_s": result["answers"] / result["seconds"]}


def once_each(url, file, links):
    """Uses each link up, once."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{LONGEST}s", "-s", SCRIPT, url, "--", "confirmations", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as wrk:
        lines = []
        for line in wrk.stdout:
            lines.append(line)
            if line.startswith("END"):
                wrk.send_signal(signal.SIGINT)
        said = wrk.stderr.read()
    result = _result("".join(lines), said)
    times = {word: float(time) for word, time in (line.split() for line in lines if line[:3] in ("BEG", "END"))}
    if "END" not in times:
        raise Spoilt(f"not every link was answered within {LONGEST} s")
    seconds = times["END"] - times["BEGIN"]
    return result | {"seconds": seconds, "per_s": links / seconds}


def _result(stdout, stderr):
    found = [line for line in stdout.splitlines() if line.startswith("RESULT ")]
    if not found:
        raise Spoilt(f"wrk: {stdout} {stderr}")
    result = json.loads(found[0].removeprefix("RESULT "))
    if result["refused"] or result["broken"] or not result["answers"]:
        raise Spoilt(f"not every answer was a good one: {result}")
    return result
