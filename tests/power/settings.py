"""The site's database as production has it; CARELESS=1 takes the advice that is often given for speed."""

from config.settings.test import *  # noqa: F403
from config.settings.test import DATABASES, env

if env.bool("CARELESS", default=False) and "init_command" in DATABASES["default"].get("OPTIONS", {}):
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=NORMAL")
