"""Settings of the server, from the environment."""

from typing import Annotated, Literal

from pydantic import AfterValidator, DirectoryPath, Field, IPvAnyNetwork
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = r"(/[^/?#;,\s]+)*"
"""A pattern of what may stand before the addresses of the lab: `/course/rnn`."""
UNREAD_SECONDS = 30.0
"""Seconds for which a client may read nothing of what it is being sent."""
_SOURCE = r"^(\*|https?://(\*\.)?[\w.\[\]:-]+(:\*)?|https?:)$"
"""A pattern of an origin, as a Content-Security-Policy has it."""


def _trimmed(address: str) -> str:
    return address.rstrip("/")


class Settings(BaseSettings):
    """Settings, each an environment variable: `UNROLLED_` and its name in capitals, or an alias."""

    model_config = SettingsConfigDict(
        env_prefix="UNROLLED_",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        populate_by_name=True,
    )

    host: str = Field(
        default="127.0.0.1", validation_alias="HOST", description="Address to serve on."
    )
    port: int = Field(default=8000, validation_alias="PORT", ge=0, le=65535, description="Port.")
    most_tokens: int = Field(default=2000, ge=2, description="Tokens of a sequence, at most.")
    most_hidden_units: int = Field(default=512, ge=1, description="Hidden units, at most.")
    message_bytes: int = Field(default=2**18, ge=1024, description="Bytes of one request, at most.")
    answer_numbers: int = Field(
        default=5_000_000, ge=1000, description="Numbers in one JSON answer, at most."
    )
    runs: int = Field(
        default=32, ge=1, description="Runs under way in all, at most; one a connection."
    )
    run_bytes: int = Field(
        default=2**30, ge=2**20, description="Bytes that all runs under way may take, at most."
    )
    patience: float = Field(default=2.0, ge=0, description="Seconds a run waits for its turn.")
    workers: int = Field(default=1, ge=1, description="Threads that compute.")
    answers: int = Field(
        default=4, ge=1, description="Whole traces under way, at most, each on a further thread."
    )
    analysis_work: int = Field(
        default=200_000_000, ge=1, description="T × n³ of one analysis, at most."
    )
    sweeps: int = Field(
        default=1, ge=1, description="Sweeps under way, at most, each on a further thread."
    )
    sweep_work: int = Field(
        default=20_000_000_000,
        ge=1,
        description="Work of one sweep, at most: K·(H + 32)² a timestep of a network.",
    )
    trainings: int = Field(
        default=24, ge=1, description="Training runs under way in all, at most; one a connection."
    )
    training_workers: int = Field(
        default=1, ge=1, description="Further threads on which training runs take turns."
    )
    training_work: int = Field(
        default=1_000_000_000,
        ge=1,
        description="Work of one training step, at most: B·(K·(H + 32)² + V·(H + 32)) a timestep; "
        "an output that looks at m states has B·(2·(H + 32)² + 3·m·(H + 32)) more, and with the "
        "additive score 90·B·m·H.",
    )
    training_run_bytes: int = Field(
        default=2**30, ge=0, description="Bytes of training runs that have a page, at most."
    )
    training_keep: float = Field(
        default=600,
        ge=0,
        description="Seconds that a training run waits for its page to come back.",
    )
    training_bytes: int = Field(
        default=2**28,
        ge=0,
        description="Bytes of training runs that wait for their pages, at most.",
    )
    checkpoint_bytes: int = Field(
        default=2**28, ge=2**20, description="Bytes of weights kept of training runs, at most."
    )
    checkpoint_folder: DirectoryPath | None = Field(
        default=None,
        description="Folder in which processes share trained networks; several make one meanwhile.",
    )
    checkpoint_file_bytes: int = Field(
        default=2**24, ge=2**10, description="Bytes of a trained network that is opened, at most."
    )
    network_keep: float = Field(
        default=86_400,
        ge=0,
        description="Seconds for which a network is kept after its last use, at most.",
    )
    network_file_bytes: int = Field(
        default=2**26 + 2**22,  # the numbers that such a network may have, in float32, and a head
        ge=2**10,
        description="Bytes of a user's own file of weights, at most.",
    )
    processes: int = Field(
        default=1, ge=1, le=64, description="Processes that serve; several need redis."
    )
    redis: str | None = Field(
        default=None,
        pattern="^(rediss?|unix)://",
        description="Redis that holds the rooms, such as redis://127.0.0.1.",
    )
    rooms: int = Field(default=100, ge=0, description="Classroom rooms at once, at most.")
    room_students: int = Field(default=500, ge=1, description="Students of a room, at most.")
    room_seconds: float = Field(default=5400, gt=0, description="Seconds for which a room lasts.")
    room_messages: int = Field(
        default=40, ge=1, description="Messages a second of one connection to a room, at most."
    )
    room_bytes: int = Field(
        default=2**15, ge=1024, description="Bytes of what a room shows, at most."
    )
    room_tries: int = Field(
        default=60, ge=1, description="Wrong codes of rooms a minute of one client, at most."
    )
    root_path: Annotated[str, AfterValidator(_trimmed)] = Field(
        default="",
        pattern=f"^{PREFIX}/?$",
        description="Where a proxy serves the lab and keeps the prefix, such as /course/rnn.",
    )
    proxies: tuple[Literal["*"] | IPvAnyNetwork, ...] = Field(
        default=(),
        description="Addresses or networks of the proxies whose X-Forwarded headers count.",
    )
    hosts: tuple[str, ...] = Field(
        default=(), description="Further names under which others ask for the lab."
    )
    origins: tuple[str, ...] = Field(
        default=(),
        description="Other hosts or origins whose pages may open the stream, as a JSON list.",
    )
    public_address: Annotated[str, AfterValidator(_trimmed)] | None = Field(
        default=None,
        pattern=f"^https?://[^/?#\\s]+{PREFIX}/?$",
        description="Where others reach the lab, such as https://school.example/course/rnn.",
    )
    frame_ancestors: tuple[Annotated[str, Field(pattern=_SOURCE)], ...] = Field(
        default=(),
        description="Origins whose pages may show the lab in a frame, such as https://school.example.",
    )
    lessons: DirectoryPath | None = Field(
        default=None, description="Folder of the lessons; none for those that come with the lab."
    )
    prepare: bool = Field(
        default=True, description="Render and compress every page as the server starts."
    )
    reload: bool = Field(default=False, description="Read static files anew at each request.")
