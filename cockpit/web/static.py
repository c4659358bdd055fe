"""Files the pages fetch: the map's land and areas, from the profile or as imported."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from cockpit.config import Config
from cockpit.parts import Parts
from cockpit.profiles import imported
from cockpit.web.api_guard import answer

CACHE = {"Cache-Control": "public, max-age=60"}
OWN_CACHE = {"Cache-Control": "private, max-age=60"}


def routes(cockpit: Parts) -> list[BaseRoute]:
    """`/assets/land.json` and `/assets/areas.json`: GeoJSON in WGS84."""

    def land(_: Request) -> Response:
        return FileResponse(cockpit.profile.land_path, media_type="application/geo+json", headers=CACHE)

    def areas(request: Request) -> Response:
        path, version = imported.areas(cockpit.config.data_dir, cockpit.profile)
        if version and _by_address_alone(cockpit.config) and request.query_params.get("v") != version:
            return answer({"error": {"code": "no_right", "reason": "sign in first"}}, 403)
        return FileResponse(path, media_type="application/geo+json", headers=OWN_CACHE)

    return [Route("/assets/land.json", land), Route("/assets/areas.json", areas)]


def _by_address_alone(config: Config) -> bool:
    """Whether only the pages know who asks, as where a provider signs people in: then imported boundaries are
    for those to whom a page has told their full address."""
    return config.exposed and not config.open_pages and config.mode == "serve" and not config.trusted_header
