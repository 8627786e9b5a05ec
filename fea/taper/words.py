"""What the rooms below say of stem and bone, said of cone and socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fea.progress import Clock

#: What the bodies of the solver's case are called in a joint, the longer words first.
_WORDS = (
    ("stem and bone", "cone and socket"),
    ("bone and stem", "socket and cone"),
    ("stem", "cone"),
    ("bone", "socket"),
    ("press-fit", "assembly"),
    ("corners of the bands, collar open", "ends of the band of friction"),
)


def in_words_of_a_joint(message: str) -> str:
    """Return a sentence of the solver's rooms with the names that the bodies of a joint have."""
    for solver, joint in _WORDS:
        message = message.replace(solver, joint)
    return message


class JointClock(Clock):
    """A clock that tells its phases in the words of a joint."""

    @contextmanager
    def phase(self, name: str, detail: str = "") -> Iterator[None]:
        """Time a phase; phases of the same name add up."""
        with super().phase(in_words_of_a_joint(name), in_words_of_a_joint(detail)):
            yield
