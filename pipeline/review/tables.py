"""How Datasette's own pages join ours: our style, our links in cells, few columns to begin with."""

from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup

from pipeline.review.metadata import SHOWN, TABLES
from pipeline.steps.digest.harmless import one_line

STATIC = "/-/chipwire/static"
STYLES = (f"{STATIC}/colours.css", f"{STATIC}/tables.css")
SCRIPT = f"{STATIC}/tables.js"
CUT = 160  # characters of a text in a cell
PAGES = "/-/chipwire"
DATABASE = "/chipwire/"


def cell(row: Any, value: Any, column: str, table: str | None) -> Markup | None:
    """Return a cell as a link to the page of what it names, or None for Datasette's own form."""
    name = value["label"] if isinstance(value, dict) else value
    number = value["value"] if isinstance(value, dict) else value
    target = address(row, number, column, table)
    if target is None or name in (None, ""):
        return None
    text = one_line(str(name), CUT) or str(number)
    return Markup('<a href="{}">{}</a>').format(target, text)  # which escapes both


def address(row: Any, value: Any, column: str, table: str | None) -> str | None:
    if column == "topic":
        return f"{PAGES}/topic/{quote(str(value), safe='')}"
    if column == "company":
        return f"{PAGES}/company/{quote(str(value), safe='')}"
    if column == "story_id":
        return f"{PAGES}/story/{value}"
    if (table, column) == ("stories", "title"):
        return f"{PAGES}/story/{row['id']}"
    if column == "title" and table in ("articles", "tagged_articles"):
        return review(row["id"])
    if column == "article_id":
        return review(value, str(row["topic"]) if "topic" in row.keys() else "")  # noqa: SIM118 - sqlite3.Row looks among its values
    return None


def review(article: Any, topic: str = "") -> str:
    wanted = {"article": str(article), **({"topic": topic} if topic else {})}
    return f"{PAGES}/review?{urlencode(wanted)}"


def fewer_columns(path: str, query: bytes) -> str:
    """Return where the bare address of a table leads: the columns a reader wants; else "".

    The order is named as well, so that "show all columns" is not a bare address again.
    """
    table = path.removeprefix(DATABASE)
    if query or not path.startswith(DATABASE) or table not in SHOWN:
        return ""
    told = TABLES[table]
    order = {key: told[key] for key in ("sort", "sort_desc") if key in told}
    named = [(f"_{key}", str(value)) for key, value in order.items()]
    return f"{path}?{urlencode(named + [('_col', column) for column in SHOWN[table]])}"
