"""Every page is looked at with a site of its own, named to the dashboard by its environment as in real life."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from PIL import Image
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from dashboard.settings import DATABASE, FILES
from tests.dashboard.seeds import SITES, make_site
from workorders.store import Store, open_store

ROOT = Path(__file__).resolve().parents[2]
ENTRY = ROOT / "dashboard" / "streamlit_app.py"

Opener = Callable[..., AppTest]

OTHER_ADDRESS = ("inspect_clip", "site_map")
"""Pages whose address is not their file's name: only a run tells a test where they are. The others need but one run."""

_OPEN_PICTURE = Image.open


@pytest.fixture(scope="session", autouse=True)
def packages_read_once() -> Iterator[None]:
    """Starting, Streamlit asks every installed package whether it brings components: most of what an AppTest takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def as_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what ultralytics does to Pillow for a whole process: other tests load it, the dashboard never does."""
    monkeypatch.setattr(Image, "open", _OPEN_PICTURE)


@pytest.fixture(scope="session")
def ready_sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each site made once, to be copied."""
    folders = {}
    for name, fill in SITES.items():
        folder = tmp_path_factory.mktemp("site")
        make_site(f"sqlite:///{folder / 'site.db'}", str(folder), fill)
        folders[name] = folder
    return folders


@pytest.fixture
def site(
    request: pytest.FixtureRequest, tmp_path: Path, ready_sites: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """The site of the test's parameter, "working day" by default, opened."""
    folder = tmp_path / "var"
    shutil.copytree(ready_sites[getattr(request, "param", "working day")], folder)
    monkeypatch.setenv(DATABASE, f"sqlite:///{folder / 'site.db'}")
    monkeypatch.setenv(FILES, str(folder))
    store = open_store(f"sqlite:///{folder / 'site.db'}", folder)
    yield store
    store.close()


@pytest.fixture
def page(site: Store) -> Opener:
    """Opens a page of the site: `page("orders")`, `page("order", id="2")`, `page("order", acting="viewer")`."""

    def opened(name: str = "overview", acting: str = "operator", **query: str) -> AppTest:
        app = AppTest.from_file(str(ENTRY), default_timeout=30)
        app.session_state["acting_as"] = acting
        if name in OTHER_ADDRESS:
            app.run()
        app.switch_page(f"app_pages/{name}.py")
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return opened


def texts(app: AppTest) -> str:
    """Everything that a page says, in one string."""
    kinds = ("title", "subheader", "markdown", "caption", "error", "warning", "info", "success", "html", "metric")
    said = [str(element.value) for kind in kinds for element in app.get(kind)]
    said += [element.label for kind in ("button", "page_link", "metric") for element in app.get(kind)]
    return "\n".join(said)
