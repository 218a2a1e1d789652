"""From a policy's programmes and a city's tables to the year's plan: demand, items, budget, checks, choice, changes.

Belongs here: what becomes of programmes with data. What a plan prints is pipelines/policy; how a workbook looks is reports/.
"""
