"""What bench/side-by-side and bench/curves share: running programs by turns, tables, pictures. Standard library alone."""
import html
import json
import math
import os
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
AT, AT_SECONDS = "2026-02-15T00:00:00Z", 1771113600


def fail(message):
    sys.exit(f"{os.path.basename(sys.argv[0])}: {message}")


class Build:
    """Where the programs are: a build with -DKEYWRIGHT_BENCH=ON."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        for needed in ("keywright_inventory", "keywright_measure"):
            if not self.find(needed):
                fail(f"`{needed}` isn't in {folder}/bin; configure with -DKEYWRIGHT_BENCH=ON and build "
                     "`keywright_comparison`")

    def find(self, name):
        path = os.path.join(self.folder, "bin", name)
        return path if os.access(path, os.X_OK) else None

    def inventory(self, path, *options):
        """Makes an inventory; nothing where the same one is there already."""
        wanted = " ".join(map(str, options))
        note = path + ".made-by"
        if os.path.exists(path) and os.path.exists(note) and open(note).read() == wanted:
            return path
        with open(path, "wb") as file:
            subprocess.run([self.find("keywright_inventory"), *map(str, options)], stdout=file,
                           stderr=subprocess.DEVNULL, check=True)
        with open(note, "w") as file:
            file.write(wanted)
        return path

    def measure(self, command, allowed=(0, 1, 2)):
        """One run: wall, user and system seconds, peak KiB. Output goes nowhere."""
        done = subprocess.run([self.find("keywright_measure"), *command], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            fail(f"{done.stderr.strip()}")
        result = json.loads(done.stdout)
        if result["status"] not in allowed:
            fail(f"`{' '.join(command)}` ended with {result['status']}: {done.stderr.strip()[:500]}")
        result["cpu"] = result["user"] + result["system"]
        return result

    def by_turns(self, contestants, runs, say=lambda text: None):
        """Measures all of them once, then all again, and so on. Each has `command`; gets `runs`."""
        for contestant in contestants:
            contestant["runs"] = []
        for run in range(runs):
            for contestant in contestants:
                say(f"run {run + 1} of {runs}: {contestant['name']}")
                contestant["runs"].append(self.measure(contestant["command"]))
        say("")


def least(contestant, what="cpu"):
    return min(run[what] for run in contestant["runs"])


def median(contestant, what="cpu"):
    return statistics.median(run[what] for run in contestant["runs"])


def progress():
    if not sys.stderr.isatty():
        return lambda text: None
    return lambda text: print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


# --- words -----------------------------------------------------------------------------------------------------------
def duration(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{digits(seconds / size)} {unit}"
    return f"{digits(seconds / 1e-9)} ns"


def digits(number):
    """Three digits that count, and all of those before the point."""
    if number >= 100:
        return f"{number:,.0f}".replace(",", "\u202f")
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"


def mebibytes(kib):
    return f"{kib / 1024:.1f} MiB" if kib < 100 * 1024 else f"{kib / 1024:.0f} MiB"


def table(heading, rows):
    lines = ["| " + " | ".join(heading) + " |", "|" + "---|" * len(heading)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def machine():
    model = "unknown processor"
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, load {load:.1f} at the end of the run"


# --- pictures --------------------------------------------------------------------------------------------------------
STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #1f2328 }
    .title { font-size: 16px; font-weight: 600 }
    .small { font-size: 12px; fill: #59636e; paint-order: stroke; stroke: #ffffff; stroke-width: 4px }
    .strong { font-weight: 600 }
    .line { stroke: #d1d9e0; stroke-width: 1 }
    .c0 { fill: #6e7781; stroke: #6e7781 } .c1 { fill: #0969da; stroke: #0969da }
    .c2 { fill: #bc4c00; stroke: #bc4c00 } .c3 { fill: #8250df; stroke: #8250df }
    .c4 { fill: #1a7f37; stroke: #1a7f37 }
    path { fill: none !important; stroke-width: 2 }
    .paper { fill: #ffffff }
    @media (prefers-color-scheme: dark) {
        text { fill: #f0f6fc } .small { fill: #9198a1; stroke: #0d1117 } .line { stroke: #3d444d } .paper { fill: #0d1117 }
        .c0 { fill: #9198a1; stroke: #9198a1 } .c1 { fill: #4493f8; stroke: #4493f8 }
        .c2 { fill: #f0883e; stroke: #f0883e } .c3 { fill: #ab7df8; stroke: #ab7df8 }
        .c4 { fill: #3fb950; stroke: #3fb950 }
    }
"""


