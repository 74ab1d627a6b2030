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

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home barq && install -d -o barq /drop
COPY --from=build /opt/barq /opt/barq
ENV PATH=/opt/barq/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    BARQ_HOME=/tmp/barq BARQ_DROP_FOLDER=/drop BARQ_HOST=0.0.0.0 BARQ_PORT=8000
USER barq
ENTRYPOINT ["barq"]
CMD ["--help"]
