"""The Datasette plugin: the review page, its data, and the one way in which it writes."""

from typing import Any

from datasette import hookimpl

from pipeline.review import answers, faults, labelling, overviews, tables, views

BASE = r"^/-/chipwire"


@hookimpl  # type: ignore[untyped-decorator] # Datasette ships no types
def register_routes() -> list[tuple[str, Any]]:
    """Return our pages; all of them lie under `/-/chipwire`."""
    return [
        (rf"{BASE}/?$", views.home),
        (rf"{BASE}/review$", views.review),
        (rf"{BASE}/static/(?P<name>[a-z]+\.(?:js|css))$", views.static),
        (rf"{BASE}/queue\.json$", views.queue),
        (rf"{BASE}/choices\.json$", views.choices),
        (rf"{BASE}/progress\.json$", views.progress),
        (rf"{BASE}/article/(?P<article_id>\d{{1,18}})\.json$", views.article),
        (rf"{BASE}/label$", labelling.label),
        (rf"{BASE}/all$", overviews.index),
        (rf"{BASE}/topic/(?P<name>[^/]{{1,80}})$", overviews.topic),
        (rf"{BASE}/company/(?P<name>[^/]{{1,400}})$", overviews.company),
        (rf"{BASE}/story/(?P<story_id>\d{{1,18}})$", overviews.story),
        (rf"{BASE}/weeks\.svg$", overviews.plot),
        (rf"{BASE}/.*$", answers.missing),
    ]


@hookimpl  # type: ignore[untyped-decorator] # Datasette ships no types
def menu_links() -> list[dict[str, str]]:
    """Return the entry of Datasette's menu."""
    return [
        {"href": "/-/chipwire/review", "label": "Review tags"},
        {"href": "/-/chipwire/all", "label": "Topics over weeks, companies, stories"},
    ]


@hookimpl  # type: ignore[untyped-decorator] # Datasette ships no types
def extra_css_urls() -> list[str]:
    """Return the styles that Datasette's own pages share with ours."""
    return list(tables.STYLES)


@hookimpl  # type: ignore[untyped-decorator] # Datasette ships no types
def extra_js_urls() -> list[dict[str, Any]]:
    """Return the script that labels Datasette's fields and shows plots beside its tables."""
    return [{"url": tables.SCRIPT, "module": True}]


@hookimpl  # type: ignore[untyped-decorator] # Datasette ships no types
def render_cell(row: Any, value: Any, column: str, table: str | None) -> Any:
    """Return the cells that name a topic, company, story or article as links to its page."""
    return tables.cell(row, value, column, table)


@hookimpl(optionalhook=True)  # type: ignore[untyped-decorator] # Datasette ships no types
def skip_csrf(scope: dict[str, Any]) -> bool:
    """Let our writes past Datasette's check of forms: ours is stricter (`guard`)."""
    return bool(scope["path"] == "/-/chipwire/label")


@hookimpl(tryfirst=True, optionalhook=True)  # type: ignore[untyped-decorator] # Datasette ships no types
def handle_exception(request: Any, exception: BaseException) -> Any:
    """Answer a fault of ours or of the file in words with the fix; Datasette's own it keeps."""
    return faults.answer(request, exception)
