"""Relative addresses of the lab, which hold behind any proxy.

A page links to the others by relative paths, and a redirect is relative to the requested address.
A proxy that strips a prefix needs no setting; one that keeps it needs one.
"""

from urllib.parse import quote, urlencode

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from unrolled.engine import Experiment, GivenRun

HERE = "./"
"""The root of the lab, from a page that lies in it, such as `/train`."""
ABOVE = "../"
"""The same, from a page one folder further down, such as `/lessons/gates`."""


def query(experiment: Experiment | GivenRun, checkpoint: str = "") -> str:
    """Return the query that opens an experiment in the lab: `?cell=lstm`.

    An experiment on a trained network opens by the name of its ``checkpoint``; without a name the
    query is empty, and so it is of a given network and problem.
    """
    if isinstance(experiment, GivenRun):
        return ""
    fields = experiment.made_by()["experiment"]
    if experiment.checkpoint:
        return "?" + urlencode({"checkpoint": checkpoint, **fields}) if checkpoint else ""
    usual = Experiment().named()
    return "?" + urlencode({name: value for name, value in fields.items() if value != usual[name]})


def home(root_path: str) -> str:
    """Return the path of the lab's root, for a cookie: `/course/rnn/`."""
    return quote(f"{root_path}/")


def canonical(path: str, root_path: str) -> str | None:
    """Return the relative path from ``path`` to the canonical address of its page, None if equal.

    The lab's root ends in a slash, and no other page does. A relative path cannot lead to another
    host, and holds whatever prefix a proxy has removed.

    >>> canonical("/course/rnn", "/course/rnn")
    './rnn/'
    >>> canonical("/course/rnn/train/", "/course/rnn")
    '../train'
    """
    last = path.removesuffix("/").rpartition("/")[2]
    if root_path and path == root_path:
        return f"./{last}/"
    if path.endswith("/") and path not in ("/", f"{root_path}/"):
        return f"../{last}"
    return None


class OneAddress:
    """Middleware that redirects a request to the canonical address of its page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["raw_path"].decode("latin-1") if scope["type"] == "http" else ""
        if asked and (way := canonical(asked, quote(scope["root_path"]))):
            query = scope["query_string"].decode("latin-1")
            location = f"{way}?{query}" if query else way
            await Response(status_code=307, headers={"Location": location})(scope, receive, send)
            return
        await self.app(scope, receive, send)
