"""Who somebody is, where an identity provider is configured: Streamlit signs them in, this says what they may do.

Streamlit's `[auth]` secrets name the provider. The `[roles]` secrets say who has which role, by a claim or by lists;
whoever neither names has the role that the site's people give to their address. What a role may do is checked in
`workorders`, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from dashboard.language import tr
from workorders.actors import Actor
from workorders.errors import NotAllowed
from workorders.queries.people import PersonRow
from workorders.register.sites import sign_in
from workorders.store import Store
from workorders.words import Role

_ROLES = {
    "viewer": Role.VIEWER, "viewers": Role.VIEWER,
    "operator": Role.OPERATOR, "operators": Role.OPERATOR,
    "manager": Role.MANAGER, "managers": Role.MANAGER,
    "administrator": Role.MANAGER, "administrators": Role.MANAGER,
}  # fmt: skip
"""Names of roles in secrets and claims."""
_RANK = (Role.VIEWER, Role.OPERATOR, Role.MANAGER)


def login_configured() -> bool:
    """Whether an identity provider is configured; without one there is the demo's role picker."""
    return bool(_secrets("auth"))


def signed_in() -> bool:
    """Whether the person of this session has signed in with the provider."""
    return bool(st.user.get("is_logged_in"))


def door() -> None:
    """The page of somebody who has not signed in."""
    st.title("Lamplighter", anchor=False)
    st.markdown(tr("Sign in to see this site."))
    auth = _secrets("auth")
    named = [name for name, section in auth.items() if isinstance(section, Mapping)]
    for provider in named or [""]:
        label = tr("Sign in with {provider}", provider=provider) if provider else tr("Sign in")
        st.button(label, type="primary", icon=":material/login:", key=f"login_{provider}", on_click=st.login,
                  args=(provider,) if provider else ())  # fmt: skip


def person_signed_in(store: Store, known: Mapping[str, PersonRow]) -> Actor:
    """The signed-in person as they act here; they are put among the site's people, so that the log can name them.

    Args:
        known: the site's active people by id.

    Raises:
        NotAllowed: they have not signed in, have no role here, or were switched off.
    """
    if not signed_in():
        raise NotAllowed(tr("You are signed out; sign in again."))
    claims = dict(st.user.to_dict())
    handle = handle_of(claims)
    name = str(claims.get("name") or handle)
    role = role_of(claims, _secrets("roles"))
    person = known.get(handle)
    if person is not None and role in (None, person.role) and person.name == name:
        return Actor(person.id, person.name, person.role)
    if role is None and person is None:
        raise NotAllowed(tr("{name} has no role on this site; an administrator gives one under Settings.", name=handle))
    return sign_in(store, handle, name, role or known[handle].role)


def handle_of(claims: Mapping[str, Any]) -> str:
    """The id of a signed-in person: their address in small letters, or the provider's own id without proof of that."""
    email = str(claims.get("email") or "").strip().lower()
    if "@" in email and claims.get("email_verified") is not False:
        return email
    return f"sub:{claims.get('sub')}"


def role_of(claims: Mapping[str, Any], roles: Mapping[str, Any]) -> Role | None:
    """The highest role that the `[roles]` secrets give: by the claim they name, or by their lists of addresses."""
    found = []
    if name := roles.get("claim"):
        meaning = {str(k).lower(): str(v).lower() for k, v in dict(roles.get("map") or {}).items()}
        for said in _several(claims.get(str(name))):
            value = said.lower()
            found.append(_ROLES.get(meaning.get(value, value)))
    handle = handle_of(claims)
    for title, listed in roles.items():
        if title in _ROLES and handle in {one.lower() for one in _several(listed)}:
            found.append(_ROLES[title])
    return max((role for role in found if role), key=_RANK.index, default=None)


def _several(value: Any) -> Iterable[str]:
    if value is None:
        return ()
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _secrets(section: str) -> dict[str, Any]:
    try:
        found = st.secrets.get(section)
    except FileNotFoundError:
        return {}
    return dict(found or {})
