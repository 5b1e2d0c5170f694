"""Answers and graphs to look at: tables, networks, matrices, maps and charts, each offline and with its sources."""
