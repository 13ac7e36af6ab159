"""A class in one room: how soon a drag reaches everyone, what a crash loses, and what is left.

``python -m bench.rooms`` serves the lab on the loopback, with one worker and no Redis and with two
workers and a Redis of its own.

    drag    a teacher's drag: delays from the send to a student's receipt, and the traffic of each
    post    the same where no socket opens, and where one student in ten has none
    try     40 students drag for themselves: the delay of an answer, and the slowest student
    crash   a worker is killed, and Redis too, in the middle of a vote: votes lost and doubled
    period  a whole lesson of 100, 3,000 s or less with as many messages: is the memory flat?
"""

import argparse
import resource
from collections.abc import Iterator

import uvloop

from bench.rooms.crash import crash
from bench.rooms.drag import drag
from bench.rooms.labs import Lab, labs
from bench.rooms.period import period
from bench.rooms.trying import trying

DESCRIPTORS = 8192
MODES = ("drag", "post", "try", "crash", "period")
FOLLOWING, PERIOD, TRYING, VOTING = [300, 1000], [100], [40], [300]
"""Students, by default."""


def lines(lab: Lab, mode: str, students: list[int] | None, seconds: float) -> Iterator[str]:
    """Yield what is found of a mode."""
    match mode:
        case "drag":
            for many in students or FOLLOWING:
                yield from uvloop.run(drag(lab, many, 0, seconds))
        case "post":
            for many in students or FOLLOWING[:1]:
                yield from uvloop.run(drag(lab, 0, many, seconds))
                yield from uvloop.run(drag(lab, many - many // 10, many // 10, seconds))
        case "try":
            for many in students or TRYING:
                for apart in (True, False):
                    yield uvloop.run(trying(lab, many, seconds, apart))
        case "period":
            for many in students or PERIOD:
                yield uvloop.run(period(lab, many, seconds))
        case "crash" if lab.redis:
            for many in students or VOTING:
                found = uvloop.run(crash(lab, many))
                yield f"{many} students vote, a worker and Redis are killed: {found}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mode", nargs="*", choices=(*MODES, []), default=[])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--students", type=int, nargs="*")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    chosen = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(DESCRIPTORS, hard), hard))
    own = {"UNROLLED_ROOM_STUDENTS": max(chosen.students or FOLLOWING)}
    if "period" in chosen.mode:
        own["UNROLLED_ROOM_MESSAGES"] = 1000
    for workers in chosen.workers:
        with labs(workers, **own) as lab:
            print(f"{workers} worker{'s and Redis' if lab.redis else ', no Redis'}", flush=True)
            for mode in chosen.mode or MODES[:-1]:
                for line in lines(lab, mode, chosen.students, chosen.seconds):
                    print(f"  {line}", flush=True)


if __name__ == "__main__":
    main()
