"""The languages of the site, and what Django has to be told of those it does not know."""

from django.conf.locale import LANG_INFO

LANGUAGES = [
    ("en", "English"),
    ("ga", "Gaeilge"),
    ("sco-ulster", "Ulstèr-Scotch"),
    ("pl", "Polski"),
]

# Pages can be in these languages, but the site's own words are not translated into them: around the questions a form
# speaks the other language, and says which words are in which.
INTERFACE_LANGUAGES = {"sco-ulster": "en"}

LANG_INFO.setdefault(
    "sco-ulster",
    {"bidi": False, "code": "sco-ulster", "name": "Ulster-Scots", "name_local": "Ulstèr-Scotch"},
)
