# One image; a role is a command. Built in two steps, so that what builds is not in what runs.
FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements/main.txt requirements/main.in requirements/
RUN python3 -m venv /opt/barq \
 && /opt/barq/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r requirements/main.txt
COPY pyproject.toml README.md LICENSE ./
COPY services services
COPY shared shared
RUN /opt/barq/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

# with Celery's own monitor beside it, for who asks for that: docker compose --profile flower up
FROM build AS build-flower
COPY requirements/flower.txt requirements/
RUN /opt/barq/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r requirements/flower.txt

FROM python:3.13-slim AS wire
RUN useradd --system --uid 10001 --no-create-home barq && install -d -o barq /drop
COPY --from=build /opt/barq /opt/barq
ENV PATH=/opt/barq/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    BARQ_HOME=/tmp/barq BARQ_DROP_FOLDER=/drop BARQ_HOST=0.0.0.0 BARQ_PORT=8000
USER barq
ENTRYPOINT ["barq"]
CMD ["--help"]

FROM wire AS flower
COPY --from=build-flower /opt/barq /opt/barq
ENTRYPOINT ["celery", "-A", "shared.queue.celery_app", "flower"]
CMD []

# the last one is what `docker build` makes
FROM wire
