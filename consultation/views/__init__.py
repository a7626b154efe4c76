"""Views: access, then domain, then render."""
