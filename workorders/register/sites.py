"""The site and the people and teams that act on it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from workorders.actors import Actor
from workorders.clock import zone
from workorders.errors import NotAllowed, NotFound
from workorders.schema import Person, Site, Team
from workorders.store import Store
from workorders.words import Role


def current_site(session: Session) -> Site:
    """The site of this store.

    Raises:
        NotFound: the store was never prepared.
    """
    site = session.scalars(select(Site).order_by(Site.id).limit(1)).first()
    if site is None:
        raise NotFound("This database has no site.")
    return site


def update_site(store: Store, actor: Actor, name: str, time_zone: str, is_demo: bool | None = None) -> None:
    """Change the site's name and zone.

    Raises:
        NotAllowed: the actor is no manager, or the name is empty.
        LamplighterError: no such time zone.
    """
    actor.must_manage()
    zone(time_zone)
    if not name.strip():
        raise NotAllowed("A site needs a name.")
    with store.write() as work:
        site = current_site(work.session)
        site.name, site.time_zone = name.strip(), time_zone
        if is_demo is not None:
            site.is_demo = is_demo
        work.commit()


def set_language(store: Store, actor: Actor, language: str | None) -> None:
    """Set the language of whoever does not choose one; None for the browser's.

    Raises:
        NotAllowed: the actor is no manager.
    """
    actor.must_manage()
    with store.write() as work:
        current_site(work.session).language = language
        work.commit()


def set_retention(store: Store, actor: Actor, days: int | None, gigabytes: float | None) -> None:
    """Set how long, and how much, evidence of ended orders is kept; None for no limit. Workers see to it hourly.

    Raises:
        NotAllowed: the actor is no manager, or a limit is not positive.
    """
    actor.must_manage()
    if (days is not None and days < 1) or (gigabytes is not None and gigabytes <= 0):
        raise NotAllowed(
            "Evidence is kept for at least a day and takes more than nothing; leave a limit empty for none."
        )
    with store.write() as work:
        site = current_site(work.session)
        site.evidence_days, site.evidence_gb = days, gigabytes
        work.commit()


def set_tiles(store: Store, actor: Actor, url: str, credit: str) -> None:
    """Name the server of the map's tiles, and whose they are; an empty address for none.

    Raises:
        NotAllowed: the actor is no manager, or the address is none of a tile server.
    """
    actor.must_manage()
    url = url.strip()
    if url and not (url.startswith(("https://", "http://")) and all(part in url for part in ("{z}", "{x}", "{y}"))):
        raise NotAllowed("A tile address begins with https:// or http:// and holds {z}, {x} and {y}.")
    with store.write() as work:
        site = current_site(work.session)
        site.tile_url, site.tile_credit = url or None, credit.strip() or None
        work.commit()


def actor_of(store: Store, person_id: str) -> Actor:
    """The person of an id, ready to act.

    Raises:
        NotFound: nobody of this id is active.
    """
    with store.read() as session:
        person = session.get(Person, person_id)
        if person is None or not person.active:
            raise NotFound(f"There is nobody '{person_id}' who may act; add them under people.")
        return Actor(person.id, person.name, person.role)


def sign_in(store: Store, person_id: str, name: str, role: Role) -> Actor:
    """Put somebody whom an identity provider vouches for among the people, as the provider and the site know them.

    Raises:
        NotAllowed: they were switched off here, or the role is the system's.
    """
    if role is Role.SYSTEM:
        raise NotAllowed("Nobody signs in as the system.")
    with store.write() as work:
        person = work.session.get(Person, person_id)
        if person is not None and not person.active:
            raise NotAllowed(f"{person_id} was switched off on this site; ask an administrator.")
        if person is None:
            work.session.add(Person(id=person_id, name=name, role=role, team_id=None, active=True))
        elif (person.name, person.role) == (name, role):
            return Actor(person_id, name, role)
        else:
            person.name, person.role = name, role
        work.commit()
    return Actor(person_id, name, role)


def save_team(store: Store, actor: Actor, team_id: str, name: str) -> None:
    """Add a team, or rename it.

    Raises:
        NotAllowed: the actor is no manager.
    """
    actor.must_manage()
    with store.write() as work:
        work.session.merge(Team(id=team_id.strip(), name=name.strip() or team_id))
        work.commit()


def save_person(
    store: Store, actor: Actor, person_id: str, name: str, role: Role, team_id: str | None = None, active: bool = True
) -> None:
    """Add a person, or change them. Nobody is deleted: the log names them for ever.

    Raises:
        NotAllowed: the actor is no manager, or the role is the system's.
        NotFound: no such team.
    """
    actor.must_manage()
    if role is Role.SYSTEM or not person_id.strip():
        raise NotAllowed("A person needs an id and the role viewer, operator or manager.")
    with store.write() as work:
        if team_id is not None and work.session.get(Team, team_id) is None:
            raise NotFound(f"There is no team '{team_id}'.")
        work.session.merge(Person(id=person_id.strip(), name=name.strip(), role=role, team_id=team_id, active=active))
        work.commit()
