"""What the site is measured against: wagtail.contrib.forms as its own guide sets it up, in the same frame."""
