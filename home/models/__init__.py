"""The pages, one concept a module."""

from home.models.action import Action, SupportingPartner
from home.models.approval import SecondPerson, Translations
from home.models.consultation import ConsultationPage
from home.models.consultation_index import ConsultationIndexPage
from home.models.home_page import HomePage
from home.models.ideas import IdeasPage
from home.models.indicator import Indicator, IndicatorValue
from home.models.news import NewsPage, NewsTheme
from home.models.news_index import NewsIndexPage
from home.models.partner import Partner
from home.models.plan import PlanPage
from home.models.settings import SiteLook
from home.models.standard import StandardPage
from home.models.theme import ThemePage

__all__ = [
    "Action",
    "ConsultationIndexPage",
    "ConsultationPage",
    "HomePage",
    "IdeasPage",
    "Indicator",
    "IndicatorValue",
    "NewsIndexPage",
    "NewsPage",
    "NewsTheme",
    "Partner",
    "PlanPage",
    "SecondPerson",
    "SiteLook",
    "StandardPage",
    "SupportingPartner",
    "ThemePage",
    "Translations",
]
