"""Where accidents happened: place texts read, points of one datum, one accident counted once."""
