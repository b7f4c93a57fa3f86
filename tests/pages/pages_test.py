"""Our pages in a browser: `pages_test.py PROGRAM`, where PROGRAM writes them into a folder.

They load without complaint and nothing from elsewhere; their filter works by keyboard; without script all is shown; no
text of a record or rule file runs; they can be read in light and dark, narrow and printed.
"""

import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from browser import Browser  # noqa: E402

FAILURES = []
CHECKS = 0

# Texts with less contrast to what is behind them than WCAG AA asks for.
CONTRAST = """(() => {
  const light = color => {
    const [r, g, b] = color.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parse = text => { const m = text.match(/[\\d.]+/g).map(Number); return m.length > 3 && m[3] === 0 ? null : m.slice(0, 3); };
  const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c) return c; }
                        return [255, 255, 255]; };
  const bad = [];
  for (const e of document.body.querySelectorAll("*")) {
    if (!Array.from(e.childNodes).some(n => n.nodeType === 3 && n.data.trim() !== "") || e.getClientRects().length === 0) continue;
    if (e.tagName === "SCRIPT") continue;
    const style = getComputedStyle(e);
    const text = parse(e instanceof SVGElement ? style.fill : style.color);
    const [a, b] = [light(text), light(behind(e))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) bad.push(e.tagName + "." + e.getAttribute("class") + " " + contrast.toFixed(2));
  }
  return Array.from(new Set(bad));
})()"""

SHOWN = "Array.from(document.querySelectorAll('.items > li')).filter(i => i.getClientRects().length > 0).length"


def check(what, holds, told=""):
    global CHECKS
    CHECKS += 1
    if not holds:
        FAILURES.append(f"{what}: {told}")
        print(f"FAILED {what}: {told}", file=sys.stderr)


def check_equal(what, actual, expected):
    check(what, actual == expected, f"{actual!r}, not {expected!r}")


def look(browser, path):
    """What holds for every page."""
    name = path.name
    page = browser.open(path.as_uri())
    check(f"{name} loads without complaint", page.complaints() == [], page.complaints())
    check_equal(f"{name} asks for nothing but itself", page.requests(), [path.as_uri()])
    check_equal(f"{name} runs one script", page.run("document.scripts.length"), 1)
    check_equal(f"no text of {name} has run", page.run("typeof window.hacked"), "undefined")
    check_equal(f"{name} has one heading of the first level", page.run("document.querySelectorAll('h1').length"), 1)
    check_equal(f"no element of {name} comes from a text", page.run(
        "document.querySelectorAll('img, iframe, object, embed, b i, body script ~ *, [onerror], [onload], em, strong').length"), 0)
    check_equal(f"ids of {name} are unique", page.run(
        "(() => { const ids = Array.from(document.querySelectorAll('[id]'), e => e.id); return ids.length - new Set(ids).size; })()"), 0)
    check_equal(f"links of {name} lead to places in it", page.run(
        "Array.from(document.querySelectorAll('a')).filter(a => !a.hash || !document.getElementById(a.hash.slice(1))).length"), 0)
    for scheme in ("light", "dark"):
        page.media(scheme)
        check_equal(f"contrast of {name}, {scheme}", page.run(CONTRAST), [])
    backgrounds = []
    for scheme in ("light", "dark"):
        page.media(scheme)
        backgrounds.append(page.run("getComputedStyle(document.body).backgroundColor"))
    check(f"{name} knows light and dark", backgrounds[0] != backgrounds[1], backgrounds)
    page.media("light")
    page.width(360)
    check(f"{name} fits a narrow screen", page.run("document.documentElement.scrollWidth") <= 360,
          page.run("document.documentElement.scrollWidth"))
    page.width(1280)
    page.media("light", "print")
    check_equal(f"contrast of {name}, printed", page.run(CONTRAST), [])
    check_equal(f"{name} is printed without its controls", page.run(
        "Array.from(document.querySelectorAll('nav, .filter')).filter(e => e.getClientRects().length > 0).length"), 0)
    page.media("light")
    # The policy of the page stands in the way of whatever else might get into it. This comes last, as it complains.
    page.run("(() => { const s = document.createElement('script'); s.textContent = 'window.injected = 1';"
             " document.body.append(s); })()")
    check_equal(f"the policy of {name} refuses other scripts", page.run("typeof window.injected"), "undefined")


