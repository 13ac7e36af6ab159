# Another day: docker buildx imagetools inspect python:3.13-slim-trixie
FROM python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build

WORKDIR /src

COPY requirements-build.lock ./
RUN pip install --require-hashes --requirement requirements-build.lock

COPY pyproject.toml README.md LICENSE ./
COPY app app/
COPY engine engine/
COPY unrolled unrolled/
COPY static static/
COPY templates templates/
RUN hatchling build --target wheel --directory /wheel

FROM python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

ENV HOST=0.0.0.0 PORT=8000 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1

RUN useradd --system --no-create-home unrolled

COPY requirements.lock ./
RUN --mount=type=cache,target=/root/.cache/pip \
    pip install --require-hashes --requirement requirements.lock

COPY --from=build /wheel /wheel
RUN pip install --no-deps /wheel/*.whl

USER unrolled
EXPOSE 8000
HEALTHCHECK --start-period=20s --timeout=5s CMD ["python", "-c", \
    "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/readyz', timeout=4)"]
CMD ["unrolled", "serve"]
