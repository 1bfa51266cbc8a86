"""The dashboard in every language: nothing escapes the catalogues, and the catalogues are whole."""

from __future__ import annotations

import ast
import gettext
import io
import re
from collections.abc import Iterator

import pytest
from babel.messages.mofile import read_mo
from streamlit.testing.v1 import AppTest

from dashboard import language
from dashboard.language import ENGLISH, LANGUAGES, known, speaking, trn
from dashboard.locale.update import Text, catalogue_file, compiled, merged, texts_of, untranslated
from dashboard.times import span
from dashboard.views.legend import glossary
from dashboard.words import STATE_TITLES, issue_title
from tests.dashboard.conftest import ENTRY, ROOT, Opener, texts
from tests.dashboard.reading import said
from workorders.places import MODEL_CARD
from workorders.words import OrderState

PAGES = {
    "overview": {},
    "orders": {"view": "all"},
    "inspect_clip": {},
    "cameras": {},
    "cameras?": {"id": "riverside-07"},
    "assets": {},
    "assets?": {"id": "L-1"},
    "site_map": {},
    "reports": {"period": "365"},
    "model": {},
    "settings": {},
} | {f"order?{number}": {"id": str(number)} for number in range(1, 10)}

NAMES = """
Riverside Asia Shanghai UTC GMT Control room Operator Viewer Manager Lamplighter Lighting Grounds crew Crew
riverside plaza cam operator viewer manager lighting grounds system night repair market please straightened wiped
waits for asphalt the way rtsp png mp4 jpg csv xlsx geojson json Light Open English CSV Excel GeoJSON JSON WGS
True False off plaintext
"""
"""Words of the site's own, and names that are the same everywhere."""


ENGLISH_ON_PURPOSE = {word for word, _ in glossary()}
"""Words that are drawn into pictures, beside what they mean."""


class Brackets(gettext.NullTranslations):
    """A language in which every text stands in brackets, so that what is outside them was not translated."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid2}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return f"⟦{message}⟧"


def outside_brackets(text: str) -> set[str]:
    """Words of a text that no catalogue gave: names, codes and enumerations left aside."""
    while (inner := re.sub("⟦[^⟦⟧]*⟧", "", text)) != text:
        text = inner
    if text.startswith(("<style>", MODEL_CARD.read_text(encoding="utf-8")[:40])) or text in ENGLISH_ON_PURPOSE:
        return set()
    if re.fullmatch(r"[A-Z_]+|h[1-6]|[0-9a-f]{32}|order\?id=\d+|\w+/[\w/+-]+|data:.*", text, re.S):
        return set()
    text = re.sub(r"`[^`]*`|\{\w+\}|[\w ]+ = ", " ", text)
    text = re.sub(r":\w+-badge\[|:\w+\[|:material/\w+:|<[^>]*>|&nbsp;|\b[0-9a-f]{64}\b|rtsp://\S+", " ", text)
    return set(re.findall(r"[A-Za-z]{3,}", text)) - set(NAMES.split())


# The catalogue of detectors says what they are on the lowest floor: no brackets reach there, Chinese does (below).
@pytest.mark.parametrize("acting", ["viewer", "manager"])
@pytest.mark.parametrize("name", [name for name in PAGES if name != "model"])
def test_nothing_escapes_the_catalogue(page: Opener, name: str, acting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_catalogue", lambda code: Brackets())
    app = page(name.partition("?")[0], acting, **PAGES[name])

    assert not app.exception
    assert {text: words for text in said(app) if (words := outside_brackets(text))} == {}


SAME_EVERYWHERE = """
lamplighter mAP COCO MiB HTML PDF OpenStreetMap Images
http mpeg mpg mkv webm avi mov yolo yolov oiv yoloe seg
"""
"""Names, units, commands and values that Chinese writes in Latin letters too."""


@pytest.mark.parametrize("name", PAGES)
def test_a_chinese_page_has_no_english_words(page: Opener, name: str) -> None:
    app = page(name.partition("?")[0], "manager", lang="zh", **PAGES[name])
    allowed = set(NAMES.split()) | set(SAME_EVERYWHERE.split())

    assert not app.exception
    assert {text: left for text in said(app) if (left := outside_brackets(text) - allowed)} == {}


OTHERS = [code for code in LANGUAGES if code != ENGLISH]
SAYING = {
    "title", "header", "subheader", "markdown", "caption", "info", "success", "warning", "error", "toast",
    "button", "download_button", "form_submit_button", "link_button", "checkbox", "toggle", "radio", "selectbox",
    "multiselect", "slider", "text_input", "text_area", "number_input", "date_input", "time_input", "datetime_input",
    "file_uploader", "segmented_control", "pills", "popover", "expander", "metric", "status", "spinner",
    "heading", "NotFound", "NotAllowed", "LamplighterError",
}  # fmt: skip
SAYING_KEYWORDS = {"label", "help", "placeholder", "alt", "caption", "empty", "delta", "hint", "title"}


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated(code: str) -> None:
    assert untranslated(merged(code)) == []


def texts_in(compiled_catalogue: bytes) -> dict[tuple[object, str | None], object]:
    """What a compiled catalogue says; its head names the version of Babel, which is no text."""
    found = read_mo(io.BytesIO(compiled_catalogue))
    return {(str(message.id), message.context): message.string for message in found if message.id}


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_is_the_written_one(code: str) -> None:
    """`python -m dashboard.locale.update` was run after the last change."""
    assert texts_in(catalogue_file(code).with_suffix(".mo").read_bytes()) == texts_in(compiled(merged(code)))


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_fills_in_the_same(code: str) -> None:
    def filled(text: Text) -> set[str]:
        return {name for form in ([text] if isinstance(text, str) else text) for name in re.findall(r"\{\w*\}", form)}

    wrong = {str(m.id): m.string for m in merged(code) if m.id and filled(m.id) != filled(m.string)}
    assert wrong == {}


def test_no_literal_goes_to_the_screen_untranslated() -> None:
    found = []
    for file in sorted((ROOT / "dashboard").rglob("*.py")):
        if file.name in ("launch.py", "commands.py"):
            continue  # the command line speaks English
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (bare := list(bare_texts(node))):
                found.append(f"{file.relative_to(ROOT)}:{node.lineno}: {bare}")
    assert found == []


def bare_texts(call: ast.Call) -> Iterator[str]:
    """Literals with letters that a call shows: its first argument, where it shows texts, and what keywords say."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = call.args[:1] if name in SAYING else []
    page = name == "Page"
    given += [k.value for k in call.keywords if k.arg in SAYING_KEYWORDS and (name in SAYING or page or k.arg == "alt")]
    for value in given:
        parts = value.values if isinstance(value, ast.JoinedStr) else [value]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and letters(part.value):
                yield part.value


