"""Ulster-Scots as written in Northern Ireland."""
