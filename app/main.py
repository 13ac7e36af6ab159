"""The FastAPI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from unrolled import __version__
from unrolled.app.addresses import OneAddress
from unrolled.app.lessons import shelf
from unrolled.app.lessons.networks import NETWORKS, network
from unrolled.app.middleware.cross_site import OwnPages
from unrolled.app.middleware.failures import Failures, absent, misread
from unrolled.app.middleware.head_requests import Heads
from unrolled.app.middleware.host_names import KnownHosts
from unrolled.app.middleware.long_bodies import InPieces
from unrolled.app.middleware.proxies import Proxied
from unrolled.app.middleware.security_headers import SecurityHeaders
from unrolled.app.relay import relay
from unrolled.app.rooms.registry import Rooms
from unrolled.app.rooms.runs import shared_run
from unrolled.app.rooms.store import EmbeddedStore, Store
from unrolled.app.routes import (
    analysis,
    lab,
    lessons,
    networks,
    pages,
    rooms,
    stream,
    training,
    weights,
)
from unrolled.app.routes.models import SCHEMAS
from unrolled.app.settings import Settings
from unrolled.app.training.checkpoint_store import Checkpoints
from unrolled.app.training.processes import Processes
from unrolled.app.training.registry import Trainings
from unrolled.app.training.shared_networks import SharedNetworks
from unrolled.app.training.watched import watched
from unrolled.app.web.bodies import ANYWHERE, REFUSED, refusal
from unrolled.app.web.origins import Sparing
from unrolled.app.web.site import Pages
from unrolled.app.web.workers import Runs


class DescribedApi(FastAPI):
    """An application whose OpenAPI document includes the schemas of its requests."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        document["components"]["schemas"].update(SCHEMAS)
        return document


def create_app(settings: Settings | None = None) -> FastAPI:
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.runs = Runs(chosen)
        run = partial(shared_run, app.state)
        processes: Processes = app.state.processes
        await processes.serve(partial(relay.answer, app.state))
        watch = partial(watched, app.state.trainings, processes)
        app.state.rooms = Rooms(chosen, _store(chosen), run, watch)
        if chosen.prepare:
            app.state.pages.begin(app.state.pages.prepare())
        yield
        await app.state.rooms.close()
        await processes.close()
        app.state.pages.close()
        app.state.runs.close()

    app = DescribedApi(
        title="unrolled",
        version=__version__,
        description="Forward and backward passes of recurrent networks, one timestep at a time.",
        docs_url=None,
        redoc_url=None,
        servers=[{"url": "."}],  # from the description itself
        root_path_in_servers=False,
        redirect_slashes=False,
        responses=ANYWHERE,
        lifespan=lifespan,
    )
    _keep(app, chosen)
    _add_middleware(app, chosen)
    _add_refusals(app)
    for module in (pages, lessons, lab, analysis, stream, training, rooms, weights, networks):
        app.include_router(module.router)
    return app


def _keep(app: FastAPI, chosen: Settings) -> None:
    """Give the application what its routes share."""
    app.state.settings = chosen
    app.state.refused = Sparing()
    app.state.processes = Processes(chosen.checkpoint_folder, chosen.message_bytes)
    app.state.checkpoints = Checkpoints(
        chosen.checkpoint_bytes,
        _shared(chosen),
        app.state.processes.own,
        chosen.network_keep,
    )
    for name in NETWORKS:
        app.state.checkpoints.hold(network(name))
    app.state.trainings = Trainings(chosen)
    app.state.pages = Pages(chosen)
    app.state.shelf = shelf(chosen.lessons)


def _store(chosen: Settings) -> Store:
    """Return where the rooms are kept."""
    if chosen.redis is None:
        return EmbeddedStore()
    from unrolled.app.rooms.redis_store import RedisStore

    return RedisStore(chosen.redis)


def _shared(chosen: Settings) -> SharedNetworks | None:
    """Return the trained networks of all processes, if there are several."""
    folder = chosen.checkpoint_folder
    return SharedNetworks(folder, chosen.checkpoint_bytes) if folder else None


def _add_refusals(app: FastAPI) -> None:
    for refused in REFUSED:
        app.add_exception_handler(refused, refusal)
    app.add_exception_handler(HTTPException, absent)
    app.add_exception_handler(RequestValidationError, misread)


def _add_middleware(app: FastAPI, chosen: Settings) -> None:
    """Add the middleware; the last added sees a request first."""
    app.add_middleware(Failures)
    app.add_middleware(Heads)
    app.add_middleware(OneAddress)
    app.add_middleware(InPieces)
    app.add_middleware(OwnPages, settings=chosen)
    app.add_middleware(KnownHosts, settings=chosen)
    app.add_middleware(SecurityHeaders, frames=chosen.frame_ancestors)
    app.add_middleware(Proxied, settings=chosen)