def letters(text: str) -> bool:
    """Whether words are left of a text without the names of icons, colours and HTML."""
    return bool(
        re.search(
            r"[^\W\d_]{2,}", re.sub(r"Lamplighter|:material/\w*:?|:[\w-]+\[|<[^>]*>|&nbsp;|: *$|^-badge\[", "", text)
        )
    )


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param('st.title("Late")', [], id="a bare literal is no message"),
        pytest.param('tr("Late")', [(None, "Late")], id="a text"),
        pytest.param("f\"{tr('Late')} !\"", [(None, "Late")], id="inside an f-string"),
        pytest.param('trn("{n} bin", "{n} bins", 2)', [(None, ("{n} bin", "{n} bins"))], id="one and many"),
        pytest.param('trc("view", "Open")', [("view", "Open")], id="with a context"),
        pytest.param('X = {1: mark("One")}', [(None, "One")], id="marked in a table"),
    ],
)
def test_texts_are_collected(source: str, found: list[tuple[str | None, Text]]) -> None:
    assert list(texts_of(source)) == found


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("zh-CN", "zh_CN", id="a browser's name for it"),
        pytest.param("zh_Hans_SG", "zh_CN", id="another script or country"),
        pytest.param("ZH", "zh_CN", id="in capitals"),
        pytest.param("en-GB", "en", id="English of any country"),
        pytest.param("fr", None, id="one that we lack"),
        pytest.param("", None, id="nothing"),
        pytest.param(None, None, id="not told"),
    ],
)
def test_locales_name_languages(name: str | None, code: str | None) -> None:
    assert known(name) == code


def test_words_and_times_are_said_in_chinese() -> None:
    with speaking("zh_CN"):
        assert issue_title("light_out") == "路灯熄灭"
        assert STATE_TITLES[OrderState.NEW] == "待确认"
        assert span(3_900) == "1 小时 05 分"
        assert trn("{n} asset", "{n} assets", 1_200) == "1,200 处设施"
    assert STATE_TITLES[OrderState.NEW] == "New"


def test_the_language_is_chosen_in_the_sidebar_and_stays(page: Opener) -> None:
    app = page("orders")
    app.segmented_control(key="language_picker").set_value("zh_CN").run()
    assert app.title[0].value == "工单"

    app.switch_page("app_pages/overview.py").run()
    assert app.title[0].value == "总览"


def test_the_address_asks_for_a_language(site: object) -> None:
    app = AppTest.from_file(str(ENTRY), default_timeout=30)
    app.query_params["lang"] = "zh"
    app.run()

    assert app.title[0].value == "总览"
    assert "未结工单" in texts(app)
