"""Which points lie outside a city: outside its boundary, or far beyond where its accidents are.

Belongs here: distances and polygons in a plane.
"""

import numpy as np

WITHIN, TIMES, LEAST_POINTS = 0.9, 3.0, 20


def robust_reach(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """Centre (medians) and the distance beyond which a point is outside: three times that within which 90 % of the points lie.

    The 90 % radius stands as long as fewer than a tenth of the points are strays. Fewer than 20 points: infinite.

    >>> robust_reach(np.arange(-50.0, 51), np.zeros(101))
    (0.0, 0.0, 135.0)
    """
    if not len(x):
        return 0.0, 0.0, np.inf
    middle_x, middle_y = float(np.median(x)), float(np.median(y))
    away = np.sort(np.hypot(x - middle_x, y - middle_y))
    reach = TIMES * away[int(np.ceil(WITHIN * len(away))) - 1] if len(away) >= LEAST_POINTS else np.inf
    return middle_x, middle_y, float(reach)


def is_inside(x: np.ndarray, y: np.ndarray, rings: list[np.ndarray]) -> np.ndarray:
    """Whether points lie in an area by the even-odd rule: rings of shape (n, 2), of outer borders and of holes alike.

    A point on the border may be either.

    >>> is_inside(np.array([0.5, 2.0]), np.array([0.5, 0.5]), [np.array([[0, 0], [1, 0], [1, 1], [0, 1]])]).tolist()
    [True, False]
    """
    inside = np.zeros(np.shape(x), bool)
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            crosses = (y1 > y) != (y2 > y)
            with np.errstate(divide="ignore", invalid="ignore"):
                inside ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return inside
