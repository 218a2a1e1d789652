"""Statistics: arrays in, named results out. No contract, path, SQL or clock."""
