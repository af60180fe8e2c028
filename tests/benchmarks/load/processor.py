"""CPU time of other processes, as Linux counts it."""

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Process:
    pid: int
    name: str
    parent: int
    seconds: float
    seconds_of_ended: float  # of its children


def processes() -> list[Process]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        name, _, rest = line.partition("(")[2].rpartition(")")
        fields = rest.split()
        own, ended = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
        found.append(Process(int(folder.name), name, int(fields[1]), own / TICKS, ended / TICKS))
    return found


def seconds_of_family(pid: int) -> float:
    """Of a process and its children."""
    return sum(process.seconds for process in processes() if pid in {process.pid, process.parent})


def seconds_of_name(name: str) -> float:
    """Of all processes of that name, ended ones included as far as their parents have the name too."""
    return sum(process.seconds + process.seconds_of_ended for process in processes() if process.name == name)
