"""The project's wiring: settings, addresses, server entry."""
