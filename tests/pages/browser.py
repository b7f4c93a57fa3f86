"""Headless Chromium, steered over a pipe (the DevTools protocol) by Python's standard library alone.

    with Browser() as browser:
        page = browser.open("file:///…/page.html")
        assert page.run("document.title") == "…"
        page.press("Tab")
"""

import fcntl
import json
import os
import select
import subprocess
import tempfile
import time

KEYS = {
    "Tab": ("Tab", 9, ""),
    "Space": ("Space", 32, " "),
    "Enter": ("Enter", 13, "\r"),
}


class Browser:
    def __init__(self):
        program = os.environ.get("KEYWRIGHT_CHROMIUM", "chromium")
        self.profile = tempfile.TemporaryDirectory(prefix="keywright-pages-", ignore_cleanup_errors=True)
        to_read, self.to = self._pipe()
        self.back, back_write = self._pipe()
        options = ["--headless=new", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
                   "--disable-background-networking", "--disable-dev-shm-usage",
                   f"--user-data-dir={self.profile.name}"]
        if os.geteuid() == 0:
            options.append("--no-sandbox")  # Chromium's own has no meaning for root

        def fixed_numbers():
            os.dup2(to_read, 3)
            os.dup2(back_write, 4)

        self.process = subprocess.Popen([program, *options, "about:blank"], preexec_fn=fixed_numbers, pass_fds=(3, 4),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(back_write)
        self.number = 0
        self.pending = b""
        self.events = []

    @staticmethod
    def _pipe():
        """A pipe whose ends don't lie where Chromium expects its own."""
        ends = []
        for end in os.pipe():
            ends.append(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10))
            os.close(end)
        return ends

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.send("Browser.close")
            self.process.wait(timeout=20)
        except Exception:  # whatever it died of, it has to end
            self.process.kill()
            self.process.wait()
        os.close(self.to)
        os.close(self.back)
        self.profile.cleanup()

    def _receive(self, until):
        while b"\0" not in self.pending:
            ready, _, _ = select.select([self.back], [], [], max(0, until - time.monotonic()))
            if not ready:
                raise TimeoutError("Chromium doesn't answer")
            data = os.read(self.back, 1 << 20)
            if not data:
                raise EOFError("Chromium has ended")
            self.pending += data
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def send(self, method, session=None, seconds=60, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        until = time.monotonic() + seconds
        while True:
            answer = self._receive(until)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method, session, seconds=60):
        until = time.monotonic() + seconds
        while True:
            for i, event in enumerate(self.events):
                if event.get("method") == method and event.get("sessionId") == session:
                    return self.events.pop(i)
            self.events.append(self._receive(until))

    def open(self, address, script=True):
        return Page(self, address, script)


class Page:
    def __init__(self, browser, address, script):
        self.browser = browser
        self.target = browser.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.send("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        self.width(1280)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        if not script:
            self.send("Emulation.setScriptExecutionDisabled", value=True)
        self.send("Page.navigate", url=address)
        browser.wait_for("Page.loadEventFired", self.session)
        self.send("Page.bringToFront")

    def close(self):
        self.browser.send("Target.closeTarget", targetId=self.target)
        self.browser.events.clear()

    def send(self, method, **parameters):
        return self.browser.send(method, session=self.session, **parameters)

    def run(self, script):
        """The value of a JavaScript expression."""
        answer = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def press(self, key):
        name, code, text = KEYS[key]
        common = {"key": " " if key == "Space" else name, "code": name, "windowsVirtualKeyCode": code}
        self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text):
        for letter in text:
            self.send("Input.dispatchKeyEvent", type="char", text=letter)

    def media(self, scheme="light", kind=""):
        self.send("Emulation.setEmulatedMedia", media=kind,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def width(self, columns):
        self.send("Emulation.setDeviceMetricsOverride", width=columns, height=800, deviceScaleFactor=1, mobile=False)

    def complaints(self):
        """What the console holds: errors, warnings, exceptions, refused resources."""
        self.run("0")  # what has happened until now has been told then
        out = []
        for event in self.browser.events:
            if event.get("sessionId") != self.session:
                continue
            if event["method"] in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
                out.append(json.dumps(event["params"])[:400])
        return out

    def requests(self):
        """Addresses that were asked for."""
        return [event["params"]["request"]["url"] for event in self.browser.events
                if event.get("sessionId") == self.session and event["method"] == "Network.requestWillBeSent"]