class Picture:
    def __init__(self, width, height, title):
        self.parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
                      f'height="{height}" role="img" aria-label="{html.escape(title)}">',
                      f"<title>{html.escape(title)}</title>", f"<style>{STYLE}</style>",
                      f'<rect class="paper" width="{width}" height="{height}" rx="6"/>']

    def text(self, x, y, words, style="", anchor="start"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" class="{style}" text-anchor="{anchor}">'
                          f"{html.escape(words)}</text>")

    def line(self, x1, y1, x2, y2, style="line", width=1):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{style}" '
                          f'stroke-width="{width}"/>')

    def dot(self, x, y, style, radius=5):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" class="{style}"/>')

    def path(self, points, style):
        self.parts.append(f'<path class="{style}" d="M' + " L".join(f"{x:.1f} {y:.1f}" for x, y in points) + '"/>')

    def write(self, path):
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(self.parts + ["</svg>"]) + "\n")


class Scale:
    """Logarithmic, from one power of ten to another."""

    def __init__(self, values, begin, end):
        self.low = math.floor(math.log10(min(values)) + 1e-9)
        self.high = max(math.ceil(math.log10(max(values)) - 1e-9), self.low + 1)
        self.begin, self.end = begin, end

    def __call__(self, value):
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.begin + share * (self.end - self.begin)

    def ticks(self):
        return [10.0**power for power in range(self.low, self.high + 1)]


class Even:
    """From zero to the greatest, evenly."""

    def __init__(self, values, begin, end):
        self.begin, self.end = begin, end
        most = max(values)
        power = 10.0**math.floor(math.log10(most))
        self.step = next(step for step in (power / 5, power / 2, power, power * 2) if most / step <= 6)
        self.high = math.ceil(most / self.step) * self.step

    def __call__(self, value):
        return self.begin + value / self.high * (self.end - self.begin)

    def ticks(self):
        return [self.step * number for number in range(round(self.high / self.step) + 1)]


def dot_picture(path, title, subtitle, groups, rows):
    """Rows of (group, name, least seconds, most seconds), on a logarithmic axis."""
    left, right, top, step, width = 300, 110, 82, 26, 900
    height = top + step * len(rows) + 46
    picture = Picture(width, height, title)
    picture.text(20, 30, title, "title")
    picture.text(20, 50, subtitle, "small")
    x = 20
    for number, group in enumerate(groups):
        picture.dot(x + 5, 66, f"c{number}", 4)
        picture.text(x + 14, 70, group, "small")
        x += 32 + 6.6 * len(group)
    scale = Scale([row[2] for row in rows] + [row[3] for row in rows], left, width - right)
    bottom = top + step * len(rows)
    for tick in scale.ticks():
        picture.line(scale(tick), top, scale(tick), bottom)
        picture.text(scale(tick), bottom + 18, duration(tick).replace(".00", "").replace(".0", ""), "small", "middle")
    picture.text((left + width - right) / 2, bottom + 36, "a record, logarithmic", "small", "middle")
    for number, (group, name, low, high) in enumerate(rows):
        y = top + step * number + step / 2
        style = f"c{groups.index(group)}"
        picture.text(left - 14, y + 4, name, "strong" if group == "Keywright" else "", "end")
        picture.line(scale(low), y, scale(high), y, style, 3)
        picture.dot(scale(low), y, style)
        picture.text(max(scale(high), scale(low)) + 12, y + 4, duration(low), "small")
    picture.write(path)


def panel_picture(path, title, panels):
    """Panels of (title, x words, y words, {name: [(x, y)]}, scale and format of x, scale and format of y)."""
    width, height, gap = 400, 300, 30
    columns = min(2, len(panels))
    rows = (len(panels) + columns - 1) // columns
    picture = Picture(columns * (width + gap) + gap, rows * (height + gap) + 60, title)
    picture.text(20, 30, title, "title")
    for number, (name, x_words, y_words, lines, (x_scale, x_format), (y_scale, y_format)) in enumerate(panels):
        x0 = gap + (number % columns) * (width + gap)
        y0 = 50 + (number // columns) * (height + gap)
        points = [point for line in lines.values() for point in line]
        x = x_scale([p[0] for p in points], x0 + 62, x0 + width - 12)
        y = y_scale([p[1] for p in points], y0 + height - 44, y0 + 34 + 16 * len(lines))
        picture.text(x0, y0 + 12, name, "strong")
        for tick in x.ticks():
            picture.line(x(tick), y.begin, x(tick), y.end)
            picture.text(x(tick), y.begin + 18, x_format(tick), "small", "middle")
        for tick in y.ticks():
            picture.line(x.begin, y(tick), x.end, y(tick))
            picture.text(x.begin - 6, y(tick) + 4, y_format(tick), "small", "end")
        picture.text((x.begin + x.end) / 2, y.begin + 36, f"{y_words} against {x_words}", "small", "middle")
        for place, (label, line) in enumerate(lines.items()):
            style = ("c2", "c1", "c3", "c4")[place]  # Keywright's colour is that of the other picture
            picture.path([(x(a), y(b)) for a, b in line], style)
            for a, b in line if len(line) < 20 else []:
                picture.dot(x(a), y(b), style, 3)
            picture.dot(x0 + 67, y0 + 28 + 16 * place, style, 4)
            picture.text(x0 + 76, y0 + 32 + 16 * place, label, "small")
    picture.write(path)
