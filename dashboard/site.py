"""The store this dashboard looks at, the site's zone, and who is looking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard.settings import read_settings
from workorders.actors import Actor
from workorders.clock import zone
from workorders.queries.people import SiteRow, people, site
from workorders.register.sites import actor_of
from workorders.store import Store, open_store
from workorders.words import Role

ACTING_AS = "acting_as"
"""Key of the chosen person in the session's state."""


@dataclass(frozen=True, slots=True)
class Here:
    """What every page needs to know: the store, the site and who is looking, at one moment."""

    store: Store
    site: SiteRow
    zone: ZoneInfo
    actor: Actor
    now: datetime


@st.cache_resource(show_spinner=False, max_entries=4)
def _opened(url: str | None, files: str | None) -> Store:
    return open_store(url, files)


def open_site() -> Store:
    """The store that the environment names, opened once for this process.

    Raises:
        StoreError: it cannot be opened, or is newer than this version.
    """
    settings = read_settings()
    return _opened(settings.database_url, str(settings.files) if settings.files else None)


def here() -> Here:
    """The present situation.

    Raises:
        LamplighterError: the store cannot be opened, or nobody may look at it.
    """
    store = open_site()
    found = site(store)
    return Here(store, found, zone(found.time_zone), acting(store), store.now())


def acting(store: Store) -> Actor:
    """The person chosen in the role picker; an operator to begin with.

    The store is asked each time: somebody who was made a viewer a minute ago must not act on an old page.
    """
    may_act = [person for person in people(store) if person.role is not Role.SYSTEM]
    chosen = st.session_state.get(ACTING_AS)
    if chosen not in {person.id for person in may_act}:
        operators = [person.id for person in may_act if person.role is Role.OPERATOR]
        chosen = (operators or [person.id for person in may_act])[0]
        st.session_state[ACTING_AS] = chosen
    return actor_of(store, chosen)
