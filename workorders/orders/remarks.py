"""Comments and attachments under an order."""

from __future__ import annotations

import mimetypes
import re

from workorders.actors import Actor
from workorders.errors import NotAllowed
from workorders.evidence.files import save_bytes
from workorders.orders.desk import load_order
from workorders.schema import Attachment, Comment
from workorders.store import Store
from workorders.words import Event

LARGEST_ATTACHMENT = 25 * 2**20
LONGEST_COMMENT = 4_000
_PERMITTED = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".pdf", ".txt", ".csv", ".mp4", ".heic"}


def comment(store: Store, actor: Actor, order_id: int, text: str) -> int:
    """Write under an order; returns the comment's id.

    Raises:
        NotFound: no such order.
        NotAllowed: a viewer, or an empty or overlong text.
    """
    actor.must_change_orders()
    text = text.strip()
    if not text:
        raise NotAllowed("A comment needs a text.")
    if len(text) > LONGEST_COMMENT:
        raise NotAllowed(f"A comment may have {LONGEST_COMMENT:,} characters; this one has {len(text):,}.")
    with store.write() as work:
        order = load_order(work.session, order_id)
        row = Comment(order_id=order_id, at=store.now(), actor_id=actor.id, actor_name=actor.name, text=text)
        work.session.add(row)
        order.record(Event.COMMENTED, actor, store.now())
        work.commit()
        return row.id


def attach(store: Store, actor: Actor, order_id: int, name: str, content: bytes) -> int:
    """Keep a file under an order, as a photograph of the repair; returns the attachment's id.

    Raises:
        NotFound: no such order.
        NotAllowed: a viewer, an empty or too large file, or one of a kind that is not kept.
    """
    actor.must_change_orders()
    name = re.sub(r"[^\w.\- ()]", "_", name.replace("\\", "/").rsplit("/", 1)[-1])[-120:]
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if suffix not in _PERMITTED:
        raise NotAllowed(f"'{name}' is not kept; attachments are {', '.join(sorted(s[1:] for s in _PERMITTED))}.")
    if not content or len(content) > LARGEST_ATTACHMENT:
        raise NotAllowed(f"'{name}' has {len(content):,} bytes; attachments have 1 to {LARGEST_ATTACHMENT:,}.")
    with store.read() as session:
        load_order(session, order_id)
    saved = save_bytes(store.attachments, f"{order_id:06d}", suffix, content)
    with store.write() as work:
        order = load_order(work.session, order_id)
        row = Attachment(
            order_id=order_id,
            at=store.now(),
            actor_id=actor.id,
            actor_name=actor.name,
            name=name,
            media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            path=saved.path,
            sha256=saved.sha256,
            size=saved.size,
        )
        work.session.add(row)
        order.record(Event.ATTACHED, actor, store.now(), detail={"name": name})
        work.commit()
        return row.id