def filter_by_keyboard(browser, path):
    name = path.name
    page = browser.open(path.as_uri())
    every = page.run(SHOWN)
    check(f"{name} shows all at first", every >= 2, every)
    page.press("Tab")
    check_equal(f"the first stop of {name} skips to its contents", page.run("document.activeElement.className"), "skip")
    for _ in range(60):
        if page.run("document.activeElement.type") == "search":
            break
        page.press("Tab")
    check_equal(f"the filter of {name} is reached by keyboard", page.run("document.activeElement.type"), "search")
    word = page.run("document.querySelector('.items h3').textContent.trim().split(/\\s+/).pop()")
    page.type(word)
    some = page.run(SHOWN)
    check(f"{name} is filtered by text", 0 < some < every, (word, some, every))
    check_equal(f"{name} tells how many are shown", page.run("document.querySelector('output').textContent"),
                f"{some} of {every} shown")
    page.media("light", "print")
    check_equal(f"{name} is printed whole though filtered", page.run(SHOWN), every)
    page.media("light")
    page.run("document.querySelector('input[type=search]').select()")
    page.type("\u2603 nothing has this")
    check_equal(f"{name} may show nothing", page.run(SHOWN), 0)
    page.run("document.querySelector('input[type=search]').select()")
    page.send("Input.dispatchKeyEvent", type="keyDown", key="Delete", code="Delete", windowsVirtualKeyCode=46)
    check_equal(f"{name} shows all without text", page.run(SHOWN), every)
    page.press("Tab")
    first = page.run("document.activeElement.value")
    marked = page.run(f"document.querySelectorAll('.items > li[data-verdict={first}], .items > li[data-severity={first}], "
                      f".items > li[data-state={first}]').length")
    page.press("Space")
    check_equal(f"{name} is filtered by a box", page.run(SHOWN), every - marked)
    for _ in range(20):
        if page.run("document.activeElement.type") == "reset":
            break
        page.press("Tab")
    page.press("Enter")
    page.run("new Promise(done => setTimeout(done, 50))")
    check_equal(f"{name} shows all again", page.run(SHOWN), every)
    check(f"{name} goes through it without complaint", page.complaints() == [], page.complaints())


def without_script(browser, path):
    name = path.name
    page = browser.open(path.as_uri(), script=False)
    shown = page.run(SHOWN)
    check_equal(f"{name} shows all without script", shown, page.run("document.querySelectorAll('.items > li').length"))
    check_equal(f"{name} has no dead controls without script", page.run("document.querySelector('form').hidden"), True)


def chart(browser, path):
    name = path.name
    page = browser.open(path.as_uri())
    bars = page.run("document.querySelectorAll('svg[role=img] rect').length")
    rows = page.run("document.querySelectorAll('section[aria-labelledby=expiries] tbody tr').length")
    check(f"{name} has a chart", bars > 0, bars)
    check_equal(f"the table of {name} says what the chart does", rows, bars)
    check_equal(f"the numbers of {name} are the same in both", page.run(
        "Array.from(document.querySelectorAll('svg rect + text')).map(t => t.textContent).join()"), page.run(
        "Array.from(document.querySelectorAll('section[aria-labelledby=expiries] td.n')).map(t => t.textContent).join()"))
    outside = page.run("(() => { const box = document.querySelector('svg').getBoundingClientRect(); return "
                       "Array.from(document.querySelectorAll('svg text, svg rect')).filter(e => { const b = "
                       "e.getBoundingClientRect(); return b.left < box.left - 1 || b.right > box.right + 1 || "
                       "b.top < box.top - 1 || b.bottom > box.bottom + 1; }).length; })()")
    check_equal(f"nothing of {name}'s chart is cut off", outside, 0)


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], folder], check=True)
        pages = {path.name: path for path in sorted(pathlib.Path(folder).glob("*.html"))}
        with Browser() as browser:
            for path in pages.values():
                if path.name != "large.html":
                    look(browser, path)
            for name in ("records.html", "inventory.html", "summary.html", "audit.html", "trace.html"):
                filter_by_keyboard(browser, pages[name])
                without_script(browser, pages[name])
            for name in ("records.html", "inventory.html"):
                chart(browser, pages[name])
            large = browser.open(pages["large.html"].as_uri())
            check_equal("a large inventory shows as many as it may", large.run(SHOWN), 1000)
            check("a large inventory makes no large page", pages["large.html"].stat().st_size < 4_000_000,
                  pages["large.html"].stat().st_size)
    print(f"{CHECKS} checks of {len(pages)} pages, {len(FAILURES)} failed")
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
