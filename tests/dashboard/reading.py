"""What a page says, read from what it sends to the browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

NOT_SAID = {
    "id", "key", "icon", "url", "formId", "elementId", "queryParamKey", "jsContent", "cssContent", "htmlContent",
    "componentName", "href", "type", "scriptPath", "format", "tone", "stateTone", "arrowData", "config", "theme",
    "tag", "markdownType", "sortKey", "columns", "sort", "player", "layout", "marker", "line", "mode", "hoverinfo",
    "customdata", "fill", "fillcolor", "legendgroup", "queryString", "page", "yaxis", "columnOrder", "src", "before",
    "after", "bdata", "hovertemplate", "selectionMode", "orientation", "hoveron",
}  # fmt: skip
"""Fields of messages to the browser that nobody reads."""


def strings(value: Any, name: str = "") -> Iterator[str]:
    """Every text of a message that goes to the browser, what travels as JSON included."""
    if name in NOT_SAID:
        return
    if isinstance(value, str) and name in ("json", "spec"):
        yield from strings(json.loads(value))
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, name)


def said(app: AppTest) -> list[str]:
    """Every text on a page: of its elements, of what holds them, and of its tables."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if hasattr(node, "proto") and node.proto is not None:
            found.extend(strings(MessageToDict(node.proto)))
        for child in getattr(node, "children", {}).values():
            walk(child)

    walk(app._tree)
    for table in app.dataframe:
        found += [str(name) for name in table.value.columns]
        found += [str(cell) for column in table.value.columns for cell in table.value[column]]
    return found
