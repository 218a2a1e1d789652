"""Where accidents recur: a surface of density, the discs that hold most of it, and how sure each of them is. Arrays in metres."""
