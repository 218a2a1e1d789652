"""What is known of every unit that a list could name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Facts:
    """Arrays over enterprises, in the order of their numbers: the columns of candidate.sql, floats with NaN for unknown.

    words   enterprise_id -> the plan words that it falls under
    served  enterprise_id -> when and by what it was served within the policy's years
    """

    table: pa.Table
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    served: Mapping[str, str] = field(default_factory=dict)

    def number(self, name: str) -> np.ndarray:
        return pc.cast(self.table[name], pa.float64()).to_numpy(zero_copy_only=False)

    def flag(self, name: str) -> np.ndarray:
        return self.table[name].to_numpy(zero_copy_only=False).astype(bool)

    @cached_property
    def ids(self) -> np.ndarray:
        return self.table["enterprise_id"].to_numpy(zero_copy_only=False).astype(str)

    def codes(self, name: str) -> np.ndarray:
        """Whole numbers that stand for the texts of a column; -1 = unknown."""
        encoded = pc.dictionary_encode(self.table[name].combine_chunks())
        return pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)

    def are(self, enterprises: set[str]) -> np.ndarray:
        """Which enterprises are among those named."""
        return np.isin(self.ids, np.array(sorted(enterprises), dtype=str))

    @cached_property
    def region(self) -> tuple[np.ndarray, np.ndarray]:
        """The list regions, sorted, and each enterprise's index among them."""
        names, index = np.unique(self.table["region_code"].to_numpy(zero_copy_only=False).astype(str), return_inverse=True)
        return names, index
