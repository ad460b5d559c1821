"""Notebook displays: pure functions from data to fragments of HTML.

All that comes from texts and models is escaped. Styles are inline, colours are half transparent over the page's own so
that they do on white and on black, and no script, class, id or address is used.
"""

from __future__ import annotations

from html import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._batch import Batch
    from ._explain import Explanation
    from ._passages import Passages
    from ._result import Result

_BOX = "font-family:system-ui,sans-serif;font-size:14px;line-height:1.5;max-width:52em;color:inherit;text-align:left"
_QUIET = "opacity:.75;font-size:12px"
_TABLE = "border-collapse:collapse;margin-top:6px;font-size:13px"
_FOR, _AGAINST = "38,132,220", "230,115,20"  # blue and orange: told apart by the colour-blind too
_REASONS = {
    "empty": "there is no word in the text",
    "unknown-words": "it knows none of the words",
    "language": "it does not know this language",
    "little-evidence": "the words say too little",
    "too-close": "two labels are too close",
}


def _bar(name: str, share: float, note: str, strong: bool) -> str:
    weight = "600" if strong else "400"
    return (
        '<div style="display:flex;align-items:center;gap:8px;margin:2px 0">'
        f'<span style="flex:0 0 9em;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-weight:{weight}">'
        f"{escape(name)}</span>"
        '<span style="flex:0 1 18em;height:12px;border-radius:3px;background:rgba(128,128,128,.22)">'
        f'<span style="display:block;height:12px;border-radius:3px;width:{100 * share:.1f}%;'
        f'background:rgba({_FOR},{".85" if strong else ".45"})"></span></span>'
        f'<span style="flex:0 0 auto;font-variant-numeric:tabular-nums;font-weight:{weight}">'
        f"{escape(note)}</span></div>"
    )


def _headline(result: Result) -> str:
    if result.label is not None:
        text = f"<b>{escape(result.label)}</b>"
    else:
        reason = result.reason or ""
        text = f"<b>unsure</b>: {escape(_REASONS.get(reason, reason))}"
    language = f"language <b>{escape(result.language)}</b>" if result.language else "no language found"
    replaced = f" · {result.replaced:,} invalid sequences replaced" if result.replaced else ""
    return (
        f'<div style="margin-bottom:4px">{text} <span style="{_QUIET}">· {language} · '
        f"{result.known:,} of {result.tokens:,} words known · "
        f"evidence {result.evidence:.1f} nats{replaced}</span></div>"
    )


def _bars(result: Result) -> str:
    best = result.label
    return "".join(_bar(name, share, f"{100 * share:.1f} %", name == best) for name, share in result.probabilities.items())


def result_html(result: Result) -> str:
    return f'<div style="{_BOX}">{_headline(result)}{_bars(result)}</div>'


def batch_html(batch: Batch, rows: int = 10) -> str:
    total = max(len(batch), 1)
    missing = sum(batch.missing)
    mix = {("unsure" if label is None else label): count for label, count in batch.counts().items()}
    if missing:
        mix["unsure"] -= missing
        mix["no text"] = missing
    bars = "".join(_bar(name, count / total, f"{count:,}", False) for name, count in mix.items())
    cell = "padding:1px 12px 1px 0;text-align:left"
    lines = []
    for i in range(min(rows, len(batch))):
        result = batch[i]
        if result is None:
            values = [str(i), "no text", "", "", batch.errors.get(i, "")]
        else:
            label = result.label or "unsure"
            values = [str(i), label, f"{result.probability:.3f}", result.language or "", result.reason or ""]
        lines.append("<tr>" + "".join(f'<td style="{cell}">{escape(value)}</td>' for value in values) + "</tr>")
    titles = "".join(f'<th style="{cell}">{name}</th>' for name in ("row", "label", "probability", "language", "reason"))
    more = f'<div style="{_QUIET}">and {len(batch) - rows:,} more</div>' if len(batch) > rows else ""
    table = f'<table style="{_TABLE}"><tr>{titles}</tr>{"".join(lines)}</table>'
    return f'<div style="{_BOX}"><div><b>{len(batch):,} texts</b></div>{bars}{table if lines else ""}{more}</div>'


def _shade(lead: float, most: float) -> str:
    """For: blue over a solid line. Against: orange over a dashed line."""
    strength = min(abs(lead) / most, 1.0) if most else 0.0
    if strength < 0.03:
        return ""
    colour, line = (_FOR, "solid") if lead > 0 else (_AGAINST, "dashed")
    width = 1 + round(2 * strength)
    background = f"background:rgba({colour},{0.08 + 0.42 * strength:.2f});border-radius:2px"
    return f"{background};border-bottom:{width}px {line} rgb({colour})"


