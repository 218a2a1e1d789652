"""All tables, and which of them a month publishes."""

from collections.abc import Mapping

from pipelines.contracts import (
    commuters,
    commuting,
    core,
    dossiers,
    evaluation,
    groups,
    lists,
    marts,
    outlook,
    plan,
    public,
    records,
    tracking,
)
from pipelines.contracts.model import Table

MARTS = (*marts.MARTS, *outlook.OUTLOOK, *lists.LISTS, *groups.GROUPS, *evaluation.EVALUATION,
         *tracking.TRACKING, *commuting.COMMUTING, *commuters.COMMUTERS, *plan.PLAN, *dossiers.DOSSIERS,
         *public.PUBLISHABLE)
# Counts that other marts are made of.
UNPUBLISHED = (marts.ENTERPRISE_PERIOD, outlook.ENTERPRISE_HISTORY, tracking.TIMED_CLAIM)
# What a month publishes: everything a reader needs, nothing that stands on a person.
PUBLIC = (core.SOURCE_RECONCILIATION, core.REJECTED_ROW, core.DOUBTFUL_ROW, core.NARRATIVE_CODING,
          records.REFERENCE_RECONCILIATION, records.TOTAL_RECONCILIATION,
          *(table for table in MARTS if table not in UNPUBLISHED))
CORE = (*core.CORE, *records.RECORDS, commuting.LOCATED_ACCIDENT)
CONTRACTS: Mapping[str, Table] = {table.name: table for table in (*CORE, *MARTS)}
