"""The camera's own faults, what must not be taken for one, and views that were nudged."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from detectors.geometry import STILL, Box, Nudge, Region
from detectors.health import Health, HealthCheck
from detectors.health.structure import Structure, find_nudge
from detectors.values import Image, LightState, Presence
from tests.detectors.fakes import frame, noise, scenery
from tests.detectors.scenes import HEIGHT, WIDTH, day, night

D, N = LightState.DAY, LightState.NIGHT
ONSET, LOOKS = 5, 12
LIT = (True, True, True, True)
Spoil = Callable[[Image, int], Image]


def street(second: int) -> Image:
    """A view with enough in it to be told from another: the walk by day, with fronts of houses."""
    picture = day(seed=second)
    houses = np.random.default_rng(11).integers(60, 200, (6, 24, 3)).astype(np.uint8)
    picture[:80] = cv2.resize(houses, (WIDTH, 80), interpolation=cv2.INTER_NEAREST)
    return noise(picture, 1000 + second, 1.0)


def dark_street(second: int) -> Image:
    windows = np.kron(np.random.default_rng(5).integers(0, 2, (6, 40)), np.ones((5, 12))) * 70
    picture = night(LIT, second).astype(np.float32)
    picture[10:40] += windows[:, :WIDTH, None]
    return np.clip(picture, 0, 255).astype(np.uint8)


def laid_over(level: float, share: float) -> Spoil:
    """Something smooth before the lens, from the left."""

    def spoil(picture: Image, second: int) -> Image:
        veil = np.zeros(picture.shape, np.float32)
        veil[:, : round(share * WIDTH)] = 1
        veil = cv2.GaussianBlur(veil, (0, 0), 8)
        return noise(np.clip(picture * (1 - veil) + level * veil, 0, 255).astype(np.uint8), second, 1.5)

    return spoil


def blurred(sigma: float) -> Spoil:
    return lambda picture, second: noise(np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8), second, 1)


def warped(across: float = 0, down: float = 0, degrees: float = 0, zoom: float = 1) -> Spoil:
    """The view shifted by shares of its width and height, turned and zoomed."""
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), degrees, zoom)
    matrix[:, 2] += (across * WIDTH, down * HEIGHT)
    return lambda picture, _: np.asarray(
        cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT), np.uint8
    )


def gradually(second: int) -> float:
    return 0.3 + 0.35 * (second - ONSET)


def softer_and_softer(picture: Image, second: int) -> Image:
    return blurred(gradually(second))(picture, second)


def held(clock: bool = False, codec: float = 0.0) -> Spoil:
    """The same picture again and again, perhaps with a clock that runs on, perhaps newly compressed."""

    def spoil(picture: Image, second: int) -> Image:
        stuck = street(ONSET - 1).copy()
        if clock:
            cv2.putText(stuck, f"12:00:{second:02d}", (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1)
        return noise(stuck, second % 3, codec) if codec else stuck

    return spoil


def elsewhere(picture: Image, second: int) -> Image:
    blocks = np.random.default_rng(77).integers(40, 210, (14, 25, 3)).astype(np.uint8)
    return noise(cv2.resize(blocks, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST), second, 2)


def grainy_cloth(picture: Image, second: int) -> Image:
    """A dark cloth in daylight that is lighter where the view is, before a noisy sensor."""
    through = cv2.GaussianBlur(picture, (0, 0), 20).astype(np.float32) * 0.2 + 12
    return noise(through.astype(np.uint8), second, 35)


def black(picture: Image, second: int) -> Image:
    return np.zeros_like(picture)


def looks(view: Callable[[int], Image], spoil: Spoil, light: LightState = D, onset: int = ONSET) -> list[Health]:
    check = HealthCheck("cam")
    pictures = [view(s) if s < onset else spoil(view(s), s) for s in range(LOOKS)]
    return [check.look(frame(picture, s), light) for s, picture in enumerate(pictures)]


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        pytest.param(laid_over(12, 1.2), "camera_covered", id="a cap on the lens"),
        pytest.param(laid_over(205, 1.2), "camera_covered", id="a bright cloth"),
        pytest.param(laid_over(40, 0.45), "camera_covered", id="sprayed over almost half"),
        pytest.param(laid_over(140, 0.6), "camera_covered", id="a hand over more than half"),
        pytest.param(black, "camera_covered", id="black frames"),
        pytest.param(grainy_cloth, "camera_covered", id="a grainy cloth, lit as the view is"),
        pytest.param(blurred(4), "camera_blurred", id="out of focus"),
        pytest.param(blurred(2), "camera_blurred", id="a little out of focus"),
        pytest.param(softer_and_softer, "camera_blurred", id="losing focus slowly"),
        pytest.param(warped(0.1), "camera_moved", id="knocked aside"),
        pytest.param(warped(0.35, 0.1), "camera_moved", id="turned away"),
        pytest.param(warped(degrees=7), "camera_moved", id="hanging askew"),
        pytest.param(elsewhere, "camera_moved", id="the picture of another camera"),
        pytest.param(held(), "camera_frozen", id="the same picture again and again"),
        pytest.param(held(clock=True), "camera_frozen", id="the same picture, but its clock runs"),
        pytest.param(held(codec=0.2), "camera_frozen", id="the same picture, newly compressed"),
    ],
)
def test_a_fault_is_told_and_no_other(spoil: Spoil, fault: str) -> None:
    last = looks(street, spoil)[-3:]
    assert {h.fault for h in last} == {fault}
    assert {o.issue for h in last for o in h.observations if o.presence is Presence.PRESENT} == {fault}
    others = {o.presence for h in last for o in h.observations if o.issue != fault}
    assert others == {Presence.UNKNOWN}, "with one fault nobody can tell of the others"


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        pytest.param(laid_over(10, 1.2), "camera_covered", id="covered"),
        pytest.param(blurred(4), "camera_blurred", id="out of focus"),
        pytest.param(warped(0.12, 0.05), "camera_moved", id="knocked aside"),
    ],
)
def test_faults_by_night(spoil: Spoil, fault: str) -> None:
    assert {h.fault for h in looks(dark_street, spoil, N)[-3:]} == {fault}


def darker(picture: Image, second: int) -> Image:
    return noise((picture * 0.55).astype(np.uint8), second, 2)


def brighter(picture: Image, second: int) -> Image:
    return np.clip(picture.astype(np.float32) * 1.4, 0, 255).astype(np.uint8)


def clouds(picture: Image, second: int) -> Image:
    across = 1 - 0.35 * np.clip(np.sin(np.linspace(0, 5, WIDTH) - second * 0.6), 0, 1)
    return np.asarray(picture * across[None, :, None], np.uint8)


def fog(picture: Image, second: int) -> Image:
    return noise((picture * 0.5 + 90).astype(np.uint8), second, 1.5)


def rain(picture: Image, second: int) -> Image:
    rng, drops = np.random.default_rng(second), np.zeros(picture.shape[:2], np.float32)
    for x, y in rng.integers(0, (WIDTH, HEIGHT), (200, 2)):
        cv2.line(drops, (int(x), int(y)), (int(x) - 1, int(y) + 12), 50.0, 1)
    return np.clip(picture + drops[..., None], 0, 255).astype(np.uint8)


def lorry(picture: Image, second: int) -> Image:
    passing = picture.copy()
    left = (second - ONSET - 1) * 110
    passing[90:240, max(0, left) : max(0, left + 170)] = (190, 60, 50)
    return passing


def headlights(picture: Image, second: int) -> Image:
    glare = np.zeros(picture.shape[:2], np.float32)
    cv2.circle(glare, (60 * (second - ONSET), 160), 6, 4000.0, -1)
    return np.clip(picture + cv2.GaussianBlur(glare, (0, 0), 20)[..., None], 0, 255).astype(np.uint8)


def grainy(picture: Image, second: int) -> Image:
    return noise(picture, second, 12)


def swaying(picture: Image, second: int) -> Image:
    return warped(0.002 * (-1) ** second)(picture, second)


def as_it_is(picture: Image, second: int) -> Image:
    return picture


@pytest.mark.parametrize(
    ("view", "light", "spoil"),
    [
        pytest.param(street, D, as_it_is, id="a healthy camera"),
        pytest.param(street, D, darker, id="the sun goes in"),
        pytest.param(street, D, brighter, id="the sun comes out"),
        pytest.param(street, D, clouds, id="clouds pass"),
        pytest.param(street, D, fog, id="fog"),
        pytest.param(street, D, rain, id="rain"),
        pytest.param(street, D, lorry, id="a lorry passes"),
        pytest.param(street, D, swaying, id="a mast in the wind"),
        pytest.param(street, D, grainy, id="a noisy sensor"),
        pytest.param(dark_street, N, as_it_is, id="a healthy night"),
        pytest.param(dark_street, N, grainy, id="a noisy night"),
        pytest.param(dark_street, N, headlights, id="headlights pass"),
        pytest.param(
            lambda s: night(LIT if s < ONSET else (True, False, False, True), s), N, as_it_is, id="lamps fail"
        ),
    ],
)
def test_weather_light_and_traffic_are_no_fault(view: Callable[[int], Image], light: LightState, spoil: Spoil) -> None:
    assert [h.fault for h in looks(view, spoil, light)] == [""] * LOOKS


def nearly_black(second: int) -> Image:
    """A street with no lamp: hardly lighter than a lid on the lens."""
    return noise((street(second) * 0.15).astype(np.uint8), second, 1.0)


def sharp_at_first(second: int) -> Image:
    """A stream whose first key frame is far better than all pictures after it."""
    picture = street(second)
    return picture if second == 0 else blurred(1.5)(picture, second)


@pytest.mark.parametrize(
    ("view", "light"),
    [
        pytest.param(nearly_black, N, id="nearly black"),
        pytest.param(sharp_at_first, D, id="far sharper in its first picture"),
    ],
)
def test_a_poor_picture_is_no_fault(view: Callable[[int], Image], light: LightState) -> None:
    assert [h.fault for h in looks(view, as_it_is, light)] == [""] * LOOKS


def faint_street(second: int) -> Image:
    """A night with few and faint edges."""
    return noise((dark_street(0) * 0.5 + 10).astype(np.uint8), second, 1.0)


@pytest.mark.parametrize(
    ("view", "share"),
    [
        pytest.param(dark_street, 0.6, id="over a part"),
        pytest.param(faint_street, 0.9, id="over nearly all of a view of faint edges"),
    ],
)
def test_a_cover_that_turns_night_into_day_is_still_a_cover(view: Callable[[int], Image], share: float) -> None:
    check, cloth = HealthCheck("cam"), laid_over(205, share)
    seen = []
    for second in range(LOOKS):
        picture = view(second) if second < ONSET else cloth(view(second), second)
        seen.append(check.look(frame(picture, second), N if second < ONSET + 2 else D).fault)
    assert seen[-4:] == ["camera_covered"] * 4


def test_a_camera_that_was_never_sharp_and_one_that_never_saw_are_told_without_a_past() -> None:
    assert {h.fault for h in looks(street, blurred(6), onset=0)} == {"camera_blurred"}
    assert {h.fault for h in looks(street, laid_over(20, 1.2), onset=0)} == {"camera_covered"}


@pytest.mark.parametrize(
    ("across", "down"),
    [
        pytest.param(0.02, 0.0, id="sideways"),
        pytest.param(-0.01, 0.03, id="down"),
        pytest.param(0.008, 0, id="a little"),
    ],
)
def test_a_small_nudge_is_measured_and_no_fault(across: float, down: float) -> None:
    seen = looks(street, warped(across, down))
    assert {h.fault for h in seen} == {""}
    assert seen[ONSET - 1].nudge == STILL
    x, y = seen[-1].nudge.point(0.5, 0.5)
    assert (x - 0.5, y - 0.5) == pytest.approx((across, down), abs=0.004)


def test_a_nudge_that_ends_is_forgotten() -> None:
    check = HealthCheck("cam")
    push = warped(0.02)
    seen = [check.look(frame(push(street(s), s) if 4 <= s < 9 else street(s), s), D) for s in range(LOOKS)]
    assert seen[8].nudge != STILL
    assert seen[-1].nudge == STILL


def in_leaf(picture: Image, second: int) -> Image:
    """A crown that waves over a third of the view: no nudge explains it."""
    leaves = np.random.default_rng(second).integers(30, 150, (HEIGHT // 6, WIDTH // 18)).astype(np.uint8)
    crown = cv2.resize(leaves, (WIDTH // 3, HEIGHT), interpolation=cv2.INTER_CUBIC)
    waving = picture.copy()
    waving[:, : WIDTH // 3] = crown[..., None]
    return waving


def test_a_restless_view_is_searched_for_a_nudge_now_and_then_and_when_it_fits_worse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searched: list[int] = []

    def find(reference: Structure, now: Structure) -> Nudge | None:
        searched.append(second)
        return find_nudge(reference, now)

    monkeypatch.setattr("detectors.health.check.find_nudge", find)
    check, nudged = HealthCheck("cam"), warped(0.02)
    for second in range(50):
        view = in_leaf(street(second), second)
        seen = check.look(frame(nudged(view, second) if second >= 45 else view, second), D)
    resting = [s for s in searched if 3 <= s < 45]
    assert 1 <= len(resting) <= 4, "not at every look"
    assert {45, 46} <= set(searched), "a nudge is looked for at once, and must be seen twice"
    assert seen.nudge.dx == pytest.approx(0.02, abs=0.004)


def test_the_register_tells_a_clip_of_another_camera() -> None:
    check = HealthCheck("cam", {D: street(0)})
    assert {check.look(frame(elsewhere(street(s), s), s), D).fault for s in range(4)} == {"camera_moved"}


def test_the_whole_picture_changing_at_once_is_told() -> None:
    check = HealthCheck("cam")
    seen = [check.look(frame(noise(scenery(v), i), i), D) for i, v in enumerate((60, 60, 170, 170))]
    assert [h.sudden for h in seen] == [False, False, True, False]


def test_between_the_looks_of_a_time_lapse_nothing_is_sudden() -> None:
    check = HealthCheck("cam")
    seen = [check.look(frame(noise(scenery(v), i), 1200.0 * i), D) for i, v in enumerate((60, 60, 170, 170))]
    assert not any(h.sudden for h in seen)


TURNED = Nudge.of_pixels(cv2.getRotationMatrix2D((200, 100), 3, 1.02), 400, 200)


def test_a_nudge_leads_there_and_back() -> None:
    assert TURNED.inverse().point(*TURNED.point(0.3, 0.6)) == pytest.approx((0.3, 0.6))
    assert TURNED.pixels(400, 200) == pytest.approx(cv2.getRotationMatrix2D((200, 100), 3, 1.02))


def test_regions_follow_a_nudge_as_far_as_the_picture_goes() -> None:
    push = Nudge(dx=0.1)
    moved = push.region(Region.rectangle(Box(0.5, 0.5, 0.95, 0.6)))
    assert moved is not None
    assert moved.box.as_list() == pytest.approx([0.6, 0.5, 1.0, 0.6])
    assert push.region(Region.rectangle(Box(0.92, 0.5, 0.95, 0.6))) is None
