"""Packages: a questionnaire and the responses to it, made elsewhere. See docs/packages.md."""
