"""The boundary and the roads of the city that settings name (`area`, `roads`): GeoJSON files.

Belongs here: reading them strictly. Whether a point lies inside is stats/extent.py.
"""

import json
from pathlib import Path

import numpy as np


class BoundaryError(Exception):
    """A file that settings name cannot be used; the message says what is wrong and what may stand there."""


def lines(path: Path | None, setting: str) -> list[np.ndarray]:
    """The lines and rings of a file that a setting names, to be drawn on a map, shape (n, 2) each; none without a path.

    Raises BoundaryError.
    """
    if path is None:
        return []
    where = f"settings.toml 的 {setting}：{path.name}"
    try:
        return [np.array(line, float)[:, :2] for line in _lines(_said(path, where))]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise BoundaryError(f"{where} 的坐标不成线；应为 GeoJSON 的 LineString 或 Polygon，WGS84 经纬度") from None


def read(path: Path | None) -> list[np.ndarray] | None:
    """The rings of all polygons, shape (n, 2) each: longitude, latitude of WGS-84 (local metres in a city of local metres).

    None without a path. Raises BoundaryError.
    """
    if path is None:
        return None
    where = f"settings.toml 的 area：{path.name}"
    said = _said(path, where)
    try:
        rings = [np.array(ring, float)[:, :2] for polygon in _polygons(said) for ring in polygon]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise BoundaryError(f"{where} 的坐标不成多边形；应为 GeoJSON 的 Polygon 或 MultiPolygon，WGS84 经纬度") from None
    if not rings or any(len(ring) < 4 for ring in rings):
        raise BoundaryError(f"{where} 中没有多边形；应有 Polygon 或 MultiPolygon，每环至少四点")
    return rings


def _said(path: Path, where: str):
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BoundaryError(f"{where} 打不开（{type(error).__name__}）；路径相对于数据文件夹") from None
    except ValueError:
        raise BoundaryError(f"{where} 不是有效的 GeoJSON") from None


def _lines(said: dict) -> list:
    """The lines and rings of a geometry, a feature or a collection of either."""
    kind = said["type"]
    if kind == "LineString":
        return [said["coordinates"]]
    if kind in ("MultiLineString", "Polygon"):
        return list(said["coordinates"])
    if kind == "MultiPolygon":
        return [ring for polygon in said["coordinates"] for ring in polygon]
    if kind == "Feature":
        return _lines(said["geometry"])
    return [line for part in said.get("features", said.get("geometries", [])) for line in _lines(part)]


def _polygons(said: dict) -> list:
    """The polygons of a geometry, a feature or a collection of either."""
    kind = said["type"]
    if kind == "Polygon":
        return [said["coordinates"]]
    if kind == "MultiPolygon":
        return list(said["coordinates"])
    if kind == "Feature":
        return _polygons(said["geometry"])
    parts = said.get("features", said.get("geometries", []))
    return [polygon for part in parts for polygon in _polygons(part)]
