"""pyarrow without pandas, whose import takes longer than to receive most files.

Belongs here: what pyarrow imports of itself. Whoever wants DataFrames imports pandas, as marts.py does.
"""

import sys

import pyarrow as pa


class _NoPandas:
    """Finds no pandas, as if it were not installed."""

    @staticmethod
    def find_spec(name: str, path=None, target=None) -> None:
        """Raises ModuleNotFoundError for pandas; leaves everything else to others."""
        if name == "pandas":
            raise ModuleNotFoundError(name)


def spare_pandas() -> None:
    """Lets pyarrow settle that there is no pandas, which it would import to tell whether its first list is a Series.

    Does nothing where pandas has been imported. to_pandas and from_pandas look for it anew.
    """
    if "pandas" in sys.modules:
        return
    sys.meta_path.insert(0, _NoPandas)
    try:
        pa.array([""])
    finally:
        sys.meta_path.remove(_NoPandas)
