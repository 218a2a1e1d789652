"""From facts about enterprises to the lists of a policy: who enters, in which order, within which limits, and why.

Belongs here: what joins a policy to the arithmetic of stats/. Which queries are fetched is official_list.py.
"""
