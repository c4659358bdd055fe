"""The page that asks for a demo's code: plain HTML without a script, drawn before any other page is."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

from cockpit import entry
from cockpit.ui.words import DEFAULT, t

STYLE = " ".join(
    (
        ":root{color-scheme:light dark;--page:#FFFFFF;--text:#10171E;--quiet:#434C54;--line:#5F6B76;",
        "--act:#1F5FA6;--on:#FFFFFF;--bad:#A01B27}",
        "@media(prefers-color-scheme:dark){:root{--page:#10161D;--text:#E4E9EE;--quiet:#9DA7B0;",
        "--line:#7E8A95;--act:#6FAEEB;--on:#10161D;--bad:#F58A84}}",
        "*{box-sizing:border-box}",
        "body{margin:0;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,sans-serif}",
        "main{max-width:26rem;margin:12vh auto 0;padding:1rem}",
        "h1{font-size:1.375rem;margin:0 0 .5rem}",
        "p{margin:.25rem 0 1rem;color:var(--quiet)} p.bad{color:var(--bad)}",
        "label{display:block;font-weight:600;margin-bottom:.25rem}",
        "input,button{font:inherit;height:2.75rem;border-radius:6px;padding:0 .75rem}",
        "input{width:100%;background:var(--page);color:var(--text);border:1px solid var(--line)}",
        "input{letter-spacing:.1em;text-transform:uppercase}",
        "button{margin:.75rem 0 1.5rem;background:var(--act);color:var(--on);border:0;font-weight:600}",
        "a{color:var(--act)}",
    )
)


def form(back: str, said: str, seconds: int) -> str:
    """`back` is the address after the code, and tells the language; `said` names what became of the last
    code (wrong, wait, foreign, or nothing), `seconds` how long to wait."""
    language = "en" if re.search(r"[?&]lang=en(&|$)", back) else DEFAULT
    other = _in(back, "vi" if language == "en" else "en")

    def word(key: str, **values: object) -> str:
        return html.escape(t(f"login.{key}", language, **values))

    told = f'<p class="bad" role="alert">{word(said, seconds=seconds)}</p>' if said else ""
    return (
        f'<!doctype html><html lang="{language}" translate="no"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(t('app.name', language))}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{word('title')}</h1><p>{word('why')}</p>{told}"
        f'<form method="post" action="{entry.PATH}"><label for="code">{word("label")}</label>'
        '<input id="code" name="code" required maxlength="40" autofocus autocomplete="one-time-code" '
        'autocapitalize="characters" spellcheck="false">'
        f'<input type="hidden" name="next" value="{html.escape(back)}">'
        f'<button type="submit">{word("enter")}</button></form>'
        f'<a href="{entry.PATH}?next={quote(other, safe="")}">{word("other")}</a></main></body></html>'
    )


def _in(back: str, language: str) -> str:
    """The same page in another language."""
    path, _, query = back.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("lang=")]
    return f"{path}?{'&'.join([*kept, f'lang={language}'])}"
