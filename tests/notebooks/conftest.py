"""Notebooks as their readers see them: a JupyterLab of the tests' own, looked at with a headless Chromium.

The server keeps its settings, kernels and files in temporary folders, and the browser reaches nothing but that server.

``HONGTU_SCREENSHOTS=folder`` leaves pictures of every notebook there, to be looked at.
"""

import json
import os
import re
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Frame, Request

CHROMIUM = Path("/usr/bin/chromium")
TOKEN = "hongtu"
LAB_SETTINGS: dict[str, dict[str, object]] = {
    # These would put a question on the screen, or ask someone elsewhere.
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/apputils-extension/themes": {
        "theme": os.environ.get("HONGTU_LAB_THEME", "JupyterLab Light")
    },
}
FAILED = '[data-mime-type="application/vnd.jupyter.stderr"]'
"""Where JupyterLab shows an error, or what was written to stderr."""

Seen = TypeVar("Seen")


def wait_for(look: Callable[[], Seen | None], what: str) -> Seen:
    """Look until something is there, and return it."""
    end = time.monotonic() + 30
    while not (seen := look()):
        if time.monotonic() > end:
            pytest.fail(f"no {what} within 30 seconds")
        time.sleep(0.05)
    return seen


class Sheet:
    """A page with views of Hongtu: a notebook that is open, or one that was saved as HTML.

    :param name: of its screenshots.
    :param server: the one that the page may ask; what it asks for elsewhere, in vain, is kept in ``elsewhere``.
    """

    def __init__(self, browser: "BrowserContext", url: str, name: str, server: str = "no server") -> None:
        self.page, self.name = browser.new_page(), name
        self.elsewhere: list[str] = []

        def note(request: "Request") -> None:
            if request.url.startswith("http") and not request.url.startswith(server):
                self.elsewhere.append(request.url)

        self.page.on("request", note)
        self.page.goto(url)

    def frames(self, holding: str) -> "list[Frame]":
        """Return the pages in frames that hold an element, in their order."""
        found = []
        for place in self.page.locator("iframe[srcdoc]").all():
            # What is far from the screen is neither loaded nor drawn.
            place.scroll_into_view_if_needed()
            frame = wait_for(place.element_handle().content_frame, "page in a frame")
            frame.wait_for_load_state()
            if frame.locator(holding).count():
                found.append(frame)
        return found

    def pictures(self) -> "list[Frame]":
        """Return the explorers, each drawn."""
        found = self.frames("#picture .vis-network")
        for frame in found:
            frame.frame_element().scroll_into_view_if_needed()
            wait_for(lambda frame=frame: place_of(frame, 255, 255, 255), "picture drawn")  # type: ignore[misc]
            self._screenshot(f"picture-{found.index(frame) + 1}")
        return found

    def place_of_edge(self, picture: "Frame") -> tuple[float, float]:
        """Return a place on the edge that is chosen, midway between its ends, in CSS pixels of the picture."""
        return wait_for(lambda: place_of(picture, 0xB0, 0x3A, 0x2E), "red edge in the picture")

    def tables(self) -> "list[Frame]":
        """Return the tables, each with its rows."""
        found = self.frames("tr.row")
        for frame in found:
            frame.frame_element().scroll_into_view_if_needed()
            self._screenshot(f"table-{found.index(frame) + 1}")
        return found

    def _screenshot(self, what: str) -> None:
        if folder := os.environ.get("HONGTU_SCREENSHOTS"):
            self.page.wait_for_timeout(500)
            self.page.screenshot(path=Path(folder) / f"{self.name}-{what}.png")


