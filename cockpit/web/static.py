"""Files the pages fetch: the map's areas, from the profile or as imported, what lies around them, and the
drawing of both."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from cockpit.config import Config
from cockpit.parts import Parts
from cockpit.profiles import imported
from cockpit.ui import province
from cockpit.web.api_guard import refusal

CACHE = {"Cache-Control": "public, max-age=60"}
OWN_CACHE = {"Cache-Control": "private, max-age=60"}
OWN_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}
"""For what has its digest in its address."""


def routes(cockpit: Parts) -> list[BaseRoute]:
    """GeoJSON in WGS84, `/assets/areas.json` and `/assets/surroundings.json`, and the drawing of the province
    as SVG, `/assets/province.svg`."""
    profile = cockpit.profile

    def surroundings(_: Request) -> Response:
        if not profile.surroundings_path.is_file():
            return refusal(404, "no_such_path", "the profile has no surroundings")
        return FileResponse(profile.surroundings_path, media_type="application/geo+json", headers=CACHE)

    def areas(request: Request) -> Response:
        path, version = imported.areas(cockpit.config.data_dir, profile)
        if version and _by_address_alone(cockpit.config) and request.query_params.get("v") != version:
            return refusal(403, "no_right", "sign in first")
        return FileResponse(path, media_type="application/geo+json", headers=OWN_CACHE)

    def drawing(request: Request) -> Response:
        asked = request.query_params
        room, language = asked.get("room", "wide"), "en" if asked.get("lang") == "en" else "vi"
        if room not in province.ROOMS:
            return refusal(404, "no_such_path", f"room is one of {', '.join(province.ROOMS)}")
        made = province.of_profile(profile, cockpit.config.data_dir, language)
        known = asked.get("v") == made.digest
        if not made.own and not known and _by_address_alone(cockpit.config):
            return refusal(403, "no_right", "sign in first")
        headers = OWN_FOR_EVER if known else OWN_CACHE
        return Response(made.pictures[room].bare, media_type="image/svg+xml", headers=headers)

    return [
        Route("/assets/surroundings.json", surroundings),
        Route("/assets/areas.json", areas),
        Route("/assets/province.svg", drawing),
    ]


def _by_address_alone(config: Config) -> bool:
    """Whether only the pages know who asks, as where a provider signs people in: then imported boundaries are
    for those to whom a page has told their full address."""
    return config.exposed and not config.open_pages and config.mode == "serve" and not config.trusted_header
