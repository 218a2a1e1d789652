"""一企一档: what is said of the single enterprises that get a programme of their own, and of their like.

Belongs here: which units have a dossier, their years, circumstances and peers, the maintained table of hazards. How a dossier is
worded and looks is in reports/.
"""
