"""The board as one HTML file that asks nothing of a network: its parts put into board.html, with board.css and board.js.

Belongs here: markup and escaping. Charts are charts.py; what is said is content.py.
"""

import base64
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from plotly.offline import get_plotlyjs

from pipelines.reports import Field, Row, Sheet, Value
from pipelines.reports.board import Board, Card, Listed, Listing, Section
from pipelines.reports.board.charts import figure
from pipelines.reports.board.listed import LIST, STATES
from pipelines.reports.cells import month_text
from pipelines.reports.printed import printed

HERE = Path(__file__).parent
OPEN_ROWS = 15
"""Tables of more rows are closed at first, and not printed unless they are opened."""
TONES = dict(zip(STATES, ("listed", "reserve", "reference", "out"), strict=True))


def page(board: Board) -> str:
    """The whole page; the same content gives the same text."""
    script, plotly = _part("board.js"), get_plotlyjs()
    marks = "".join(f"<b>{escape(mark)}</b>" for mark in board.marks)
    links = "".join(f'<a href="#{part.name}">{escape(part.title)}</a>' for part in board.sections)
    return Template(_part("board.html")).substitute(
        policy=_content_policy(plotly, script), title=escape(board.title), month=month_text(board.month),
        subtitle=escape(board.subtitle), marks=marks, links=links, sections="\n".join(map(_section, board.sections)),
        style=_part("board.css"), content=_json(_content(board)), plotly=plotly, script=script)


@cache
def _part(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _content_policy(*scripts: str) -> str:
    """Only these scripts run, by their digests; nothing is fetched, sent or embedded."""
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
            "base-uri 'none'; form-action 'none'")


def _content(board: Board) -> dict:
    """What the script reads: figures by the name of their place, and the list."""
    charts = {chart.name: figure(chart) for part in board.sections for chart in part.charts}
    lists = [part.listing for part in board.sections if part.listing]
    return {"charts": charts, "listing": _listing_content(lists[0]) if lists else None}


def _listing_content(listing: Listing) -> dict:
    return {"columns": [_column(column) for column in listing.columns], "rows": listing.rows, "state": listing.state,
            "name": LIST["enterprise_name"].title, "evidence": LIST["evidence"].title, "tones": TONES}


def _column(column: Listed) -> dict:
    """A column; of texts that repeat, each is written once."""
    said = {"title": column.title, "unit": column.unit, "decimals": column.decimals, "number": column.is_number,
            "place": column.place}
    words = list(dict.fromkeys(column.values))
    if column.is_number or 2 * len(words) > len(column.values):
        return {**said, "values": column.values}
    place = {word: number for number, word in enumerate(words)}
    return {**said, "words": words, "values": [place[value] for value in column.values]}


def _json(content: dict) -> str:
    """JSON inside a script element: no text can end it or begin a comment."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _section(part: Section) -> str:
    said = [f'<section id="{part.name}" aria-labelledby="{part.name}-title"><h2 id="{part.name}-title">{escape(part.title)}</h2>']
    if part.missing:
        said.append(f'<p class="missing">{escape(part.missing)}</p>')
    if part.says:
        said.append('<div class="says">' + "".join(f"<p>{escape(text)}</p>" for text in part.says) + "</div>")
    if part.cards:
        said.append('<div class="cards">' + "".join(map(_card, part.cards)) + "</div>")
    if part.charts:
        figures = (f'<figure><figcaption>{escape(chart.title)}</figcaption><div class="chart" id="{chart.name}" role="img" '
                   f'aria-label="{escape(chart.title)}"></div></figure>' for chart in part.charts)
        said.append('<div class="charts">' + "".join(figures) + "</div>")
    if part.listing:
        said.append(_listing(part.listing))
    return "\n".join([*said, *map(_sheet, part.sheets), "</section>"])


def _card(card: Card) -> str:
    unit = f"<small>{escape(card.unit)}</small>" if card.unit else ""
    notes = "".join(f"<li>{escape(note)}</li>" for note in card.notes)
    number = f'<p class="number">{escape(card.number)}{unit}</p>'
    return f'<div class="card"><h3>{escape(card.title)}</h3>{number}<ul>{notes}</ul></div>'


def _listing(listing: Listing) -> str:
    """The controls and an empty table; the script fills it."""
    values = {column.title: column.values for column in listing.columns}
    states = [state for state in STATES if state in values[listing.state]]
    options = [("|".join(listing.first), "和".join(listing.first))] if listing.first else []
    selects = _select(listing.state, [*options, ("", "全部"), *((state, state) for state in states)])
    for title in listing.chosen_by:
        words = sorted({str(value) for value in values[title] if value is not None})
        selects += _select(title, [("", "全部"), *((word, word) for word in words)])
    return (
        '<div id="listing"><form class="choose" role="search" aria-label="查找单位">'
        '<label>查找（名称、编号、依据中的词，空格分开）<input type="search" autocomplete="off"></label>'
        f'{selects}<button type="button" class="reset">显示全部</button>'
        '<button type="button" class="all-evidence" aria-pressed="false">展开依据</button>'
        '<span class="count" role="status" aria-live="polite"></span></form>'
        f'<div class="list"><table aria-label="{escape(LIST.title)}"><thead><tr></tr></thead><tbody></tbody></table></div>'
        '<button type="button" class="more">再显示一些</button></div>')


def _select(title: str, options: Iterable[tuple[str, str]]) -> str:
    made = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)
    return f'<label>{escape(title)}<select data-column="{escape(title)}">{made}</select></label>'


def _sheet(sheet: Sheet) -> str:
    """A table that can be opened and closed."""
    shown = [number for number, field in enumerate(sheet.fields) if not field.is_hidden]
    heads = "".join(_head(sheet.fields[number]) for number in shown)
    rows = "".join(_row(row, sheet.fields, shown) for row in sheet.rows)
    notes = "".join(f'<p class="notes">{escape(note)}</p>' for note in sheet.notes)
    is_open = " open" if len(sheet.rows) <= OPEN_ROWS else ""
    return (f"<details{is_open}><summary>数据表：{escape(sheet.title)}（{len(sheet.rows):,} 行）</summary>{notes}"
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(sheet.title)}">'
            f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></details>")


def _head(field: Field) -> str:
    unit = f"<small>{escape(field.unit)}</small>" if field.unit else ""
    return f'<th scope="col"{_class("number" if field.is_number else "")}>{escape(field.title)}{unit}</th>'


def _row(row: Row, fields: tuple[Field, ...], shown: list[int]) -> str:
    if row.tone == "group" and all(value in (None, "") for value in row.values[1:]):
        return f'<tr class="group"><td colspan="{len(shown)}">{escape(str(row.values[0]))}</td></tr>'
    tone = "" if row.tone == "plain" else row.tone
    return f"<tr{_class(tone)}>" + "".join(_cell(fields[number], row.values[number]) for number in shown) + "</tr>"


def _cell(field: Field, value: Value) -> str:
    looks = [*(["number"] if field.is_number else []), *(["alert"] if field.alert and value == field.alert else [])]
    return f"<td{_class(' '.join(looks))}>{escape(printed(field, value))}</td>"


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""
