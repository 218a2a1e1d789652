"""A made-up city, written as the exports that a bureau would drop, with the truth kept apart.

The city (Changde by default) follows the published shares and rates in `pipelines/tables/calib_*.csv`. Everything is
drawn from streams that are keyed by seed, part and month, so a longer simulation never changes an earlier folder.
No person, enterprise, number or text in it is real.
"""
from pipelines.simulate.deliveries import write_city

__all__ = ["write_city"]
