"""A project file for DB Browser for SQLite: opens a sheet sorted, coloured and without clutter."""

from xml.sax.saxutils import quoteattr

TABLE = "review_items"
# Width in pixels, in the order of the table; 0 hides the column. `verdict` stays in sight of a
# window of common size; the cell editor beside shows a passage whole.
WIDTHS = (
    ("id", 0), ("article_id", 0), ("topic", 120), ("title", 290), ("probability", 85),
    ("doubt", 0), ("evidence", 200), ("verdict", 70), ("note", 180), ("reviewer", 90),
    ("site", 120), ("published_at", 130), ("url", 160), ("reason", 0),
)  # fmt: skip
COLOURS = (("yes", "#d8f0e0"), ("no", "#f7dcdc"), ("skip", "#e6e6e6"))


def project(database: str) -> str:
    """Return the .sqbpro of a sheet beside it; open rows come first, the least sure on top."""
    number = {name: place for place, (name, _) in enumerate(WIDTHS, start=1)}
    shown = "".join(
        f'<column index="{number[name]}" value="{width}"/>' for name, width in WIDTHS if width
    )
    hidden = "".join(
        f'<column index="{number[name]}" value="1"/>' for name, width in WIDTHS if not width
    )
    formats = "".join(
        f'<format condition="={word}" foreground="#1c1d1f" background="{colour}"/>'
        for word, colour in COLOURS
    )
    sort = (
        f'<column index="{number["verdict"]}" mode="0"/>'
        f'<column index="{number["doubt"]}" mode="1"/>'
    )
    current = f"4,{len(TABLE)}:main{TABLE}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><sqlb_project>'
        f'<db path={quoteattr(database)} readonly="0" foreign_keys="0"/><attached/>'
        '<window><main_tabs open="browser structure" current="0"/></window>'
        f'<tab_browse><current_table name="{current}"/>'
        "<browse_table_settings>"
        f'<table schema="main" name="{TABLE}" show_row_id="0" encoding="" plot_x_axis=""'
        f' unlock_view_pk="_rowid_" freeze_columns="0"><sort>{sort}</sort>'
        f"<column_widths>{shown}</column_widths><filter_values/>"
        f'<conditional_formats><column index="{number["verdict"]}">{formats}</column>'
        "</conditional_formats><row_id_formats/><display_formats/>"
        f"<hidden_columns>{hidden}</hidden_columns><plot_y_axes/><global_filter/></table>"
        "</browse_table_settings></tab_browse></sqlb_project>\n"
    )
