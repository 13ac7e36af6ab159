"""The pages."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.assets import IMMUTABLE, REVALIDATE, Asset, Assets, Vendored, root
from app.catalog import DEFAULT, catalog, languages, translator
from app.figures import CHARTS
from app.language import language_of, remembered
from app.planning import training_page
from app.settings import Settings
from app.step import MOST_NUMBERS
from engine import CHOICES, RANGES, Experiment

router = APIRouter(include_in_schema=False)


def environment() -> Environment:
    """The templates: what is not said is an error, and what is said is escaped."""
    return Environment(
        loader=FileSystemLoader(root() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Pages:
    """The site as it is served: pages rendered once, and the files they name."""

    def __init__(self, settings: Settings) -> None:
        self.assets = Assets(root() / "static")
        self.vendored = Vendored()
        spoken = languages()
        self.lab = {each: self.render("lab", each, config=self.config(each)) for each in spoken}
        self.train = {
            each: self.render("train", each, **training_page(settings, each)) for each in spoken
        }
        self.docs = {each: self.render("docs", each) for each in spoken}

    def served(self) -> list[Asset]:
        """Everything, in the order in which the lab asks for it."""
        files = (*self.assets.files.values(), *self.vendored.files.values())
        return [*self.lab.values(), *files, *self.train.values(), *self.docs.values()]

    def render(self, page: str, language: str = DEFAULT, **values: Any) -> Asset:
        common = {
            "here": page,
            "lang": language,
            "others": [(each, catalog(each)["language.name"]) for each in languages()],
            "t": translator(language),
            "asset": self.assets.url,
            "modules": self.assets.modules,
            "vendored": self.vendored.url,
            "charts": CHARTS,
            "choices": CHOICES,
            "ranges": RANGES,
            "defaults": Experiment().named(),
        }
        html = environment().get_template(f"{page}.html").render(common | values)
        return Asset(html.encode(), "text/html; charset=utf-8")

    def config(self, language: str = DEFAULT) -> dict[str, Any]:
        """What the page's modules need to know, as JSON in the page."""
        return {
            "catalog": dict(catalog(language)),
            "defaults": Experiment().named(),
            "plotly": self.vendored.url("plotly.js"),
            "figures": "/api/figures",
            "analysis": "/api/analysis",
            "sweep": "/api/sweep",
            "stream": "/api/stream",
            "checkpoint": "/api/checkpoint",
            "exports": "/api/export",
            "step": {"url": "/api/step", "most": MOST_NUMBERS},
        }


def pages(request: Request) -> Pages:
    state = request.app.state
    if state.settings.reload:
        state.pages = Pages(state.settings)
    site: Pages = state.pages
    return site


async def answer(request: Request, page: Asset) -> Response:
    """A page in the language of the request."""
    return remembered(request, await page.response(request, REVALIDATE))


@router.get("/")
async def lab(request: Request) -> Response:
    return await answer(request, pages(request).lab[language_of(request)])


@router.get("/train")
async def train(request: Request) -> Response:
    return await answer(request, pages(request).train[language_of(request)])


@router.get("/docs")
async def docs(request: Request) -> Response:
    return await answer(request, pages(request).docs[language_of(request)])


@router.get("/favicon.ico")
async def favicon(request: Request) -> Response:
    icon = request.app.state.pages.assets.files["favicon.svg"]
    response: Response = await icon.response(request, REVALIDATE)
    return response


@router.get("/assets/{digest}/{name:path}")
async def asset(request: Request, digest: str, name: str) -> Response:
    assets: Assets = request.app.state.pages.assets
    if digest != assets.digest or name not in assets.files:
        raise HTTPException(404)
    return await assets.files[name].response(request, IMMUTABLE)


@router.get("/vendor/{name}")
async def vendor(request: Request, name: str) -> Response:
    vendored: Vendored = request.app.state.pages.vendored
    if name not in vendored.files:
        raise HTTPException(404)
    return await vendored.files[name].response(request, IMMUTABLE)
