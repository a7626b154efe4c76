"""English as written in Northern Ireland."""
