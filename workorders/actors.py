"""Who does something: a person with a role, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass

from workorders.errors import NotAllowed
from workorders.words import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the log will name them.

    Attributes:
        id: handle, the id of a row in `person` for people.
        name: name on the screen.
    """

    id: str
    name: str
    role: Role

    def must_change_orders(self) -> None:
        """Raises:
        NotAllowed: a viewer may change nothing.
        """
        if self.role is Role.VIEWER:
            raise NotAllowed(f"{self.name} may look but not change orders; ask an operator, or act as one.")

    def must_manage(self) -> None:
        """Raises:
        NotAllowed: only a manager (or the system) may change policies, people and the register.
        """
        if self.role not in (Role.MANAGER, Role.SYSTEM):
            raise NotAllowed(f"{self.name} may not change policies, people or the register; ask a manager.")


SYSTEM = Actor("system", "Lamplighter", Role.SYSTEM)


def camera_actor(camera_id: str) -> Actor:
    """A camera that verifies or re-opens an order on its own."""
    return Actor(f"camera:{camera_id}", f"Camera {camera_id}", Role.SYSTEM)
