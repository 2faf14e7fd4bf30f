"""Pages as values: a module declares its lists, records, steps and forms, and ``urls()`` turns them into addresses."""

from anlan.ui.pages.acts import ActPage, FormPage, StepPage
from anlan.ui.pages.base import ENDPOINTS, PAGES, Endpoint, Page, actor_of, urls
from anlan.ui.pages.data import CustomPage, DataPage, ViewPage
from anlan.ui.pages.lists import ListPage
from anlan.ui.pages.records import RecordPage
from anlan.ui.pages.values import Action, BulkAct, Empty, Export, Item, Section, Tab

__all__ = [
    "ENDPOINTS",
    "PAGES",
    "ActPage",
    "Action",
    "BulkAct",
    "CustomPage",
    "DataPage",
    "Empty",
    "Endpoint",
    "Export",
    "FormPage",
    "Item",
    "ListPage",
    "Page",
    "RecordPage",
    "Section",
    "StepPage",
    "Tab",
    "ViewPage",
    "actor_of",
    "urls",
]
