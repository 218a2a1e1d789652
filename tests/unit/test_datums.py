"""Datums against published points, the way back, and metres about a centre."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.stats import datums

# googollee/eviltransform, python/test.py: longitude, latitude of WGS-84 and of GCJ-02 (Shanghai, Shenzhen, Beijing).
GCJ02 = [((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
         ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
         ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069))]
# hujiulong/gcoord, test/fixtures/china-cities.json, from map services: WGS-84, GCJ-02, BD-09 of 驻马店, 邵阳, 酒泉, 沈阳, 钦州.
CITIES = [((114.0164322, 33.0133556), (114.022306, 33.0115324), (114.0287781, 33.0176697)),
          ((111.4622119, 27.242124), (111.4677938, 27.2388981), (111.4742271, 27.2451662)),
          ((98.4937175, 39.7319946), (98.4943595, 39.7328234), (98.5008441, 39.7388949)),
          ((123.4253306, 41.8032629), (123.4314787, 41.8057023), (123.438095, 41.8114013)),
          ((108.6503952, 21.9828281), (108.6541485, 21.9799392), (108.6607283, 21.9856319))]
METRE = 1e-5
DEGREES = st.tuples(st.floats(73, 135), st.floats(3, 54))


@pytest.mark.parametrize(("wgs84", "gcj02"), GCJ02)
def test_gcj02_is_as_published(wgs84, gcj02):
    assert datums.gcj02_of_wgs84(*wgs84) == pytest.approx(gcj02, abs=1e-11)
    assert datums.wgs84_of_gcj02(*gcj02) == pytest.approx(wgs84, abs=1e-10)


@pytest.mark.parametrize(("wgs84", "gcj02", "bd09"), CITIES)
def test_cities_are_where_map_services_have_them(wgs84, gcj02, bd09):
    assert datums.gcj02_of_wgs84(*wgs84) == pytest.approx(gcj02, abs=METRE)
    assert datums.bd09_of_gcj02(*gcj02) == pytest.approx(bd09, abs=1e-7)
    assert datums.wgs84_of("BD09", *bd09) == pytest.approx(wgs84, abs=METRE)


def test_one_point_as_coordtransform_prints_it():
    # wandergis/coordtransform, test/app.js.
    assert datums.gcj02_of_wgs84(116.404, 39.915) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-11)
    assert datums.bd09_of_gcj02(116.404, 39.915) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-11)


@given(DEGREES)
def test_the_way_back_is_exact(place):
    assert datums.wgs84_of_gcj02(*datums.gcj02_of_wgs84(*place)) == pytest.approx(place, abs=1e-9)
    assert datums.gcj02_of_bd09(*datums.bd09_of_gcj02(*place)) == pytest.approx(place, abs=1e-9)


@pytest.mark.parametrize(("wgs84", "gcj02", "bd09"), CITIES)
def test_what_a_wrong_datum_costs_is_hundreds_of_metres(wgs84, gcj02, bd09):
    about = datums.Projection(*wgs84)
    assert 100 < np.hypot(*about.metres(*gcj02)) < 700 < np.hypot(*about.metres(*bd09)) < 2000


def test_outside_china_and_other_datums_nothing_changes():
    for change in (datums.gcj02_of_wgs84, datums.wgs84_of_gcj02, datums.bd09_of_gcj02, datums.gcj02_of_bd09):
        assert change(2.17, 41.38) == (2.17, 41.38)
    for name in ("WGS84", "CGCS2000"):
        assert datums.wgs84_of(name, 111.7, 29.0) == (111.7, 29.0)
    with pytest.raises(KeyError):
        datums.wgs84_of("LOCAL-METRES", 1.0, 2.0)


def test_what_is_unknown_stays_so_beside_what_is_known():
    lon, lat = datums.wgs84_of("BD09", [np.nan, 114.0287781], [29.0, 33.0176697])
    assert np.isnan(lon[0]) and lon[1] == pytest.approx(114.0164322, abs=METRE)
    assert datums.gcj02_of_wgs84([], [])[0].size == 0


def test_metres_for_degrees_are_refused_with_a_hint():
    with pytest.raises(datums.DatumError, match=r"2 处坐标.*\(429000.0, 433000.0\).*LOCAL-METRES"):
        datums.wgs84_of("WGS84", [111.0, 429000.0, 1.0], [29.0, 433000.0, 91.0])


@pytest.mark.parametrize(("lat", "east", "north"), [(0, 111.320, 110.574), (30, 96.486, 110.852), (45, 78.847, 111.132),
                                                    (60, 55.800, 111.412)])
def test_lengths_of_a_degree_are_those_of_the_tables(lat, east, north):
    """Kilometres as printed in Wikipedia, "Latitude" and "Longitude"."""
    assert [metres / 1000 for metres in datums.degree_lengths(lat)] == pytest.approx([east, north], abs=0.0006)


def test_metres_and_back():
    about = datums.Projection(111.7, 29.0)
    x, y = about.metres([111.7, 111.8], [29.0, 29.1])
    assert (x[0], y[0]) == (0, 0) and (x[1], y[1]) == pytest.approx(tuple(0.1 * part for part in datums.degree_lengths(29.0)))
    assert np.allclose(about.degrees(x, y), ([111.7, 111.8], [29.0, 29.1]), atol=1e-12)


def test_the_error_of_scale_is_as_stated():
    """100 km to the north a degree of longitude is shorter than at the centre by 1.6 % × tan(latitude)."""
    there, here = datums.degree_lengths(29 + 100_000 / datums.degree_lengths(29)[1])[0], datums.degree_lengths(29)[0]
    assert 1 - there / here == pytest.approx(0.0157 * np.tan(np.radians(29)), rel=0.02)
