"""The sidebar: which site this is, who is looking, and whether anything works in the background."""

from __future__ import annotations

import streamlit as st

from dashboard import identity, language
from dashboard.language import tr, trn
from dashboard.settings import POLL_S
from dashboard.situation import ACTING_AS, Here, here, may_act, open_site
from dashboard.times import ago
from dashboard.words import ROLE_TITLES, literal, short
from workorders.queries.jobs import workers


def sidebar() -> None:
    """Fill the sidebar."""
    top = st.sidebar.container()
    if identity.login_configured():
        # Before anything that may refuse somebody: they must be able to leave.
        st.sidebar.button(tr("Sign out"), icon=":material/logout:", type="tertiary", key="logout", on_click=st.logout)
    at = here()
    with top:
        st.markdown(
            f"**{literal(short(at.site.name, 80))}**"
            + (f" :violet-badge[{tr('demo site')}]" if at.site.is_demo else "")
        )
        if identity.login_configured():
            st.caption(f"{literal(short(at.actor.name, 60))} ({ROLE_TITLES[at.actor.role].lower()})")
        else:
            _role_picker(at)
        language.picker()
        worker_line()


def _role_picker(at: Here) -> None:
    names = {p.id: f"{p.name} ({ROLE_TITLES[p.role].lower()})" for p in may_act(at.store)}
    st.selectbox(
        tr("Acting as — demo, no login"),
        list(names),
        format_func=lambda handle: names[handle],
        key=ACTING_AS,
        help=tr(
            "There is no login here: whoever opens this page may act as anybody. What each role may do is "
            "checked where orders are kept, not by hiding buttons."
        ),
    )


@st.fragment(run_every=5 * POLL_S)
def worker_line() -> None:
    """One line that says whether a worker runs."""
    store = open_site()
    alive = [worker for worker in workers(store) if worker.alive]
    if alive:
        heard = ago(alive[0].heartbeat_at, store.now())
        running = trn("Worker running, heard {ago}", "{n} workers running, heard {ago}", len(alive), ago=heard)
        st.caption(f":green[●] {running}")
    else:
        told = tr("No worker is running: nothing is inspected until `lamplighter worker` is started")
        st.caption(f":orange[○] {told}")
