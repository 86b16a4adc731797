"""Figures to a folder: results.json, and a page to look at that needs nothing else."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from qa import plots
from qa.errors import QAError
from qa.evaluate import UNANSWERABLE, Result
from qa.figures import CAME_AGAIN, per_question

RESULTS, PAGE = "results.json", "index.html"
_WORST = 40  # questions that are shown
_GROUPS = {"adversarial": "near, but not answered", "off topic": "put to another document"}


def write(folder: Path, about: dict[str, Any], figures: dict[str, Any], results: Sequence[Result]) -> dict[str, Any]:
    """Writes both files and returns what results.json holds. Raises QAError if it cannot."""
    data = {
        "about": about,
        **figures,
        "each": [_row(*both) for both in zip(results, per_question(results), strict=True)],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RESULTS).write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (folder / PAGE).write_text(page(data), encoding="utf-8")
    except OSError as error:
        raise QAError(f"{folder}: {error.strerror or error}") from None
    return data


def check_folder(folder: Path) -> None:
    """Raises QAError if ``write`` could not make the folder. Makes none: what comes before it may fail."""
    try:
        there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        if not there.is_dir():
            raise QAError(f"{there}: not a folder")
        if not os.access(there, os.W_OK | os.X_OK):
            raise QAError(f"{there}: Permission denied")
    except OSError as error:
        raise QAError(f"{folder}: {error.strerror or error}") from None


def _row(result: Result, measures: dict[str, float]) -> dict[str, Any]:
    asked = result.asked
    return {
        "id": asked.id, "document": asked.document, "put to": result.document, "question": asked.question,
        "kind": asked.kind, "group": result.group, "quotes": list(result.quotes), "best": result.best,
        "measures": {name: round(value, 4) for name, value in measures.items()},
    }  # fmt: skip


# -- the page ------------------------------------------------------------------------------------------------------


def page(data: dict[str, Any]) -> str:
    about = data["about"]
    asked = ", ".join(f"{count:,} {group}" for group, count in data["questions"].items())
    parts = [
        f"<h1>{_text(about['set'])}</h1><p class='asked'>{_text(asked)}</p>",
        _tiles(data),
        _section(
            "Retrieval",
            "Of the answerable questions: a passage that holds the answer among the first.",
            _table("retriever", {**data["retrieval"], **_retrieval_by_kind(data)}),
        ),
        _section(
            "Answers",
            "Right first: the best sentence answers, shown or not. Shown: it was quoted. MAP and MRR are of all "
            "sentences that were weighed.",
            _table("", {"all": data["answers"], **_kinds(data)}),
        ),
        _section(
            "Marked wrong",
            "Of the answers that were marked wrong: a quote of theirs came again.",
            _table("", {"all": data["marked wrong"]}),
        ),
        _section("Refusals", "How well the confidence tells what can be answered from what cannot.", _refusals(data)),
        _section(
            "Time",
            "Milliseconds a question, on the machine named below. Dense: with encoding the question. Search: both, "
            "their fusion and, if one is named, the reranker. Answer: all of it.",
            _speed(data["speed"]),
        ),
        _section("What went wrong", f"The surest mistakes first, {_WORST} at most.", _wrong(data["each"])),
        _section("How this was measured", "", _plain_table(about.items())),
    ]
    style = files("qa").joinpath("static/report.css").read_text()
    title = f"<title>{_text(about['set'])} – evaluation</title>"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">{title}<style>{style}</style>'
    body = f"<body><main>{''.join(filter(None, parts))}</main></body>"
    return f'<!doctype html><html lang="en"><head>{head}</head>{body}</html>\n'


def _text(value: object) -> str:
    return html.escape(str(value))


def _section(title: str, about: str, inner: str) -> str:
    return f"<section><h2>{title}</h2><p>{about}</p>{inner}</section>" if inner else ""


def _kinds(data: dict[str, Any]) -> dict[str, Any]:
    return data["kinds"] if len(data["kinds"]) > 1 else {}


def _retrieval_by_kind(data: dict[str, Any]) -> dict[str, Any]:
    """The order in which an answer shows its passages, the last one's, for every kind of question."""
    kinds = data["retrieval by kind"]
    if len(kinds) < 2:
        return {}
    return {f"{name}, {kind}": own[name] for kind, own in kinds.items() for name in [*own][-1:]}


def _false_by_kind(data: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{group}, {kind}": {"false answers": figure["answered"]}
        for group, kinds in data["false answers by kind"].items()
        for kind, figure in kinds.items()
        if len(kinds) > 1
    }


