"""What a page shows before its app runs: verdict and first rows as plain HTML, in the server's first answer.

A browser needs seconds to load the app and run it; what a person came for is known already. It is made of
the same views as the page and takes the same words. `first.js` removes it as soon as the page itself stands.
"""

from __future__ import annotations

from cockpit.ui.first.frame import framed, language_of, scriptless

__all__ = ["framed", "language_of", "scriptless"]
