"""The store this dashboard looks at, the site's zone, and who is looking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import identity
from dashboard.language import tr
from dashboard.settings import read_settings
from detectors.errors import LamplighterError
from workorders.actors import Actor
from workorders.clock import zone
from workorders.errors import NotFound
from workorders.queries.people import PersonRow, SiteRow, people, site
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
    """The present situation; asks the store for one row, and for more only when something changed.

    Raises:
        LamplighterError: the store cannot be opened, or nobody may look at it.
    """
    store = open_site()
    found, _ = _told(store, store.url, store.version())
    return Here(store, found, zone(found.time_zone), acting(store), store.now())


def site_language() -> str | None:
    """The language that the site sets for whoever chooses none; None without one, or while the store cannot be read."""
    try:
        store = open_site()
        return _told(store, store.url, store.version())[0].language
    except LamplighterError:
        return None


def may_act(store: Store) -> tuple[PersonRow, ...]:
    """The people that can be chosen in the role picker."""
    return _told(store, store.url, store.version())[1]


def acting(store: Store) -> Actor:
    """The person who signed in; without an identity provider the one chosen in the role picker, at first an operator.

    The store is asked each time: somebody who was made a viewer a minute ago must not act on an old page.

    Raises:
        NotFound: nobody may act.
        NotAllowed: whoever signed in has no role here.
    """
    known = {person.id: person for person in may_act(store)}
    if identity.login_configured():
        return identity.person_signed_in(store, known)
    if not known:
        raise NotFound(tr("Nobody may act on this site; add a person under Settings, or with the command line."))
    chosen = st.session_state.get(ACTING_AS)
    if chosen not in known:
        chosen = next((p.id for p in known.values() if p.role is Role.OPERATOR), next(iter(known)))
        st.session_state[ACTING_AS] = chosen
    person = known[chosen]
    return Actor(person.id, person.name, person.role)


# Every commit makes the version grow, so what was read at a version stays true for it.
@st.cache_data(max_entries=4, ttl=3600, show_spinner=False)
def _told(_store: Store, url: str, version: int) -> tuple[SiteRow, tuple[PersonRow, ...]]:
    """The site and the people who may act, at a version of the store."""
    return site(_store), tuple(person for person in people(_store) if person.role is not Role.SYSTEM)
