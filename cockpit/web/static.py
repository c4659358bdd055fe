"""Files the pages fetch: the map's land and areas, from the profile or as imported."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from cockpit.boot import Cockpit
from cockpit.profiles import imported

CACHE = {"Cache-Control": "public, max-age=60"}


def routes(cockpit: Cockpit) -> list[BaseRoute]:
    """`/assets/land.json` and `/assets/areas.json`: GeoJSON in WGS84."""

    def land(_: Request) -> Response:
        return FileResponse(cockpit.profile.land_path, media_type="application/geo+json", headers=CACHE)

    def areas(_request: Request) -> Response:
        path, _ = imported.areas(cockpit.config.data_dir, cockpit.profile)
        return FileResponse(path, media_type="application/geo+json", headers=CACHE)

    return [Route("/assets/land.json", land), Route("/assets/areas.json", areas)]
