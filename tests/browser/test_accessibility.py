"""No page a learner or an archivist meets breaks a rule axe knows, narrow or wide, light or dark."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
WIDTHS = (360, 1280)
THEMES = ("qiangji", "qiangji-dark")
# Colours glide to the other theme's; half way they are nobody's.
RUN = """Promise.all(document.getAnimations().map((glide) => glide.finished))
  .then(() => axe.run(document, { resultTypes: ["violations"] }))
  .then(({ violations }) => violations.map(({ id, nodes }) =>
    `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`))"""


def violations(page: Page, name: str) -> list[str]:
    """What axe finds on the page as it stands, at every width and in both themes."""
    page.evaluate(AXE)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for theme in THEMES:
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            found += [f"{name} {width} {theme} {rule}" for rule in page.evaluate(RUN)]
    return found


@pytest.mark.expects_console_errors  # a missing page is logged as one
def test_no_page_breaks_a_rule_of_accessibility(page: Page, lively_site):
    found = []
    for name, path in lively_site.public_paths.items():
        page.goto(path)
        found += violations(page, name)
    lively_site.sign_in(page.context, lively_site.learner)
    for name, path in lively_site.learner_paths.items():
        page.goto(path)
        if name == "study":
            page.locator("media-play-button.qp-big").wait_for()
        for entry in page.locator("details.entry summary").all()[:1]:
            entry.click()
        found += violations(page, name)
    lively_site.sign_in(page.context, lively_site.archivist)
    page.goto("/archive/")
    found += violations(page, "archive")

    assert found == [], "\n".join(found)
