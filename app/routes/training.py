"""The WebSocket of a training run: a chunk of work, its frames, and the page's next command.

A client that does not read holds up its own run: the next chunk waits until the last has gone. One
that leaves has its run wait for it; so where no socket opens, each POST trains for a moment.
"""

from functools import partial

from fastapi import APIRouter, Request, Response, WebSocket
from fastapi.responses import JSONResponse

from unrolled.app.relay.relay import follow, moment
from unrolled.app.routes.answers import CheckpointAnswer, KeptAnswer
from unrolled.app.routes.models import TRAINING
from unrolled.app.routes.own_answers import OwnNetworkAnswer
from unrolled.app.runs.frames import MEDIA_TYPE, Error
from unrolled.app.runs.limits import within
from unrolled.app.settings import Settings
from unrolled.app.training.checkpoint_store import Checkpoints
from unrolled.app.training.commands import Orders
from unrolled.app.training.trainer import Refused
from unrolled.app.web.bodies import RUN_PROBLEMS, answered, body_of, problems, read, sent
from unrolled.app.web.clients import client_of
from unrolled.app.web.websocket import accepted_socket, send
from unrolled.app.weights.own import described
from unrolled.engine import Checkpoint
from unrolled.engine.validation import quote
from unrolled.engine.weights.own_network import OwnNetwork

router = APIRouter()


@router.get(
    "/api/checkpoint",
    summary="A trained network",
    responses=problems(404, 422) | answered("The network", CheckpointAnswer, OwnNetworkAnswer),
)
def checkpoint(request: Request, name: str) -> Response:
    """Return how a network was trained, and the experiment that opens it in the lab.

    Not the text of its examples: a link to a network hands out no more than the network.
    """
    checkpoints: Checkpoints = request.app.state.checkpoints
    kept = checkpoints.get(name)
    own = {"experiment": kept.experiment().named() | {"checkpoint": name}}
    about = described(kept) if isinstance(kept, OwnNetwork) else {}
    return JSONResponse(kept.told() | about | own)


@router.post(
    "/api/checkpoint",
    summary="Open a trained network",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
    responses=problems(413, 422, 503) | answered("The network's name", KeptAnswer),
)
async def opened(request: Request, name: str = "file") -> Response:
    """Return the `name` by which experiments use the network of a file of `unrolled train`.

    Messages call the file `name`. The network is kept as those of training runs are: until others
    need the room.
    """
    state = request.app.state
    settings: Settings = state.settings
    with state.runs.memory.growing() as more:
        content = await read(request, settings.checkpoint_file_bytes, more)
        async with state.runs.answer_slot(request):
            kept = await state.runs.answer(_kept, content, name, state.checkpoints, settings)
    return JSONResponse({"name": kept})


def _kept(content: bytes, name: str, checkpoints: Checkpoints, settings: Settings) -> str:
    """Keep the network of a file that this server can compute, and return its name here."""
    checkpoint = Checkpoint.read(content, quote(name))
    within(checkpoint.experiment(), settings)
    run = checkpoints.name()
    checkpoints.keep(run, checkpoint)
    return f"{run}-{checkpoint.step}"


@router.websocket("/api/train")
async def train(socket: WebSocket) -> None:
    async def refused(number: int | None, problem: Refused) -> None:
        await send(socket, Error.of(number, problem).encode())

    state = socket.app.state
    async with accepted_socket(socket, Orders(state.processes.have)) as orders:
        await follow(state, client_of(socket), orders, partial(send, socket), refused)
        await socket.close()  # unless it has left: the process that has its run has ended


@router.post(
    "/api/train",
    summary="Train for a moment",
    openapi_extra=body_of(TRAINING),
    response_class=Response,
    responses=RUN_PROBLEMS | sent("Frames, one after another: see docs/protocol.md", MEDIA_TYPE),
)
async def posted(request: Request) -> Response:
    """Train for a moment, and return frames one after another, like those of `/api/stream`.

    A run begins with `train`; its `begin` frame tells the `key` by which the next message goes on
    with it. Between two messages it waits, for as long as the server keeps it. What is wrong with
    a message is JSON, unless it trained before it failed.
    """
    state = request.app.state
    text = (await read(request, state.settings.message_bytes)).decode(errors="replace")
    return Response(await moment(state, client_of(request), text), media_type=MEDIA_TYPE)