def _tiles(data: dict[str, Any]) -> str:
    shown = [(name, data["answers"].get(name)) for name in ("right first", "right among three", "answered")]
    shown += [(f"AUROC, {group}", data["refusals"].get(group, {}).get("AUROC")) for group in UNANSWERABLE]
    tiles = (f"<div><b>{figure['value']:.3f}</b><span>{_text(name)}</span></div>" for name, figure in shown if figure)
    return f"<div class='tiles'>{''.join(tiles)}</div>"


def _figure(figure: dict[str, float] | None) -> str:
    if not figure:
        return "<td></td>"
    interval = f"<small>{figure['low']:.3f} to {figure['high']:.3f}</small>"
    return f"<td>{figure['value']:.3f}{interval}<small>n = {figure['questions']:,}</small></td>"


def _table(first: str, rows: dict[str, dict[str, Any]]) -> str:
    """A line for each row, a column for each measure; each figure with the number of its questions."""
    measures = list(dict.fromkeys(name for row in rows.values() for name in row))
    if not measures:
        return ""
    head = "".join(f"<th>{_text(name)}</th>" for name in (first, *measures))
    lines = (
        f"<tr><th>{_text(name)}</th>{''.join(_figure(row.get(measure)) for measure in measures)}</tr>"
        for name, row in rows.items()
        if row
    )
    return f"<div class='wide'><table><tr>{head}</tr>{''.join(lines)}</table></div>"


def _plain_table(rows: Iterable[tuple[str, Any]]) -> str:
    lines = (f"<tr><th>{_text(name)}</th><td class='words'>{_text(value)}</td></tr>" for name, value in rows)
    return f"<table>{''.join(lines)}</table>"


def _refusals(data: dict[str, Any]) -> str:
    found = {
        f"{group}: {_GROUPS[group]}": data["refusals"][group] for group in UNANSWERABLE if group in data["refusals"]
    }
    drawn = []
    if points := data["refusals"].get("risk-coverage curve"):
        area = data["refusals"]["area under the risk-coverage curve"]
        caption = f"Risk and coverage: the surest answers first. Area under the curve {_with_interval(area)}."
        whole = [(0.0, points[0][1]), *points]  # where the surest are many, the curve begins far to the right
        drawn.append(_drawn(plots.curve(whole, "share answered", "share of these wrong", "risk and coverage"), caption))
    if bins := data["calibration"].get("bins"):
        dots = [(row["confidence"], row["right"], row["questions"]) for row in bins]
        error, brier = data["calibration"]["expected error"], data["calibration"]["Brier score"]
        caption = (
            "Calibration: how often the first quote answers at a confidence. "
            f"Expected error {_with_interval(error)}, Brier score {_with_interval(brier)}."
        )
        drawn.append(_drawn(plots.dots(dots, "confidence", "share right", "calibration"), caption))
    return _table("", found | _false_by_kind(data)) + (f"<div class='plots'>{''.join(drawn)}</div>" if drawn else "")


def _with_interval(figure: dict[str, float]) -> str:
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f}; n = {figure['questions']:,})"


def _drawn(svg: str, caption: str) -> str:
    return f"<figure>{svg}<figcaption>{caption}</figcaption></figure>"


def _speed(speed: dict[str, dict[str, float]]) -> str:
    if not speed:
        return ""
    head = "<tr><th></th><th>p50</th><th>p95</th></tr>"
    lines = (f"<tr><th>{stage}</th><td>{t['p50 ms']:,}</td><td>{t['p95 ms']:,}</td></tr>" for stage, t in speed.items())
    return f"<table>{head}{''.join(lines)}</table>"


def _wrong(rows: Sequence[dict[str, Any]]) -> str:
    wrong = [row for row in rows if not is_right(row)]
    wrong.sort(key=lambda row: (not row["quotes"], -row["measures"]["confidence"]))
    items = "".join(map(_mistake, wrong[:_WORST]))
    return f"<ol>{items}</ol>" if wrong else "<p>Nothing.</p>"


def _mistake(row: dict[str, Any]) -> str:
    said = "quoted" if row["quotes"] else "refused; the best sentence"
    about = f"{row['kind']}, {row['group']}, confidence {row['measures']['confidence']:.2f}, {said}:"
    quote = row["quotes"][0] if row["quotes"] else row["best"]
    return (
        f"<li><p class='question'>{_text(row['question'])}</p><p class='meta'>{_text(about)}</p>"
        f"<blockquote>{_text(quote)}</blockquote></li>"
    )


def is_right(row: dict[str, Any]) -> bool:
    """Whether an answer was shown that is right, or nothing where nothing answers; where only marks tell: whether no
    quote that was wrong came again, or anything was shown where a refusal was wrong."""
    measures = row["measures"]
    if row["group"] in UNANSWERABLE:
        return not row["quotes"]
    if CAME_AGAIN in measures:
        return not measures[CAME_AGAIN]
    return bool(measures.get("shown right", measures["answered"]))
