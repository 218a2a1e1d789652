"""Where accidents recur: a surface of density, the discs that hold most of it, and how sure each of them is. Arrays in metres."""

from pipelines.stats.hotspots.alignment import Aligned, align
from pipelines.stats.hotspots.cover import Sites, sites
from pipelines.stats.hotspots.density import Accidents, Surface, surface
from pipelines.stats.hotspots.judgement import Evidence, evidence, site_of
from pipelines.stats.hotspots.years import Forecast, forecast, since

__all__ = [
    "Accidents", "Aligned", "Evidence", "Forecast", "Sites", "Surface", "align", "evidence", "forecast", "since",
    "site_of", "sites", "surface",
]
