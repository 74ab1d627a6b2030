"""Translation's web app: the translators' desk and the glossary."""

from __future__ import annotations

from fastapi import FastAPI

from services.translation.glossary import routes as glossary_routes
from services.translation.people import routes as people_routes
from shared.web.problems import answer_problems

app = FastAPI(title="Barq translation", docs_url=None, redoc_url=None)
answer_problems(app)
app.include_router(people_routes.router)
app.include_router(glossary_routes.router)
