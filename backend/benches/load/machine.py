"""The machine: whether it is quiet enough to be a measure, and what it is."""

import os
import platform
import re
import subprocess
import time

# Of all cores' time. A machine that does more beside is no measure, and one whose host takes time away neither.
MOST_BUSY, MOST_STOLEN = 0.10, 0.02


def seconds_by_kind():
    with open("/proc/stat") as file:
        user, nice, system, idle, wait, irq, softirq, steal = map(int, file.readline().split()[1:9])
    return {"busy": user + nice + system + irq + softirq, "stolen": steal, "idle": idle + wait}


class Watch:
    """What the machine has done since."""

    def __init__(self):
        self.since = seconds_by_kind()

    def shares(self):
        spent = {kind: now - self.since[kind] for kind, now in seconds_by_kind().items()}
        return {kind: value / max(1, sum(spent.values())) for kind, value in spent.items()}


def busy():
    """Why this machine is no measure now; none when it is quiet. Not the load average: that still tells of the build."""
    watch = Watch()
    time.sleep(3)
    shares = watch.shares()
    if shares["busy"] > MOST_BUSY:
        return f"its cores are busy for {shares['busy']:.0%} of the time"
    if shares["stolen"] > MOST_STOLEN:
        return f"its host takes {shares['stolen']:.0%} of the time away"
    return None


def described():
    with open("/proc/cpuinfo") as file:
        names = re.findall(r"model name\s*: (.*)", file.read())
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) // 1024
    return {"processor": names[0] if names else "unknown", "cores": os.cpu_count(), "memory_mib": memory,
            "kernel": platform.release()}


def versions(root):
    def first_line(*command):
        said = subprocess.run(command, capture_output=True, text=True, cwd=root)
        return (said.stdout or said.stderr).strip().split("\n")[0]

    return {"rekey": first_line("git", "describe", "--always", "--dirty"), "rustc": first_line("rustc", "--version"),
            "wrk": first_line("wrk", "-v").split(" Copyright")[0], "python": platform.python_version()}
