"""Which units fall under which of the plans' words, by their industry or by another department's list."""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from pipelines import policy as policies
from pipelines.lazy import Input, Query


def listed_enterprise(enterprise: Input, designation: Input, words: Iterable[str], tree: str) -> Query:
    """enterprise_id and word; `tree` is the classification that the city's codes follow."""
    known = [policies.plan_words()[word] for word in dict.fromkeys(words)]
    industries = [(word.word, code) for word in known for code in word.industries.get(tree, ())]
    lists = [(word.word, name) for word in known for name in word.designations]
    return Query("marts/listed_enterprise.sql", {
        "enterprise": enterprise, "designation": designation,
        "word_industry": pairs("word", "industry", industries), "word_designation": pairs("word", "designation", lists)})


def pairs(first: str, second: str, found: Sequence[tuple[str, str]]) -> pa.Table:
    """A table of two columns of text."""
    one, two = zip(*found, strict=True) if found else ((), ())
    return pa.table({first: pa.array(one, pa.string()), second: pa.array(two, pa.string())})
