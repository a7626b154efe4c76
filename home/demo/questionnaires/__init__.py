"""The questionnaires of the demonstration, one a module."""

from home.demo.questionnaires.draft_plan import draft_plan
from home.demo.questionnaires.getting_about import getting_about
from home.demo.questionnaires.libraries import libraries
from home.demo.questionnaires.short import play_parks
from home.demo.questionnaires.town_centres import town_centres

__all__ = ["draft_plan", "getting_about", "libraries", "play_parks", "town_centres"]
