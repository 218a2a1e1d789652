"""The sites for a GIS: points with what is known of each, no accident.

Belongs here: the form of the file. The sites are the mart commuting_hotspot; maps to look at are reports/board.
"""

import json
from collections.abc import Mapping, Sequence

from pipelines.contracts.commuting import COMMUTING_HOTSPOT
from pipelines.places.points import LOCAL

LEFT_OUT = ("lon", "lat", "x_m", "y_m", "datum")


def geojson(sites: Sequence[Mapping], marks: Sequence[str]) -> str:
    """The sites as points (RFC 7946: WGS-84) with their columns; local metres are said to be such."""
    features = [{
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [round(site["lon"], 7), round(site["lat"], 7)]},
        "properties": {name: site[name] for name in COMMUTING_HOTSPOT.names if name not in LEFT_OUT},
    } for site in sites]
    said = {"type": "FeatureCollection", "name": COMMUTING_HOTSPOT.name, "marks": list(marks), "features": features}
    if sites and sites[0]["datum"] == LOCAL:
        said["datum"] = LOCAL
    return json.dumps(said, ensure_ascii=False, indent=1, default=float) + "\n"
