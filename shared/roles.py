"""Every role of the wire and the command that runs it. docker-compose.yml and the embedded supervisor both follow this table.

Web roles are ASGI apps behind one origin; `PATHS` says which role answers which path. The embedded wire dispatches by it
in one process, the proxy's configuration repeats it, and a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.pipeline import Lane, services


@dataclass(frozen=True, kw_only=True)
class Role:
    """A process that can be started on its own, as often as needed."""

    name: str
    command: tuple[str, ...]  #: the arguments of `barq`
    is_relieved: bool = False  #: when it takes long at something, does another take its place? Not where that loads a model again


class Body(StrEnum):
    """How large a body the paths of an app take."""

    FORM = "form"  #: settings and short texts
    DOCUMENT = "document"  #: texts of stories, from whoever shows a key; a form from everybody else
    STREAM = "stream"  #: the app looks at keys and counts by itself, while it comes


@dataclass(frozen=True, kw_only=True)
class WebApp:
    """An ASGI app of a service, and the paths that it answers. `*` stands for one part of a path."""

    role: str
    app: str  #: `package.module:name`, loaded by name so that services stay apart
    paths: tuple[str, ...]
    asks_who: bool = True  #: does it ask for the address and scheme that a proxy in front of it saw?
    body: Body = Body.FORM
    key: str = ""  #: the role of the key that it needs; looked at before a body is read
    cookie: str = ""  #: of its screens, where a session may stand for the key, and who has none may sign in


WEB_APPS: tuple[WebApp, ...] = (
    WebApp(
        role="newsroom",
        app="services.translation.app:app",
        paths=("/v1/stories/*/editions/*", "/v1/translations", "/v1/terms"),
        body=Body.DOCUMENT,
        key="newsroom",
    ),
    WebApp(
        role="newsroom",
        app="services.enrichment.routes:app",
        paths=("/v1/about", "/v1/stories/*/about", "/v1/models", "/v1/models/*"),
        body=Body.DOCUMENT,
        key="newsroom",
    ),
    WebApp(role="newsroom", app="services.rendering.routes:app", paths=("/v1/preview",), body=Body.DOCUMENT, key="newsroom"),
    WebApp(role="newsroom", app="services.delivery.receipts.routes:app", paths=("/v1/stories/*/receipt",)),
    WebApp(role="newsroom", app="services.ingest.routes:app", paths=("/v1/items", "/v1/items/*"), body=Body.STREAM),
    WebApp(
        role="newsroom",
        app="services.ingest.routes:upkeep",
        paths=("/v1/sources", "/v1/sources/*", "/v1/quarantine", "/v1/quarantine/*", "/v1/reprocess"),
        key="newsroom",
    ),
    WebApp(
        role="newsroom", app="services.comments.moderation.routes:app", paths=("/v1/comments", "/v1/comments/*"), key="newsroom"
    ),
    WebApp(
        role="newsroom",
        app="services.desk.app:app",
        paths=("/desk", "/desk/*"),
        body=Body.DOCUMENT,
        key="newsroom",
        cookie="barq_desk",
    ),
    WebApp(role="monitor", app="services.monitor.routes:app", paths=("/ops", "/ops/*", "/metrics", "/readyz")),
    WebApp(role="edge", app="services.delivery.webhooks.routes:app", paths=("/v1/webhooks", "/v1/webhooks/*"), key="subscriber"),
    WebApp(role="edge", app="services.delivery.webhooks.page:app", paths=("/subscriber", "/subscriber/*")),
    WebApp(role="edge", app="services.delivery.hub.routes:app", paths=("/hub",)),
    WebApp(role="edge", app="services.comments.routes:app", paths=("/*/stories/*/comments",)),
    WebApp(role="edge", app="services.edge.app:app", paths=("/*",), asks_who=False),
)

WEB_ROLES = tuple(dict.fromkeys(web.role for web in WEB_APPS))

#: services whose work waits for other people's servers, by the process that does it in the embedded wire: kept apart so that
#: they never hold up the wire itself, nor each other: an engine that hangs must not keep a kill from subscribers
_WAITING = {"translator": ("translation",), "courier": ("delivery",), "collector": ("ingest",)}

#: services whose workers may write for as long as web may: what a source brings is taken in whole
TAKES_IN = {"ingest"}

_OWN_SERVICES = tuple(
    service for service in services() if service not in {service for waiting in _WAITING.values() for service in waiting}
)


def _services(*names: str) -> tuple[str, ...]:
    return tuple(part for service in names for part in ("--service", service))


#: takes the express lane of the wire's own services and nothing else, so that a kill waits for no chunk of regular copy, however
#: slow, and for no piece of it that sticks. The others take express work too: it may be in hand here when more comes
_EXPRESS = ("--lane", Lane.EXPRESS.value, *_services(*_OWN_SERVICES))

ROLES: tuple[Role, ...] = (
    *(Role(name=service, command=("worker", *_services(service))) for service in services()),
    Role(name="express", command=("worker", *_EXPRESS)),
    Role(name="pulse", command=("pulse",)),
    *(Role(name=role, command=("web", "--role", role)) for role in WEB_ROLES),
)


def _worker(name: str, *arguments: str, is_relieved: bool = False) -> Role:
    return Role(name=name, command=("worker", "--name", name, *arguments), is_relieved=is_relieved)


#: the same services in few processes, for a laptop: two that do all of the wire's own work, one that keeps the express lane free,
#: and those that wait for others
EMBEDDED_ROLES: tuple[Role, ...] = (
    *(_worker(f"wire-{n}", *_services(*_OWN_SERVICES), is_relieved=True) for n in (1, 2)),
    _worker("express", *_EXPRESS, is_relieved=True),
    *(_worker(name, *_services(*waiting)) for name, waiting in _WAITING.items()),
    Role(name="pulse", command=("pulse",)),
    Role(name="web", command=("web", *(part for role in WEB_ROLES for part in ("--role", role)))),
)
