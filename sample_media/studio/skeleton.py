"""What a tree is grown from and into: its habit, and the skeleton of its branches (numpy only)."""

from dataclasses import dataclass

import numpy as np

# Branches up to this many times as thick as the thinnest count as tips.
TIPS = 1.1


@dataclass(frozen=True)
class Habit:
    """How a tree grows: sizes in metres; ``buds`` attract branches, which stop ``kill`` short of them."""

    height: float = 8.5
    trunk: float = 2.5
    crown: float = 3.0
    buds: int = 1300
    kill: float = 0.36
    thickness: float = 0.17
    step: float = 0.2
    reach: float = 1.5
    wander: float = 0.12
    leader: float = 0.55
    species: str = "broadleaf"


@dataclass
class Skeleton:
    """Branch nodes: positions (n, 3), parent index (-1 for the root) and radius in metres."""

    at: np.ndarray
    parent: np.ndarray
    radius: np.ndarray

    def thin(self, bar: float) -> np.ndarray:
        """Returns indices of branches of less than ``bar`` metres of radius; the tips are among them, however thick.

        Radii follow from the trunk's, so a tree of few branches has thick tips: they bear leaves as others do.
        """
        return np.nonzero(self.radius < max(bar, TIPS * float(self.radius.min())))[0]
