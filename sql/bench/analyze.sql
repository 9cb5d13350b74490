-- What the server sees to by itself within a minute: statistics of what was just filled.
analyze;
