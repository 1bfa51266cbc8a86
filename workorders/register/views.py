"""Saved views: filters of the table of orders that a person gave a name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, select

from workorders.actors import Actor
from workorders.errors import NotAllowed, NotFound
from workorders.schema import Person, SavedView
from workorders.store import Store

LONGEST_NAME = 60
LONGEST_QUERY = 2_000
MOST_VIEWS = 50


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view: its filters are those of the page's address, as in `view=late&priority=P1`."""

    id: int
    name: str
    query: str


def saved_views(store: Store, actor: Actor) -> tuple[ViewRow, ...]:
    """The views of a person, by name."""
    chosen = select(SavedView).where(SavedView.person_id == actor.id).order_by(SavedView.name)
    with store.read() as session:
        return tuple(ViewRow(row.id, row.name, row.query) for row in session.scalars(chosen))


def save_view(store: Store, actor: Actor, name: str, query: str) -> None:
    """Keep filters under a name; the same name again replaces them. Everybody may, viewers too: it is their own.

    Raises:
        NotFound: the actor is nobody of this site.
        NotAllowed: a name that is empty or too long, or too many views.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or len(query) > LONGEST_QUERY:
        raise NotAllowed(f"A view needs a name of at most {LONGEST_NAME} characters.")
    with store.write() as work:
        if work.session.get(Person, actor.id) is None:
            raise NotFound(f"There is nobody '{actor.id}' who could keep a view.")
        mine = SavedView.person_id == actor.id
        row = work.session.scalars(select(SavedView).where(mine, SavedView.name == name)).one_or_none()
        if row is None:
            if (work.session.scalar(select(func.count()).where(mine)) or 0) >= MOST_VIEWS:
                raise NotAllowed(f"{MOST_VIEWS} views are kept at most; delete one first.")
            row = SavedView(person_id=actor.id, name=name, query=query, saved_at=store.now())
            work.session.add(row)
        row.query, row.saved_at = query, store.now()
        work.commit()


def delete_view(store: Store, actor: Actor, view_id: int) -> None:
    """Forget a view of one's own.

    Raises:
        NotFound: the actor has no such view.
    """
    with store.write() as work:
        gone = work.session.execute(
            delete(SavedView).where(SavedView.id == view_id, SavedView.person_id == actor.id).returning(SavedView.id)
        ).all()
        if not gone:
            raise NotFound("This view is gone already.")
        work.commit()
