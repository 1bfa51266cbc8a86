"""Small pictures of many orders: the close up where there is one, nothing where files are gone."""

from __future__ import annotations

from sqlalchemy import select

from tests.workorders.fakes import ScriptedEyes, add_camera, failing_light, light
from workorders.inspection import run_inspection
from workorders.queries.evidence import small_pictures
from workorders.schema import Evidence
from workorders.store import Store
from workorders.words import EvidenceKind


def test_the_close_up_is_taken_else_the_whole_picture_else_nothing(store: Store) -> None:
    add_camera(store, assets=[light("L-1")])
    run_inspection(store, "clip.mp4", "cam-1", ScriptedEyes(lambda view: failing_light()))
    with store.read() as session:
        paths = {e.kind: store.evidence / e.path for e in session.scalars(select(Evidence))}

    assert small_pictures(store, [1, 99]) == {1: paths[EvidenceKind.CROP].resolve()}
    paths[EvidenceKind.CROP].unlink()
    assert small_pictures(store, [1]) == {1: paths[EvidenceKind.ANNOTATED].resolve()}
    for kind in (EvidenceKind.ANNOTATED, EvidenceKind.CLEAN):
        paths[kind].unlink()
    assert small_pictures(store, [1]) == {}
    assert small_pictures(store, []) == {}
