"""Demonstration content: invented figures and evident placeholders, no invented persons, labelled on every page."""
