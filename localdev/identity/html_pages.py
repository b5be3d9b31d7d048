"""Pages of the issuer for a browser: sign-in, its errors, signed out; without script."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from http import HTTPStatus

from starlette.responses import HTMLResponse

_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 10vh auto; max-width: 24rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; font-weight: 400; }
label, input, button { display: block; font: inherit; }
input { box-sizing: border-box; margin: .25rem 0; padding: .5rem; width: 100%; }
button { margin-top: 1rem; padding: .5rem 1.5rem; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


def sign_in_page(user: str, error: str, page_origin: str) -> HTMLResponse:
    """Return the form for the name of a user.

    Args:
        user: the name that is in the field
        error: what is wrong with it, or nothing
        page_origin: the origin to which an accepted form leads

    """
    wrong = f'<p id="error" role="alert">{escape(error)}</p>' if error else ""
    about = "about error" if error else "about"
    invalid = ' aria-invalid="true"' if error else ""
    body = f"""<form method="post">
<label for="user">User</label>
<input id="user" name="user" value="{escape(user)}" maxlength="64" required autofocus
  autocomplete="username" autocapitalize="none" spellcheck="false"
  aria-describedby="{about}"{invalid}>
<p id="about">Any name will do, such as alice: this is a laptop, and asks for no password.</p>
{wrong}<button type="submit">Sign in</button>
</form>"""
    status = HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK
    # A browser holds the redirect after a form to form-action as well.
    return _page("Sign in", body, status, f"'self' {page_origin}")


def error_page(error: str) -> HTMLResponse:
    """Return the page of an error that must not be sent to the address that a request names."""
    return _page("Sign-in failed", f"<p>{escape(error)}</p>", HTTPStatus.BAD_REQUEST)


def signed_out_page() -> HTMLResponse:
    """Return the page after a sign-out that names no address, or one that is not registered."""
    return _page("You signed out", "<p>You can close this page.</p>", HTTPStatus.OK)


def _page(title: str, body: str, status: HTTPStatus, form_action: str = "'none'") -> HTMLResponse:
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action {form_action}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    document = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
{body}
</main>
</body>
</html>
"""
    return HTMLResponse(document, status, headers)