def _word_leads(explanation: Explanation) -> dict[tuple[int, int], float]:
    """By span of a word: its lead, and half of the lead of each pair that it begins or ends."""
    leads = {(t.begin, t.end): explanation.lead(t) for t in explanation.tokens if t.kind != "pair"}
    begins = {span[0]: span for span in leads}
    ends = {span[1]: span for span in leads}
    for token in explanation.tokens:
        if token.kind == "pair":
            for span in (begins.get(token.begin), ends.get(token.end)):
                if span is not None:
                    leads[span] += explanation.lead(token) / 2
    return leads


def _shaded_text(explanation: Explanation, limit: int) -> str:
    leads = _word_leads(explanation)
    most = max((abs(lead) for lead in leads.values()), default=0.0)
    text, at, parts = explanation.text, 0, []
    for (begin, end), lead in sorted(leads.items())[:limit]:
        style, word = _shade(lead, most), _plain(text[begin:end])
        parts.append(_plain(text[at:begin]))
        parts.append(f'<span style="{style}" title="{_signed(lead)} nats">{word}</span>' if style else word)
        at = end
    if len(leads) > limit:
        parts.append(f' <i style="{_QUIET}">… the first {limit:,} of {len(leads):,} words</i>')
    else:
        parts.append(_plain(text[at:]))
    return "".join(parts)


def _plain(text: str | bytes) -> str:
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return escape(data.decode("utf-8", "replace")).replace("\0", "\ufffd")


def _signed(nats: float) -> str:
    return f"+{nats:.2f}" if nats >= 0 else f"\u2212{-nats:.2f}"


def _reasons_table(explanation: Explanation) -> str:
    cell = "padding:1px 14px 1px 0;text-align:left"
    rows = "".join(
        f'<tr><td style="{cell};font-variant-numeric:tabular-nums">{_signed(lead)}</td>'
        f'<td style="{cell}">{_plain(token.text)}</td>'
        f'<td style="{cell};opacity:.75">{_plain(token.feature or "")}</td></tr>'
        for token, lead in explanation.top(8)
        if lead
    )
    titles = "".join(f'<th style="{cell}">{name}</th>' for name in ("nats", "words", "stem"))
    return (
        f'<table style="border-collapse:collapse;margin-top:6px;font-size:13px"><tr>{titles}</tr>{rows}</table>' if rows else ""
    )


def explanation_html(explanation: Explanation, limit: int) -> str:
    result = explanation.result
    language = f' lang="{escape(result.language)}"' if result.language else ""
    legend = f"shaded over a solid line: speaks for <b>{escape(explanation.best)}</b>"
    if explanation.against is not None:
        legend += f"; over a dashed line: for <b>{escape(explanation.against)}</b>, its strongest rival"
    return (
        f'<div style="{_BOX}">{_headline(result)}{_bars(result)}'
        f'<div dir="auto"{language} style="margin:8px 0;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.9">'
        f"{_shaded_text(explanation, limit)}</div>"
        f'<div style="{_QUIET}">{legend}</div>{_reasons_table(explanation)}</div>'
    )


# By number of the label, as the command colours them; the line tells them apart without colour.
_MARKS = (
    ("38,132,220", "solid"),
    ("40,150,90", "dashed"),
    ("20,150,160", "dotted"),
    ("210,50,50", "double"),
    ("140,80,200", "solid"),
    ("230,115,20", "dashed"),
)


def _mark(number: int) -> str:
    colour, line = _MARKS[number % len(_MARKS)]
    return f"background:rgba({colour},.2);border-radius:2px;border-bottom:3px {line} rgb({colour})"


def _marked_text(found: Passages, limit: int) -> str:
    text, at, parts = found.text, 0, []
    for passage in found:
        if passage.begin >= limit:
            break
        end = min(passage.end, limit)
        note = f"{passage.label}, probability {passage.probability:.3f}"
        style = _mark(found.labels.index(passage.label))
        words = _plain(text[passage.begin : end])
        parts.append(_plain(text[at : passage.begin]))
        parts.append(f'<span style="{style}" title="{escape(note)}">{words}</span>')
        at = end
    parts.append(_plain(text[at:limit]))
    if len(text) > limit:
        parts.append(f' <i style="{_QUIET}">\u2026 the first {limit:,} of {len(text):,}</i>')
    return "".join(parts)


def _legend(found: Passages) -> str:
    numbers = sorted({found.labels.index(passage.label) for passage in found})
    if not numbers:
        return "no passage with a label of its own"
    counts = [sum(passage.label == found.labels[number] for passage in found) for number in numbers]
    return " \u00b7 ".join(
        f'<span style="{_mark(number)}">{escape(found.labels[number])}</span> {count:,}'
        for number, count in zip(numbers, counts, strict=True)
    )


def passages_html(found: Passages, limit: int) -> str:
    result = found.result
    language = f' lang="{escape(result.language)}"' if result.language else ""
    return (
        f'<div style="{_BOX}">{_headline(result)}{_bars(result)}'
        f'<div dir="auto"{language} style="margin:8px 0;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.9">'
        f"{_marked_text(found, limit)}</div>"
        f'<div style="{_QUIET}">passages: {_legend(found)}</div></div>'
    )
