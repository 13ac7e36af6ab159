"""Addresses of the lab, none of which says where the lab itself is: a proxy may put it anywhere.

A page names the others from where it stands, and a redirect names its target from the address that
was asked for. So it needs no setting where a proxy strips a prefix, and one where it is kept.
"""

from urllib.parse import quote, urlencode

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from unrolled.engine import Experiment

HERE = "./"
"""The root of the lab, from a page that lies in it, such as `/train`."""
ABOVE = "../"
"""The same, from a page one folder further down, such as `/lessons/gates`."""


def query(experiment: Experiment, checkpoint: str = "") -> str:
    """Return what opens an experiment again, after the address of the lab: `?cell=lstm`.

    An experiment on a trained network opens by the name of its ``checkpoint``; where no lab has
    given it one, nothing opens it, and what is returned is empty.
    """
    fields = experiment.made_by()["experiment"]
    if experiment.checkpoint:
        return "?" + urlencode({"checkpoint": checkpoint, **fields}) if checkpoint else ""
    usual = Experiment().named()
    return "?" + urlencode({name: value for name, value in fields.items() if value != usual[name]})


def home(root_path: str) -> str:
    """Return the path of the lab's root, for a cookie: `/course/rnn/`."""
    return quote(f"{root_path}/")


def canonical(path: str, root_path: str) -> str | None:
    """Return the way from a path to the one address of its page, or None where it is there.

    The lab's root ends in a slash, and no other page does. The way is relative, so that it leads to
    no other host, and to the same place whatever a proxy has cut off.

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
    """Redirects a request to the one address of its page."""

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
