"""The lessons' pages, a teacher's own lesson, and the QR code of a page."""

from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse

from unrolled.app.addresses import ABOVE, HERE
from unrolled.app.classroom import Missing, course, has_worksheet, routes, worksheet
from unrolled.app.i18n.catalog import DEFAULT, catalog, translator
from unrolled.app.i18n.negotiation import language_of
from unrolled.app.lessons import Lesson, LessonError, Shelf, minutes, rendered, shelf, translations
from unrolled.app.lessons.library import QUIZ
from unrolled.app.lessons.markdown import line
from unrolled.app.lessons.schema import OWN, PARTS
from unrolled.app.lessons.trained import UntrainedError
from unrolled.app.lessons.uploads import opened
from unrolled.app.routes.answers import AddressesAnswer, LessonAnswer
from unrolled.app.routes.models import LESSON
from unrolled.app.settings import Settings
from unrolled.app.web.bodies import answered, body_of, problems, read, sent
from unrolled.app.web.origins import Base, own_address
from unrolled.app.web.qr import page_address, picture, reachable
from unrolled.app.web.site import Pages, Values, answer, pages
from unrolled.app.web.workers import Runs

router = APIRouter()


@router.get("/lessons", include_in_schema=False)
async def list_of_lessons(request: Request) -> Response:
    return await _page(request, "lessons")


@router.get("/lessons/{slug}", include_in_schema=False)
async def lesson(request: Request, slug: str) -> Response:
    return await _page(request, "lesson", slug, ABOVE)


@router.get("/lessons/{slug}/notes", include_in_schema=False)
async def notes(request: Request, slug: str) -> Response:
    return await _page(request, "presenter", slug, 2 * ABOVE)


@router.get("/lessons/{slug}/worksheet", include_in_schema=False)
async def sheet(request: Request, slug: str) -> Response:
    return await _sheet(request, "worksheet", slug)


@router.get("/lessons/{slug}/key", include_in_schema=False)
async def key(request: Request, slug: str) -> Response:
    return await _sheet(request, "key", slug)


PROGRESS = ("course.seen", "course.answered", "course.done", "language.gap")
"""What the script of the list says."""


async def _sheet(request: Request, page: str, slug: str) -> Response:
    site, lessons, folder = pages(request), _shelf(request), request.app.state.settings.lessons
    if slug not in lessons or not has_worksheet(slug, folder):
        raise HTTPException(404)

    def values(language: str) -> dict[str, Any]:
        about: dict[str, Any] = {"lesson": lessons.get(slug, language), "key": page == "key"}
        try:
            about["sheet"] = worksheet(slug, language, folder)
        except UntrainedError as error:
            about["missing"] = Missing.of(error, slug)
        return _place(language) | about

    return await answer(request, site, page, values, slug, 2 * ABOVE)


def _place(language: str) -> dict[str, Any]:
    query = "" if language == DEFAULT else f"?lang={language}"
    return {"here": "lessons", "query": query}


async def _page(request: Request, page: str, slug: str = "", up: str = HERE) -> Response:
    site, lessons = pages(request), _shelf(request)
    if slug not in ("", OWN) and slug not in lessons:
        raise HTTPException(404)

    def of(slug: str, up: str) -> Values:
        return lambda language: _values(site, lessons, slug, language, up)

    async def ahead() -> None:
        """Render all lessons now: the first page of each takes longer than the next."""
        for each in lessons.all(DEFAULT):
            with suppress(LessonError):
                language, words = language_of(request), of(each.slug, ABOVE)
                await site.get("lesson", language, words, each.slug, ABOVE)

    response = await answer(request, site, page, of(slug, up), slug, up)
    if not request.app.state.settings.reload:
        site.begin(ahead())
    return response


def _shelf(request: Request) -> Shelf:
    state = request.app.state
    if state.settings.reload:
        shelf.cache_clear()
        state.shelf = shelf(state.settings.lessons)
    found: Shelf = state.shelf
    return found


def _values(site: Pages, lessons: Shelf, slug: str, language: str, up: str) -> dict[str, Any]:
    values = _place(language)
    if not slug:
        listed, folder = lessons.all(language), site.settings.lessons
        said = catalog(language)
        sheets = [each.slug for each in listed if has_worksheet(each.slug, folder)]
        return values | {
            "lessons": listed,
            "minutes": minutes,
            "sheets": sheets,
            "sources": dict.fromkeys(line(each) for found in listed for each in found.sources),
            "routes": routes(lessons, language),
            "config": {"catalog": {key: said[key] for key in PROGRESS}},
            "quiz": QUIZ in lessons and lessons.get(QUIZ, language),
        }
    found = None if slug == OWN else lessons.get(slug, language)
    others = lessons.others(slug, language) if found else []
    config = site.config(language, up) | {
        "lesson": found and rendered(found),
        "translations": translations(found, others) if found else {},
        "check": f"{up}api/lesson",
        "train": {"url": f"{up}api/train", "most": site.settings.message_bytes},
        "parts": PARTS,
        "course": course(lessons, language),
    }
    following = lessons.next(slug, language) if found else None
    return values | {
        "config": config,
        "lesson": found,
        "following": following,
        "is_quiz": slug == QUIZ,
        "has_sheet": has_worksheet(slug, site.settings.lessons),
    }


@router.post(
    "/api/lesson",
    summary="Check a lesson of your own",
    openapi_extra=body_of(LESSON),
    responses=problems(413, 422, 503) | answered("The lesson", LessonAnswer),
)
async def own(request: Request) -> Response:
    """Return the lesson as the page shows it, its texts as HTML; 422 names an error in the file."""
    settings: Settings = request.app.state.settings
    runs: Runs = request.app.state.runs
    text = await read(request, settings.message_bytes)
    async with runs.answer_slot(request):
        return JSONResponse(await runs.answer(_opened, text, settings))


def _opened(text: bytes, settings: Settings) -> dict[str, Any]:
    found: Lesson = opened(text, settings)
    return rendered(found)


@router.get(
    "/api/addresses",
    summary="Where other devices find this lab",
    responses=problems(409, 422),
    response_model=AddressesAnswer,
)
def addresses(request: Request, base: Base = "") -> dict[str, list[str]]:
    """Return the lab's addresses, the most likely first, with the prefix of a proxy."""
    return {"addresses": reachable(own_address(request, base), request.app.state.settings)}


@router.get(
    "/api/qr",
    summary="The QR code of a page",
    response_class=Response,
    responses=problems(409, 413, 422) | sent("The picture", "image/svg+xml"),
)
def qr(
    request: Request,
    path: Annotated[str, Query(description="A page of this lab.")] = "/",
    base: Base = "",
    host: Annotated[str, Query(description="One of `/api/addresses`; the first.")] = "",
) -> Response:
    """Return the QR code of a page, at an address that other devices can reach."""
    address = page_address(own_address(request, base), path, request.app.state.settings, host)
    title = translator(language_of(request))("qr.title", address=address)
    headers = {"Cache-Control": "no-store", "Content-Location": address}
    return Response(picture(address, title), media_type="image/svg+xml", headers=headers)
