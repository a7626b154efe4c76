"""Irish as written in Northern Ireland."""
