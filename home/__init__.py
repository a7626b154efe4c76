"""The pages of the site, and what follows from publishing them."""
