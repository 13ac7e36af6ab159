"""Requests that no page sends, ten thousand of them: `python -m tests.hostile`.

A real server in a process of its own, on the loopback; seeded, and bounded in time. It must answer
all of them in words: no crash, no 500, no traceback in its log, `/healthz` prompt throughout, and
its memory back to where it was.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from bench.serving import resident, served
from tests.probe import Probe, Watch

SIDE_BY_SIDE = 12
LONGEST_ANSWER = 60.0
PROMPT = 0.1
"""Seconds within which `/healthz` answers, but for what the machine makes it wait: 99 in a hundred
times, and at most three times that where many threads want the interpreter's lock at once."""
GROWTH = 128 * 2**20
"""Bytes that the server may hold more than after the first fifth: kept networks, caches."""

TEXTS = (
    "",
    "a",
    "ab" * 40,
    "ab" * 5_000,
    "🇩🇪" * 20_000,
    "a\u0301" * 20_000,
    "👩\u200d" * 5_000,
    "中文" * 3_000,
    "ภาษาไทย" * 100,
    "\x00\x0b\ufffe\uffff",
    "\u202e\u2066<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "../../etc/passwd",
    "{{7*7}}${7*7}",
    "\ud800",
)
ODD = (
    None, True, [], {}, "", "x", -1, 0, 1, 2**31, 2**63, 10**300, int("9" * 4_299), 0.5, -0.0,
    1e308, float("nan"), float("inf"), [[]], {"a": {}}, "🇩🇪" * 1_000, "\ud800",
)  # fmt: skip
FIELDS = {
    "sequence": "abcab", "tokens": "characters", "cell": "lstm", "activation": "tanh",
    "architecture": "many-to-many", "target": "", "hidden_size": 8, "initialization": "uniform",
    "recurrent_scale": 1.5, "input_scale": 1.0, "forget_bias": 1.0, "update_bias": 0.0, "seed": 3,
    "clip_norm": 1.0, "truncate": 3, "chrono": 0, "checkpoint": "run-5",
    "by_hand": "",
}  # fmt: skip
DEEP = (
    ("{", "}"), ("{", ""), (r"\sqrt", ""), ("_{x", "}"), (r"\frac1", ""), (r"\left(", r"\right)"),
    (r"\mathrm{", "}"), (r"\begin{matrix}", r"\end{matrix}"), (r"\overset{x}{", "}"), ("x'", ""),
)  # fmt: skip
MARKS = ("> ", "- ", "*", "**", "[", "`", "[a](", "$", "$x$ ", "\\", "# ", "1. ", "&#", "<")
POSTS = (
    "/api/trace", "/api/stream", "/api/step", "/api/weights", "/api/sample", "/api/sweep",
    "/api/lesson", "/api/analysis/spectrum", "/api/analysis/singular_values",
    "/api/analysis/step_factors", "/api/analysis/lyapunov",
)  # fmt: skip
PATHS = (
    "/", "/train", "/lessons", "/lessons/own", "/lessons/nope", "/lessons/..%2f..%2fetc", "/docs",
    "/nope", "//evil.test", "/assets/x/../../app/main.py", "/assets/%00", "/vendor/plotly.js",
    "/api/figures?theme=dark%00", "/api/qr?path=//evil.test", "/api/qr?path=/" + "x" * 3_000,
    "/api/checkpoint?name=" + "x" * 3_000, "/api/export/exe", "/api/export/csv?seed=-1",
    "/healthz", "/readyz", "/favicon.ico", "/lessons/why-memory/notes", "/?lang=xx",
)  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW")


