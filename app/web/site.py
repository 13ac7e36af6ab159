"""The site: pages, rendered on first request, and static files."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response

from unrolled.app.addresses import HERE
from unrolled.app.figures import CHART_GROUPS
from unrolled.app.folders import root
from unrolled.app.i18n.catalog import DEFAULT, catalog, languages, translator
from unrolled.app.i18n.negotiation import language_of, remembered
from unrolled.app.runs.cell_facts import CLASSIC, cell_facts
from unrolled.app.runs.limits import MOST_STEP_UNITS
from unrolled.app.settings import Settings
from unrolled.app.training.presets import training_page
from unrolled.app.web.assets import REVALIDATE, Asset, static, vendored
from unrolled.app.web.templates import environment
from unrolled.engine import CHOICES, RANGES, Experiment

Values = Callable[[str], Mapping[str, Any]]
"""What a template fills in, by language."""


class Pages:
    """The pages and files of the site. A page is rendered on first request."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.reload = settings.reload
        self.assets = static(root() / "static")
        self.vendored = vendored()
        self.own: dict[str, Values] = {
            "lab": lambda language: {"config": self.config(language)},
            "train": lambda language: training_page(settings, language),
            "join": lambda language: {"config": self.joining(language)},
            "api_docs": lambda language: {"here": "docs"},
        }
        """The pages that are always there."""
        self._made: dict[tuple[str, ...], asyncio.Task[Asset]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def get(
        self, page: str, language: str, values: Values, about: str = "", up: str = HERE
    ) -> Asset:
        """Render a page in a thread, once; concurrent requests share the result.

        ``up`` leads from the page to the root of the lab.
        """
        key = page, language, about
        if key not in self._made:
            make = asyncio.to_thread(lambda: self.render(page, language, up, **values(language)))
            self._made[key] = self.begin(make)
        try:
            return await asyncio.shield(self._made[key])
        except Exception:
            self._made.pop(key, None)
            raise

    async def prepare(self) -> None:
        """Render and compress everything, so that the first request need not wait."""
        made = [
            await self.get(page, language, values)
            for page, values in self.own.items()
            for language in languages()
        ]
        for asset in (*made, *self.assets.files.values(), *self.vendored.files.values()):
            await asyncio.to_thread(asset.compress)

    def begin(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Start background work that ends with the server."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    def render(self, page: str, language: str = DEFAULT, up: str = HERE, **values: Any) -> Asset:
        common = {
            "here": page,
            "root": up,
            "lang": language,
            "others": [(each, catalog(each)["language.name"]) for each in languages()],
            "t": translator(language),
            "asset": lambda name: up + self.assets.url(name),
            "modules": self.assets.modules,
            "vendored": lambda name: up + self.vendored.url(name),
            "chart_groups": CHART_GROUPS,
            "choices": CHOICES,
            "classic": CLASSIC,
            "ranges": RANGES,
            "defaults": Experiment().named(),
        }
        html = environment(self.reload).get_template(f"{page}.html").render(common | values)
        return Asset(html.encode(), "text/html; charset=utf-8")

    def config(self, language: str = DEFAULT, up: str = HERE) -> dict[str, Any]:
        """Return the configuration of the page's modules, as JSON in the page."""
        return {
            "catalog": dict(catalog(language)),
            "facts": cell_facts(),
            "defaults": Experiment().named(),
            "plotly": up + self.vendored.url("plotly.js"),
            "figures": f"{up}api/figures",
            "analysis": f"{up}api/analysis",
            "sweep": f"{up}api/sweep",
            "stream": f"{up}api/stream",
            "checkpoint": f"{up}api/checkpoint",
            "network": f"{up}api/network",
            "vocabulary": f"{up}api/vocabulary",
            "exports": f"{up}api/export",
            "step": {"url": f"{up}api/step", "most": MOST_STEP_UNITS},
            "weights": f"{up}api/weights",
            "rooms": f"{up}api/rooms",
            "qr": f"{up}api/qr",
            "addresses": f"{up}api/addresses",
        }

    def joining(self, language: str) -> dict[str, Any]:
        """Return the configuration of the page where students join a room."""
        config = self.config(language)
        return {name: config[name] for name in ("catalog", "rooms")}


def pages(request: Request) -> Pages:
    state = request.app.state
    if state.settings.reload:
        static.cache_clear()
        state.pages = Pages(state.settings)
    site: Pages = state.pages
    return site


async def answer(
    request: Request, site: Pages, page: str, values: Values, about: str = "", up: str = HERE
) -> Response:
    """Return a page in the language of the request; ``up`` leads from it to the root of the lab."""
    asset = await site.get(page, language_of(request), values, about, up)
    return remembered(request, await asset.response(request, REVALIDATE))
