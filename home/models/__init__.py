"""The pages, one concept a module."""

from home.models.action import Action, SupportingPartner
from home.models.approval import SecondPerson, Translations
from home.models.consultation import ConsultationPage
from home.models.consultation_index import ConsultationIndexPage
from home.models.event import EventPage, EventTheme
from home.models.event_index import EventsPage
from home.models.home_page import HomePage
from home.models.ideas import IdeasPage
from home.models.indicator import Indicator, IndicatorValue
from home.models.news import NewsPage, NewsTheme
from home.models.news_index import NewsIndexPage
from home.models.partner import Partner
from home.models.partners import PartnersPage
from home.models.plan import PlanPage
from home.models.retention import PersonalData
from home.models.settings import SiteLook
from home.models.standard import StandardPage
from home.models.theme import ThemePage
from home.models.working_group import WorkingGroupMember, WorkingGroupPage

__all__ = [
    "Action",
    "ConsultationIndexPage",
    "ConsultationPage",
    "EventPage",
    "EventTheme",
    "EventsPage",
    "HomePage",
    "IdeasPage",
    "Indicator",
    "IndicatorValue",
    "NewsIndexPage",
    "NewsPage",
    "NewsTheme",
    "Partner",
    "PartnersPage",
    "PersonalData",
    "PlanPage",
    "SecondPerson",
    "SiteLook",
    "StandardPage",
    "SupportingPartner",
    "ThemePage",
    "Translations",
    "WorkingGroupMember",
    "WorkingGroupPage",
]
