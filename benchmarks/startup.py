"""What people wait for: `import qa`, and the page's first answer against the model's readiness.

python -m benchmarks.startup
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from benchmarks.machine import save

_PORT = 7891
_IMPORT = "import time; t = time.perf_counter(); import qa; print(time.perf_counter() - t)"


def main() -> None:
    runs = [float(subprocess.check_output([sys.executable, "-c", _IMPORT])) for _ in range(9)]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "qa", "index", "corpus", "--index", folder], check=True)
        command = [sys.executable, "-m", "qa", "serve", "--port", str(_PORT), "--index", folder]
        began = time.monotonic()
        server = subprocess.Popen(command)
        try:
            page = _until("/", began)
            early = _status("/readyz")
            ready = _until("/readyz", began)
        finally:
            server.terminate()
            server.wait()
    save("startup", {
        "import qa, seconds, median of 9": round(statistics.median(runs), 4),
        "model ready when the page first answers": early == 200,
        "first page before the model, as a share of the time to ready": round(page / ready, 2),
    })  # fmt: skip


def _until(path: str, began: float) -> float:
    while time.monotonic() < began + 120:
        if _status(path) == 200:
            return time.monotonic() - began
        time.sleep(0.02)
    raise SystemExit(f"{path} did not answer within two minutes")


def _status(path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{_PORT}{path}") as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


if __name__ == "__main__":
    main()
