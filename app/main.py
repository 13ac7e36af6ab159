"""The application, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app import api, charts, pages, stream, teaching, train
from app.addresses import OneAddress
from app.checkpoints import Checkpoints
from app.failures import Failures, absent, misread
from app.foreign import OwnPages
from app.heads import Heads
from app.hosts import KnownHosts
from app.lessons import shelf
from app.memory import InPieces
from app.origins import Sparing
from app.proxied import Proxied
from app.requests import REFUSED, refusal
from app.runs import Runs
from app.security import SecurityHeaders
from app.settings import Settings
from app.trainings import Trainings


def create_app(settings: Settings | None = None) -> FastAPI:
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.runs = Runs(chosen)
        app.state.pages.begin(app.state.pages.prepare())
        yield
        app.state.pages.close()
        app.state.runs.close()

    app = FastAPI(
        title="unrolled",
        version=version("unrolled"),
        description="Forward and backward passes of recurrent networks, one timestep at a time.",
        docs_url=None,
        redoc_url=None,
        servers=[{"url": "."}],  # from the description itself
        root_path_in_servers=False,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.settings = chosen
    app.state.refused = Sparing()
    app.state.checkpoints = Checkpoints(chosen.checkpoint_bytes)
    app.state.trainings = Trainings(chosen)
    app.state.pages = pages.Pages(chosen)
    app.state.shelf = shelf(chosen.lessons)
    app.add_middleware(Failures)
    app.add_middleware(Heads)
    app.add_middleware(OneAddress)
    app.add_middleware(InPieces)
    app.add_middleware(OwnPages, settings=chosen)
    app.add_middleware(KnownHosts, settings=chosen)
    app.add_middleware(SecurityHeaders, frames=chosen.frame_ancestors)
    app.add_middleware(Proxied, settings=chosen)
    for refused in REFUSED:
        app.add_exception_handler(refused, refusal)
    app.add_exception_handler(HTTPException, absent)
    app.add_exception_handler(RequestValidationError, misread)
    for module in (pages, teaching, api, charts, stream, train):
        app.include_router(module.router)
    return app
