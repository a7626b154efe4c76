"""Whether the site is well, in words: what there is, how it is, and what to do. Read by a page and a command."""
