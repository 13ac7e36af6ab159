"""The lessons' pages, a teacher's own lesson, and the QR code of a page."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse

from app.assets import Asset
from app.catalog import DEFAULT, translator
from app.language import language_of
from app.lessons import Lesson, Shelf, rendered
from app.lessons.files import OWN, opened
from app.lessons.lesson import PARTS
from app.lessons.rendering import Keep
from app.messages import MessageError
from app.pages import Pages, answer, pages
from app.qr import page_address, picture
from app.requests import PROBLEMS, body_of, read, refusal
from app.runs import Runs
from app.schema import LESSON
from app.settings import Settings

router = APIRouter()


class LessonPages:
    """Pages of lessons, each made when it is first asked for."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str, str], Asset] = {}

    async def get(self, request: Request, page: str, slug: str) -> Asset:
        language, site = language_of(request), pages(request)
        key = (page, slug, language)
        if key not in self._made or request.app.state.settings.reload:
            runs: Runs = request.app.state.runs
            keep = request.app.state.checkpoints.hold
            self._made[key] = await runs.answer(
                _made, site, shelf(request), keep, page, slug, language
            )
        return self._made[key]


def shelf(request: Request) -> Shelf:
    state = request.app.state
    if state.settings.reload:
        state.shelf = Shelf(state.settings.lessons)
    found: Shelf = state.shelf
    return found


def _made(site: Pages, lessons: Shelf, keep: Keep, page: str, slug: str, language: str) -> Asset:
    query = "" if language == DEFAULT else f"?lang={language}"
    values: dict[str, Any] = {"here": "lessons", "query": query}
    if page == "lessons":
        return site.render(page, language, lessons=lessons.all(language), **values)
    found = None if slug == OWN else lessons.get(slug, language)
    after = lessons.next(slug, language) if found else None
    config = site.config(language) | {
        "lesson": found and rendered(found, keep),
        "check": "/api/lesson",
        "qr": "/api/qr",
        "parts": PARTS,
    }
    return site.render(
        page,
        language,
        **values,
        config=config,
        lesson=found,
        following=after,
    )


@router.get("/lessons", include_in_schema=False)
async def list_of_lessons(request: Request) -> Response:
    return await answer(request, await request.app.state.lessons.get(request, "lessons", ""))


@router.get("/lessons/{slug}", include_in_schema=False)
async def lesson(request: Request, slug: str) -> Response:
    return await _page(request, "lesson", slug)


@router.get("/lessons/{slug}/notes", include_in_schema=False)
async def notes(request: Request, slug: str) -> Response:
    return await _page(request, "notes", slug)


async def _page(request: Request, page: str, slug: str) -> Response:
    if slug != OWN and slug not in shelf(request):
        raise HTTPException(404)
    return await answer(request, await request.app.state.lessons.get(request, page, slug))


@router.post(
    "/api/lesson",
    summary="Check a lesson of your own",
    openapi_extra=body_of(LESSON),
    responses=PROBLEMS,
)
async def own(request: Request) -> Response:
    """The lesson as the page shows it, its words as HTML; 422 says what is wrong in the file."""
    settings: Settings = request.app.state.settings
    runs: Runs = request.app.state.runs
    try:
        text = await read(request, settings.message_bytes)
        async with runs.answer_slot():
            return JSONResponse(await runs.answer(_opened, text, settings))
    except MessageError as error:
        return refusal(error)


def _opened(text: bytes, settings: Settings) -> dict[str, Any]:
    found: Lesson = opened(text, settings)
    return rendered(found)


@router.get(
    "/api/qr",
    summary="The QR code of a page",
    responses=PROBLEMS
    | {
        200: {"content": {"image/svg+xml": {}}},
        409: {"description": "No other device can reach this server"},
    },
)
def qr(
    request: Request, path: Annotated[str, Query(description="A page of this lab.")] = "/"
) -> Response:
    """On the address at which other devices of the local network reach this server."""
    try:
        address = page_address(str(request.base_url), path, request.app.state.settings)
    except MessageError as error:
        return refusal(error)
    title = translator(language_of(request))("qr.title", address=address)
    headers = {"Cache-Control": "no-store", "Content-Location": address}
    return Response(picture(address, title), media_type="image/svg+xml", headers=headers)
