"""The same city as real bureaus would send it: every known defect at a stated rate, with the truth kept apart.

`catalogue` says which defects there are; `soil`, `rows`, `cells` and `headings` write them into a file's rows, `pages`
lays the rows out, `texts` and `books` write files, `delivery` puts a month together. Reading and judging is ingest's;
nothing here is known to it.
"""
from pipelines.simulate.defects.catalogue import Tally
from pipelines.simulate.defects.delivery import Delivery, Ledger

__all__ = ["Delivery", "Ledger", "Tally"]
