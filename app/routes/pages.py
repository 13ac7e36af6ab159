"""The pages of the site, and its files."""

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from unrolled.app.web.assets import IMMUTABLE, REVALIDATE, Assets, Vendored
from unrolled.app.web.site import answer, pages

router = APIRouter(include_in_schema=False)


async def asset(request: Request) -> Response:
    assets: Assets = request.app.state.pages.assets
    name = request.path_params["name"]
    if request.path_params["digest"] != assets.digest or name not in assets.files:
        raise HTTPException(404)
    return await assets.files[name].response(request, IMMUTABLE)


async def vendor(request: Request) -> Response:
    vendored: Vendored = request.app.state.pages.vendored
    name = request.path_params["name"]
    if name not in vendored.files:
        raise HTTPException(404)
    return await vendored.files[name].response(request, IMMUTABLE)


# A page takes some ninety files, so these come first, and without what FastAPI does for an API.
router.add_route("/assets/{digest}/{name:path}", asset, ["GET"])
router.add_route("/vendor/{name}", vendor, ["GET"])


@router.get("/")
async def lab(request: Request) -> Response:
    return await _own(request, "lab")


@router.get("/train")
async def train(request: Request) -> Response:
    return await _own(request, "train")


@router.get("/join")
async def join(request: Request) -> Response:
    return await _own(request, "join")


@router.get("/docs")
async def docs(request: Request) -> Response:
    return await _own(request, "api_docs")


@router.get("/api")
async def api() -> Response:
    return RedirectResponse("docs")  # beside it, under whatever prefix


async def _own(request: Request, page: str) -> Response:
    site = pages(request)
    return await answer(request, site, page, site.own[page])


@router.get("/favicon.ico")
async def favicon(request: Request) -> Response:
    icon = request.app.state.pages.assets.files["favicon.svg"]
    response: Response = await icon.response(request, REVALIDATE)
    return response
