"""Policies: one TOML file per city plan, read strictly; who may enter a list, in which order, within which limits.

Belongs here: what a policy may say (model), how its file is read (reading, entries), what it means in words (words) and in SQL
(tables). How its rules are applied is pipelines/targeting.
"""

from pipelines.policy.model import Criterion, Groups, Hotspots, Limits, ListRule, Outreach, Policy, Rate
from pipelines.policy.reading import FOLDER, PolicyError, load, names
from pipelines.policy.tables import clause_table, definition_table, rule_table
from pipelines.policy.words import PlanWord, entry, pay_ratio_definition, plan_words, rate_definition

__all__ = [
    "FOLDER", "Criterion", "Groups", "Hotspots", "Limits", "ListRule", "Outreach", "PlanWord", "Policy", "PolicyError", "Rate",
    "clause_table", "definition_table", "entry", "load", "names", "pay_ratio_definition", "plan_words",
    "rate_definition", "rule_table",
]
