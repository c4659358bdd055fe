"""Published indices of a province, as they are reckoned: which part of them costs how many points."""