class OpenNotebook(Sheet):
    """A notebook that is open in JupyterLab or Notebook 7.

    :param app: the path under which the application opens notebooks.
    """

    def __init__(self, browser: "BrowserContext", server: str, app: str, file: Path) -> None:
        url = f"{server}{app}/{urllib.parse.quote(file.name)}?token={TOKEN}&reset"
        super().__init__(browser, url, file.stem, server)
        self.file, self.server = file, server
        self.page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()

    def run_all(self) -> None:
        """Choose Run All Cells from the menu, and wait until all have run or one has failed."""
        wait_for(self._kernel_waits, "kernel")
        self.page.get_by_role("menubar").get_by_text("Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        wait_for(self._ended, "end of the run")

    def _kernel_waits(self) -> bool:
        # What is run before the kernel has first answered JupyterLab is lost.
        if self.page.locator(".jp-Notebook-ExecutionIndicator").get_attribute("data-status") != "idle":
            return False
        sessions = self.page.request.get(f"{self.server}api/sessions?token={TOKEN}").json()
        states = {session["path"]: session["kernel"]["execution_state"] for session in sessions}
        return states.get(self.file.name) == "idle"

    def _ended(self) -> bool:
        prompts = self._prompts()
        if all(re.search(r"\[\d+\]", prompt) for prompt in prompts):
            return True
        if not self.page.locator(FAILED).count():
            return False
        # An error ends the run, unless the cell is meant to fail: then the next one starts at once.
        self.page.wait_for_timeout(1000)
        return "[*]:" not in prompts and self._prompts() == prompts

    def _prompts(self) -> list[str]:
        return self.page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").all_text_contents()

    def save(self) -> None:
        """Save the notebook with its outputs."""
        with self.page.expect_response(lambda response: response.request.method == "PUT"):
            self.page.locator('[data-command="docmanager:save"]').first.click()


def place_of(picture: "Frame", red: int, green: int, blue: int) -> tuple[float, float] | None:
    """Return a place of the picture that is of nearly this colour, in CSS pixels: the middle one from left to right."""
    place: tuple[float, float] | None = picture.evaluate(
        """([red, green, blue]) => {
            const canvas = document.querySelector("#picture canvas");
            if (!canvas?.width) return null;
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const near = (at, part) => Math.abs(data[at] - part) < 24;
            const scale = canvas.clientWidth / canvas.width, found = [];
            for (let x = 0; x < canvas.width; x++)
                for (let y = 0, at = x * 4; y < canvas.height; y++, at += canvas.width * 4)
                    if (data[at + 3] > 128 && near(at, red) && near(at + 1, green) && near(at + 2, blue))
                        found.push([x * scale, y * scale]);
            return found[Math.floor(found.length / 2)] || null;
        }""",
        [red, green, blue],
    )
    return place


class JupyterLab:
    """A server that runs, with its folder of notebooks, and the browser that looks at it."""

    def __init__(self, url: str, folder: Path, browser: "BrowserContext") -> None:
        self.url, self.folder, self.browser = url, folder, browser

    def open(self, name: str, *, app: str = "lab/tree") -> OpenNotebook:
        """Open a notebook of the folder in JupyterLab, or with ``app="notebooks"`` in Notebook 7."""
        return OpenNotebook(self.browser, self.url, app, self.folder / name)

    def open_html(self, file: Path) -> Sheet:
        """Open a file in the same browser, without any server."""
        return Sheet(self.browser, file.as_uri(), f"{file.stem}-html")


@pytest.fixture(scope="module")
def browser() -> "Iterator[BrowserContext]":
    """A headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"Chromium is not installed: {CHROMIUM}")
    with playwright.sync_playwright() as started:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        options += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"]
        with started.chromium.launch(executable_path=CHROMIUM, args=options) as launched:
            context = launched.new_context(
                locale="zh-CN", viewport={"width": 1400, "height": 900}, reduced_motion="reduce"
            )
            context.set_default_timeout(15_000)
            yield context


@pytest.fixture(scope="module")
def jupyterlab(browser: "BrowserContext", tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterLab]:
    """A JupyterLab with an empty folder and nothing of the user's own."""
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    from ipykernel.kernelspec import write_kernel_spec

    home = tmp_path_factory.mktemp("home")
    folder = tmp_path_factory.mktemp("notebooks")
    write_kernel_spec(home / "data" / "kernels" / "python3")
    for name, settings in LAB_SETTINGS.items():
        file = home / "settings" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings), "utf-8")
    own = {
        "HOME": home,
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        "HONGTU_LANG": "zh",
    }
    options = ["--no-browser", "--allow-root", "--LabApp.extension_manager=readonly", "--ServerApp.port=0"]
    options += [f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={TOKEN}"]
    log = home / "log.txt"
    with log.open("wb") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env={**os.environ, **{name: str(value) for name, value in own.items()}},
            cwd=home,
            stdout=written,
            stderr=subprocess.STDOUT,
        )

    def address() -> str | None:
        if server.poll() is not None:
            pytest.fail(f"JupyterLab ended: {log.read_text('utf-8')}")
        # The file is there before its text is.
        texts = [file.read_text("utf-8") for file in (home / "runtime").glob("jpserver-*.json")]
        return json.loads(texts[0])["url"] if any(texts) else None

    try:
        yield JupyterLab(wait_for(address, "JupyterLab"), folder, browser)
    finally:
        server.terminate()
        server.wait(20)
