"""First views are light and stand still (design §7), measured by the browser itself."""

from playwright.sync_api import Page

MOST_BYTES = 150_000
MOST_SHIFT = 0.05
WATCH_SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def first_view(page: Page, path: str) -> tuple[int, float]:
    """Bytes over the line and layout shift of a page opened with nothing cached."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    line.on("Network.loadingFinished", lambda done: sizes.append(int(done["encodedDataLength"])))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    shift = page.evaluate("window.shift")
    line.detach()
    return sum(sizes), shift


def test_first_views_are_light_and_stand_still(page: Page, lively_site):
    page.set_viewport_size({"width": 360, "height": 740})
    page.add_init_script(WATCH_SHIFTS)
    seen = {"landing": first_view(page, "/")}
    lively_site.sign_in(page.context, lively_site.learner)
    for name, path in lively_site.learner_paths.items():
        seen[name] = first_view(page, path)

    assert {name: size for name, (size, _shift) in seen.items() if size > MOST_BYTES} == {}
    assert {name: shift for name, (_size, shift) in seen.items() if shift >= MOST_SHIFT} == {}
    assert min(size for size, _shift in seen.values()) > 5_000, "nothing was measured"