@dataclass
class Attack:
    """A server, and what its answers were."""

    url: str
    rng: random.Random
    client: httpx.AsyncClient
    statuses: Counter[str] = field(default_factory=Counter)
    sent: list[tuple[float, float, str]] = field(default_factory=list)
    """When each request began and ended, and what it was."""
    wrong: list[str] = field(default_factory=list)

    @property
    def sockets(self) -> str:
        return self.url.replace("http", "ws", 1)

    # --- what is sent ----------------------------------------------------------------------------

    def experiment(self) -> dict[str, Any]:
        """An experiment with some fields that are odd."""
        chosen = self.rng.sample(list(FIELDS), self.rng.randint(0, 6))
        fields = {name: FIELDS[name] for name in chosen if name != "checkpoint"}
        for _ in range(self.rng.randint(0, 2)):
            name = self.rng.choice([*FIELDS, "nope", "__class__", "\ud800"])
            fields[name] = self.rng.choice(TEXTS if name in ("sequence", "target") else ODD)
        return fields

    def lesson(self) -> dict[str, Any]:
        """A lesson of one's own, odd in one place or in several."""
        opening, closing = self.rng.choice(DEEP)
        count = self.rng.choice((3, 60, 6_000))
        texts = (
            f"${opening * count}x{closing * count}$",
            self.rng.choice(MARKS) * self.rng.choice((10, 20_000)),
            self.rng.choice(TEXTS),
            "[a](claim:x) $h_t$ [b](javascript:alert(1))",
        )
        facts: dict[str, Any] = {"id": "a", "experiment": self.experiment()}
        said: dict[str, Any] = {"title": "A", "text": self.rng.choice(texts)}
        if self.rng.random() < 0.5:
            names = [f"m{n}" for n in range(self.rng.choice((1, 30, 400)))]
            facts["question"] = {
                "kind": "number",
                "answer": {"quantity": self.rng.choice(("gradient", "ratio", "singular_value"))},
                "mistakes": {n: {"quantity": "gradient", "with": {"seed": len(n)}} for n in names},
            }
            said["question"] = {"ask": "?", "mistakes": {n: {"why": "?"} for n in names}}
        if self.rng.random() < 0.3:
            facts[self.rng.choice(("view", "pins", "claims", "id"))] = self.rng.choice(ODD)
        return {"lesson": {"steps": [facts]}, "words": {"title": "x", "steps": {"a": said}}}

    def body(self, path: str) -> bytes:
        rng = self.rng
        match path:
            case "/api/lesson":
                value: Any = self.lesson()
            case "/api/step":
                value = {"experiment": self.experiment(), "timestep": rng.choice((1, 2, *ODD))}
            case "/api/weights":
                weight = rng.choice(("", "W_hh_1_2", "W_xh_1_a", *TEXTS, *ODD))
                value = {"experiment": {**self.experiment(), "hidden_size": 2}, "weight": weight}
            case "/api/sweep":
                value = {
                    "experiment": self.experiment(),
                    "recurrent_scale": rng.choice(([1], *ODD)),
                }
                value["seeds"] = rng.choice((1, 3, *ODD))
            case "/api/sample":
                value = {"checkpoint": rng.choice(("run-5", *ODD)), "start": rng.choice(TEXTS)}
            case "/api/stream":
                value = {"id": rng.choice((1, *ODD)), "experiment": self.experiment()}
            case _:
                value = self.experiment()
        text = json.dumps(value)
        kind = rng.random()
        if kind < 0.04:
            return text[: rng.randrange(len(text) + 1)].encode()
        if kind < 0.08:
            return bytes(rng.randrange(256) for _ in range(200))
        if kind < 0.10:
            return b"[" * 100_000
        if kind < 0.12:
            return json.dumps(rng.choice(ODD)).encode()
        if kind < 0.13:
            return b" " * 400_000 + text.encode()
        if kind < 0.14:
            return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
        return text.encode()

    # --- kinds -----------------------------------------------------------------------------------

    async def post(self) -> None:
        path = self.rng.choice(POSTS)
        await self.ask("POST", path, content=self.body(path))

    async def get(self) -> None:
        method = self.rng.choice(METHODS) if self.rng.random() < 0.5 else "GET"
        headers = self.rng.choice(
            (
                {},
                {"Accept": "text/html", "Accept-Language": "zh-CN,xx;q=9,*;q=nope"},
                {"Host": "evil.test"},
                {"Cookie": "lang=" + "x" * 9_000},
                {"Origin": "http://[::1"},
                {"Accept-Encoding": "br;q=nope, \x01", "If-None-Match": "x" * 3_000},
                {"X-Forwarded-Host": "evil.test", "X-Forwarded-Prefix": "//evil"},
            )
        )
        await self.ask(method, self.rng.choice(PATHS), headers=headers)

    async def export(self) -> None:
        fields = {name: str(value)[:2_000] for name, value in self.experiment().items()}
        query = "&".join(
            f"{quote(name, errors='replace')}={quote(value, errors='replace')}"
            for name, value in fields.items()
        )
        ending = self.rng.choice(("csv", "json", "npz", "html"))
        await self.ask("GET", f"/api/export/{ending}?{query[:20_000]}")

    async def dear(self) -> None:
        """Send the most expensive requests that are allowed."""
        long = {"sequence": "ab" * 1_000, "hidden_size": 32, "architecture": "many-to-many"}
        said = {"title": "A", "text": "*[a](/" * self.rng.choice((3_000, 15_000))}
        words = {"title": "x", "steps": {"a": said}}
        path, value = self.rng.choice(
            (
                ("/api/trace", long),
                ("/api/trace", {"x": [[[]]] * 30_000}),
                ("/api/lesson", {"lesson": {"steps": [{"id": "a"}]}, "words": words}),
                ("/api/export/csv?hidden_size=96&sequence=" + "ab" * 1_000, None),
                ("/api/export/npz?hidden_size=96&sequence=" + "ab" * 1_000, None),
            )
        )
        await self.ask("POST" if value else "GET", path, **({"json": value} if value else {}))

    async def leave(self) -> None:
        """Leave in the midst of a request, or of its answer."""
        body = json.dumps({"sequence": "ab" * 100, "architecture": "many-to-many"}).encode()
        length = len(body) + self.rng.choice((0, 50))
        head = f"POST /api/trace HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n".encode()
        await self.raw(head + body, reads=self.rng.choice((0, 1, 100)))

    async def garbage(self) -> None:
        get = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
        await self.raw(
            self.rng.choice(
                (
                    b"\x16\x03\x01\x02\x00\x01",
                    b"\x00" * 500,
                    get + b"X: " + b"x" * 300_000 + b"\r\n\r\n",
                    b"GET /" + b"x" * 300_000 + b" HTTP/1.1\r\n\r\n",
                    (get + b"\r\n") * 200,
                    get + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nzz\r\n",
                    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZ\r\n",
                    get + b"Upgrade: websocket\r\nConnection: upgrade\r\n\r\n",
                    b"GET http://[::1 HTTP/1.1\r\nHost: [\r\n\r\n",
                    get + b"\r\n\r\n" + os.urandom(50),
                )
            ),
            reads=self.rng.choice((1, 100)),
        )

    async def stream(self) -> None:
        origin = self.rng.choice((None, None, "http://[::1", "null", "http://evil.test", self.url))
        messages = [
            self.rng.choice(
                (
                    json.dumps({"id": self.rng.randint(0, 5), "experiment": self.experiment()}),
                    json.dumps({"id": self.rng.choice(ODD), "experiment": self.rng.choice(ODD)}),
                    json.dumps(self.rng.choice(ODD)),
                    os.urandom(20),
                    "[" * 50_000,
                    "x" * 300_000,
                )
            )
            for _ in range(self.rng.randint(1, 6))
        ]
        await self.channel("/api/stream", messages, origin)

    async def train(self) -> None:
        plan: dict[str, Any] = {
            "task": self.rng.choice(("recall", "text", "sine", "nope")),
            "steps": 5,
        }
        for _ in range(self.rng.randint(0, 2)):
            name = self.rng.choice(
                ("hidden_size", "batch_size", "length", "cell", "examples", "nope")
            )
            plan[name] = self.rng.choice((*ODD, *TEXTS))
        do = self.rng.choice(("pause", "resume", "step", "stop", "change", "dance", None))
        messages = [json.dumps({"id": 1, "train": plan})]
        for _ in range(self.rng.randint(0, 4)):
            names = {
                self.rng.choice(("self", "learning_rate", "\ud800", "a")): self.rng.choice(ODD)
            }
            messages.append(json.dumps({"id": self.rng.choice((1, 1, 2, *ODD)), "do": do, **names}))
        messages.append(json.dumps({"id": 3, "find": self.rng.choice(("nope", *TEXTS))}))
        await self.channel("/api/train", messages, None)

    # --- sending ---------------------------------------------------------------------------------

    async def ask(self, method: str, path: str, **options: Any) -> None:
        try:
            with self.under_way(f"{method} {path}"):
                answer = await self.client.request(method, f"{self.url}{path}", **options)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeEncodeError) as error:
            self.count(type(error).__name__)
            if isinstance(error, httpx.TimeoutException):
                self.fail(f"{method} {path}: no answer in {LONGEST_ANSWER:.0f} s: {options!r}")
            return
        self.count(answer.status_code)
        if answer.status_code >= 500 and answer.status_code != 503:
            self.fail(f"{method} {path}: {answer.status_code}: {options!r}")
        if "Traceback" in answer.text:
            self.fail(f"{method} {path}: a traceback in the answer: {options!r}")

    async def raw(self, sent: bytes, reads: int) -> None:
        address = urlsplit(self.url)
        with self.under_way(repr(sent[:60])):
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            try:
                writer.write(sent)
                await writer.drain()
                for _ in range(reads):
                    async with asyncio.timeout(1):
                        if not (part := await reader.read(65_536)):
                            break
                    if b"500 Internal" in part:
                        self.fail(f"500 after {sent[:80]!r}")
            except (OSError, TimeoutError):
                pass
            finally:
                writer.close()
        self.count("raw")

    async def channel(self, path: str, messages: list[str | bytes], origin: str | None) -> None:
        try:
            with self.under_way(path):
                await self.talk(path, messages, origin)
        except (WebSocketException, OSError, TimeoutError) as error:
            if (response := getattr(error, "response", None)) is not None:
                self.count(response.status_code)
                if response.status_code >= 500:
                    self.fail(f"{path} from {origin}: {response.status_code}")
        self.count(path)

    async def talk(self, path: str, messages: list[str | bytes], origin: str | None) -> None:
        async with connect(
            f"{self.sockets}{path}",
            origin=origin,
            compression=None,
            max_size=None,
            open_timeout=LONGEST_ANSWER,
            ping_interval=None,
        ) as channel:
            for message in messages:
                await channel.send(
                    message, text=isinstance(message, str) or self.rng.random() < 0.5
                )
            for _ in range(self.rng.choice((0, 1, 20))):
                async with asyncio.timeout(0.5):
                    frame = await channel.recv()
                if b'"internal"' in frame[:2_000]:
                    self.fail(f"{path}: an error of the server's own after {messages!r:.600}")

    @contextmanager
    def under_way(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.sent.append((began, time.monotonic(), what[:80]))

    def beside(self, probe: Probe) -> str:
        """Return the requests that were under way meanwhile."""
        end = probe.began + probe.seconds
        return "; ".join(
            what for start, stop, what in self.sent if start < end and stop > probe.began
        )

    def count(self, what: object) -> None:
        self.statuses[str(what)] += 1

    def fail(self, what: str) -> None:
        self.wrong.append(what[:1_500])


async def attack(url: str, requests: int, seconds: float, seed: int) -> Attack:
    """Send so many requests, in the time that there is."""
    start = time.perf_counter()
    limits = httpx.Limits(max_connections=SIDE_BY_SIDE)
    async with httpx.AsyncClient(timeout=LONGEST_ANSWER, limits=limits) as client:
        found = Attack(url, random.Random(seed), client)
        kinds: dict[Callable[[], Awaitable[None]], int] = {
            found.post: 400,
            found.get: 200,
            found.export: 80,
            found.leave: 50,
            found.garbage: 100,
            found.stream: 120,
            found.train: 48,
            found.dear: 2,
        }
        left = iter(found.rng.choices(list(kinds), list(kinds.values()), k=requests))

        async def one_after_another() -> None:
            for kind in left:
                if time.perf_counter() - start > seconds:
                    found.fail(f"only {found.statuses.total()} requests in {seconds:.0f} s")
                    return
                await kind()

        await asyncio.gather(*(one_after_another() for _ in range(SIDE_BY_SIDE)))
        return found


def watched(
    url: str, process: int, requests: int, chosen: argparse.Namespace
) -> tuple[Attack, list[Probe], float]:
    """Attack, and ask `/healthz` meanwhile; return its answers and the seconds that it took."""
    start = time.perf_counter()
    with Watch(url, process) as watch:
        found = asyncio.run(attack(url, requests, chosen.seconds, chosen.seed))
    return found, watch.probes, time.perf_counter() - start


def slow(probes: list[Probe]) -> list[Probe]:
    """Return the late answers, if they are more, or later, than is allowed."""
    late = [probe for probe in probes if probe.own > PROMPT]
    many = len(late) > len(probes) / 100
    return late if many or any(probe.own > 3 * PROMPT for probe in late) else []


def settled(process: subprocess.Popen[bytes], most: int) -> int:
    """Return the memory once it is within a bound, or after some seconds."""
    for _ in range(100):
        if resident(process.pid) <= most:
            break
        time.sleep(0.1)
    return resident(process.pid)


def _quantiles(seconds: Iterable[float]) -> str:
    found = sorted(seconds)
    p50, p95, p99 = (1000 * found[int(share * len(found))] for share in (0.5, 0.95, 0.99))
    longest = 1000 * found[-1]
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms, longest {longest:.0f} ms"


def _said(probe: Probe) -> str:
    return f"{1000 * probe.own:.0f} of {1000 * probe.seconds:.0f} ms"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    with tempfile.TemporaryFile() as log:
        with served(log) as (url, process):
            first = chosen.requests // 5
            rest = chosen.requests - first
            warm = asyncio.run(attack(url, first, chosen.seconds, -1))
            before = resident(process.pid)
            found, probes, spent = watched(url, process.pid, rest, chosen)
            wrong = warm.wrong + found.wrong
            if slow(probes):  # the machine may have stumbled: it must be prompt now
                print(f"/healthz was late, {_quantiles(probe.own for probe in probes)}: once more")
                found, probes, spent = watched(url, process.pid, rest, chosen)
                wrong += found.wrong
            if process.poll() is not None:
                wrong.append(f"the server ended with {process.returncode}")
            after = settled(process, before + GROWTH)
        log.seek(0)
        said = log.read().decode(errors="replace")
    if after > before + GROWTH:
        wrong.append(f"memory grew from {before >> 20} to {after >> 20} MiB")
    for trace in said.split("Traceback (most recent call last):")[1:]:
        lines = [line for line in trace.splitlines() if line.strip()]
        last = next((line for line in lines if not line.startswith(" ")), "")
        wrong.append(f"a traceback in the log: {last}\n" + "\n".join(lines[-12:]))
    wrong += [f"/healthz took {_said(late)} beside {found.beside(late)}" for late in slow(probes)]
    longest = max(probes, key=lambda probe: probe.own)
    print(
        f"{found.statuses.total()} answers, after {warm.statuses.total()}, in {spent:.0f} s: "
        f"{dict(found.statuses.most_common())}\n"
        f"/healthz, {len(probes)} times: "
        f"{_quantiles(probe.seconds for probe in probes)}\n"
        "  without what the machine made it wait: "
        f"{_quantiles(probe.own for probe in probes)}\n"
        f"  the longest {_said(longest)} beside {found.beside(longest)}\n"
        f"memory {before >> 20} to {after >> 20} MiB; {len(said.splitlines())} lines in the log"
    )
    alike = Counter(each[:60] for each in wrong)
    for beginning, count in alike.most_common(20):
        print(f"WRONG, {count} times: {next(e for e in wrong if e.startswith(beginning))}")
    count = warm.statuses.total() + found.statuses.total()
    print(f"{count - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
