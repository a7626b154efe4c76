"""The languages of the site, and what Django has to be told of those it does not know."""

from django.conf.locale import LANG_INFO

# Pages can be in any of these once an administrator has added it under Settings, Locales; the first four are there.
LANGUAGES = [
    ("en", "English"),
    ("ga", "Gaeilge"),
    ("sco-ulster", "Ulstèr-Scotch"),
    ("pl", "Polski"),
    ("lt", "Lietuvių"),
    ("pt", "Português"),
    ("tet", "Tetun"),
]

# Pages can be in these languages, but the site's own words are not translated into them: around the questions a form
# speaks the other language, and says which words are in which.
INTERFACE_LANGUAGES = dict.fromkeys(["sco-ulster", "lt", "pt", "tet"], "en")

LANG_INFO.setdefault(
    "sco-ulster",
    {"bidi": False, "code": "sco-ulster", "name": "Ulster-Scots", "name_local": "Ulstèr-Scotch"},
)
LANG_INFO.setdefault("tet", {"bidi": False, "code": "tet", "name": "Tetum", "name_local": "Tetun"})
