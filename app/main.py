"""The application, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from app import api, charts, pages, stream, teaching, train
from app.checkpoints import Checkpoints
from app.lessons import Shelf
from app.runs import Runs
from app.security import SecurityHeaders
from app.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.runs = Runs(chosen)
        compressing = asyncio.create_task(_compress(app.state.pages))
        yield
        compressing.cancel()
        app.state.runs.close()

    app = FastAPI(
        title="unrolled",
        version=version("unrolled"),
        description="Forward and backward passes of recurrent networks, one timestep at a time.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.settings = chosen
    app.state.checkpoints = Checkpoints(chosen.checkpoint_bytes)
    app.state.pages = pages.Pages(chosen)
    app.state.shelf = Shelf(chosen.lessons)
    app.state.lessons = teaching.LessonPages()
    app.add_middleware(SecurityHeaders)
    for module in (pages, teaching, api, charts, stream, train):
        app.include_router(module.router)
    return app


async def _compress(site: pages.Pages) -> None:
    """In a thread beside the first requests, and no longer than the server runs."""
    for asset in site.served():
        await asyncio.to_thread(asset.compress)
