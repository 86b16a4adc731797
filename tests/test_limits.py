"""Limits, passwords, headers, and what the server refuses; and the command that sets them."""

from __future__ import annotations

import base64
import io
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from gradio_client import Client

from qa import auth, cli, limits, service, serving
from qa.auth import Accounts, line_for, read_accounts
from qa.errors import QAError
from qa.limits import Buckets, RateLimit, client_of
from qa.serving import Settings, protect
from tests.conftest import ROOT
from tests.serving import client as serving_client
from tests.serving import served, wait_for

LOCAL = Settings(hosts=serving.LOCAL | {"testserver"})


def plain(settings: Settings = Settings(), host: str = "testserver") -> TestClient:
    """What stands in front of the routes, without the page."""
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def any(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    protect(app, settings)
    return TestClient(app, base_url=f"http://{host}")


@cache
def accounts() -> Accounts:
    lines = dict([line_for("ann", "open sesame").split(":"), line_for("bøb", "pässword: 1").split(":")])
    return Accounts({name: auth._Hash.parse(text) for name, text in lines.items()})


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


# -- how often -------------------------------------------------------------------------------------------------------


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    buckets = Buckets(60, 2, clock)
    for _ in range(2):
        assert buckets.wait("a") == 0
        buckets.take("a")
    assert buckets.wait("a") == 1
    assert buckets.wait("b") == 0
    clock.now += 0.5
    assert buckets.wait("a") == 0.5
    clock.now += 1000
    assert buckets.wait("a") == 0
    for _ in range(2):
        buckets.take("a")
    assert buckets.wait("a") == 1


def test_the_addresses_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_CLIENTS", 10)
    buckets = Buckets(60, 1, Clock())
    for number in range(1000):
        buckets.take(str(number))
    assert len(buckets._filled) == 10
    assert (buckets.wait("999"), buckets.wait("0")) == (1, 0)


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("testclient", "testclient"),
    ],
)
def test_one_machine_is_one_client(host: str, client: str) -> None:
    assert client_of({"client": (host, 1)}) == client


@pytest.mark.parametrize(
    ("method", "path", "counts"),
    [
        ("POST", "/gradio_api/queue/join", True),
        ("POST", "/gradio_api/call/ask", True),
        ("POST", "/gradio_api/call/v2/ask", True),
        ("POST", "/api/v1/ask", True),
        ("GET", "/api/v1/transcripts", True),
        ("POST", "/transcripts?name=a.txt", True),
        ("POST", "/transcripts/inspect?name=a.txt", True),
        ("POST", "/verify", True),
        ("POST", "/mcp", True),
        ("GET", "/", False),
        ("GET", "/healthz", False),
        ("GET", "/gradio_api/queue/data", False),
    ],
)
def test_what_asks_counts(method: str, path: str, counts: bool) -> None:
    client = plain(Settings(rate=1))
    assert client.request(method, path).status_code == 200
    response = client.request(method, path)
    assert response.status_code == (429 if counts else 200)
    if counts:
        wait = response.headers["retry-after"]
        assert 0 < int(wait) <= 60
        assert response.json()["detail"] == f"Too many questions from here; wait {wait} s and ask again."
        assert response.json()["error"] == response.json()["detail"]


def test_another_address_is_not_held_up() -> None:
    app = RateLimit(plain().app, 1)
    one, other = (TestClient(app, client=(host, 1)) for host in ("203.0.113.1", "203.0.113.2"))
    assert [one.post("/mcp").status_code for _ in range(2)] == [200, 429]
    assert other.post("/mcp").status_code == 200


def test_without_a_rate_nothing_is_counted() -> None:
    client = plain()
    assert {client.post("/api/v1/ask").status_code for _ in range(200)} == {200}


@pytest.mark.parametrize(("trusted", "status"), [("", 429), ("127.0.0.1", 200)])
def test_whom_a_request_is_from_is_believed_only_where_it_is_told(
    monkeypatch: pytest.MonkeyPatch, trusted: str, status: int
) -> None:
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    if trusted:
        monkeypatch.setenv("FORWARDED_ALLOW_IPS", trusted)
    config = serving._config(plain(Settings(rate=1)).app)  # type: ignore[arg-type]
    config.load()
    client = TestClient(config.loaded_app, client=("127.0.0.1", 1))
    said = [client.post("/mcp", headers={"x-forwarded-for": f"203.0.113.{number}"}) for number in (1, 2)]
    assert [response.status_code for response in said] == [200, status]


# -- how much --------------------------------------------------------------------------------------------------------


def test_a_body_is_passed_on_whole_up_to_the_limit() -> None:
    client = plain()
    most = 1 << 20
    assert client.post("/api/v1/ask", content=b"a" * most).json() == {"bytes": most}
    response = client.post("/gradio_api/queue/join", content=b"a" * (most + 1))
    assert (response.status_code, response.json()["detail"]) == (413, "This is larger than the limit of 1 MB.")
    pieces = (b"a" * 65536 for _ in range(17))  # no content-length tells how much comes
    assert client.post("/mcp", content=pieces).status_code == 413
    assert client.post("/transcripts?name=a.txt", content=b"a" * (most + 1)).json() == {"bytes": most + 1}


def test_files_are_limited_in_size_and_kind_before_they_are_read(tmp_path: Path) -> None:
    ours = {"X-On-The-Record": "1"}
    with serving_client(tmp_path, Settings(max_upload=1 << 20)) as client:
        for where in ("/transcripts/inspect", "/transcripts"):
            large = client.post(f"{where}?name=a.txt", content=b"a" * (1 << 20 | 1), headers=ours)
            assert large.json() == {"error": "over the limit of 1 MB; split it"}
            other = client.post(f"{where}?name=a.exe", content=b"a" * (1 << 20 | 1), headers=ours)
            assert other.json()["error"].startswith("a.exe: cannot read .exe")


def test_a_full_queue_is_said_clearly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving_client(tmp_path) as client:
        config = client.get("/config").json()["dependencies"]
        asks = next(event["id"] for event in config if event["api_name"] == "ask")
        page = next(route.app for route in client.app.routes if getattr(route, "path", None) == "")  # type: ignore
        page.get_blocks()._queue.max_size = 0
        body = {"data": ["Why?", 3, [], []], "fn_index": asks, "session_hash": "x"}
        response = client.post("/gradio_api/queue/join", json=body)
        assert response.status_code == 503
        assert response.json()["detail"] == "Too many people are asking at this moment; ask again in a minute."


def test_gradios_own_upload_is_closed(tmp_path: Path) -> None:
    with serving_client(tmp_path) as client:
        for path in ("/gradio_api/upload", "/gradio_api/upload?upload_id=1", "/gradio_api//upload"):
            response = client.post(path, files={"files": ("a.html", b"<script>")})
            assert response.status_code in (403, 404, 405), path
        assert client.post("/gradio_api/upload").json()["detail"] == "This is not offered here."


REACHED: list[object] = []  # what the process looks up or connects to, beyond this machine


def reached(event: str, given: tuple[Any, ...]) -> None:
    if event not in ("socket.connect", "socket.getaddrinfo"):
        return
    host = given[0] if event == "socket.getaddrinfo" else given[1][0] if isinstance(given[1], tuple) else "localhost"
    if host not in (None, "localhost", "127.0.0.1", "::1"):
        REACHED.append(host)


@cache
def watch_the_network() -> None:  # once: such a hook stays
    sys.addaudithook(reached)


def test_the_server_fetches_nothing_for_anybody(tmp_path: Path) -> None:
    watch_the_network()
    where = "http://93.184.215.14/x.png"
    file = {"path": where, "meta": {"_type": "gradio.FileData"}}
    escaped = json.dumps(file).replace("path", "p\\u0061th").replace("meta", "m\\u0065ta").encode()
    with serving_client(tmp_path) as client:
        REACHED.clear()
        for path in (f"file={where}", f"proxy={where}", "file/x", "stream/x", "deep_link?session_hash=x"):
            assert client.get(f"/gradio_api/{path}").status_code == 403, path
            assert client.head(f"/gradio_api/{path}").status_code == 403, path
        for given in (file, [file], {"a": [{"b": file}]}, {**file, "url": where, "path": "x"}):
            body = {"data": [given, 3, [], []], "fn_index": 0, "session_hash": "x"}
            for path in ("queue/join", "call/ask", "call/v2/ask", "run/predict"):
                assert client.post(f"/gradio_api/{path}", json=body).status_code == 403, (path, given)
        json_type = {"content-type": "application/json"}
        body = b'{"data": [' + escaped + b", 3, [], []]}"
        assert client.post("/gradio_api/call/ask", content=body, headers=json_type).status_code == 403
        deep = b"[" * 100_000
        assert client.post("/gradio_api/call/ask", content=deep, headers=json_type).status_code == 403
        said = {"data": ["Whose path and meta is gradio.FileData?", 3, [], []]}
        event = client.post("/gradio_api/call/ask", json=said).json()["event_id"]
        assert "complete" in client.get(f"/gradio_api/call/ask/{event}").text
    assert REACHED == []


# -- who -------------------------------------------------------------------------------------------------------------


def test_everything_but_the_health_check_asks_for_the_password(tmp_path: Path) -> None:
    with serving_client(tmp_path, Settings(accounts=accounts())) as client:
        closed = ["/", "/config", "/page/style.css", "/readyz", "/gradio_api/info", "/api/v1/transcripts", "/nothing",
                  "/healthz/", "//healthz"]  # fmt: skip
        for path in closed:
            response = client.get(path, follow_redirects=False)
            assert response.status_code == 401, path
            assert response.headers["www-authenticate"] == 'Basic realm="On the Record", charset="UTF-8"'
            assert "default-src" in response.headers["content-security-policy"]
        assert client.post("/api/v1/ask", json={"question": "Why?"}).status_code == 401
        assert client.get("/healthz").json() == {"status": "ok"}
        for name, password in (("ann", "open sesame"), ("bøb", "pässword: 1"), ("bøb", "pa\u0308ssword: 1")):
            assert client.get("/", headers=basic(name, password)).status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        basic("ann", "open sesam"), basic("ann", ""), basic("", ""), basic("ANN", "open sesame"),
        basic("bøb", "open sesame"), basic("nobody", "open sesame"), {"Authorization": "Basic !!!"},
        {"Authorization": "Basic /w=="}, {"Authorization": "Bearer open sesame"}, {"Authorization": "Basic"},
        {"Authorization": "Basic " + base64.b64encode(b"ann").decode()}, basic("ann", "a" * 5000),
    ],
)  # fmt: skip
def test_what_is_not_right_is_refused(given: dict[str, str]) -> None:
    assert plain(Settings(accounts=accounts())).get("/", headers=given).status_code == 401


def test_an_unknown_name_costs_as_much_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[Any] = []
    real = auth._scrypt
    monkeypatch.setattr(auth, "_scrypt", lambda *given: hashed.append(given[2:]) or real(*given))
    for name in ("ann", "nobody"):
        assert not accounts().admits(name, "wrong")
    assert hashed[0] == hashed[1]
    assert len(hashed) == 2


def test_a_right_password_is_hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    client = plain(Settings(accounts=accounts()))
    assert client.get("/", headers=basic("ann", "open sesame")).status_code == 200
    monkeypatch.setattr(auth, "_scrypt", lambda *given: pytest.fail("hashed again"))
    assert client.get("/", headers=basic("ann", "open sesame")).status_code == 200


def test_who_guesses_is_slowed_down_and_who_is_known_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "_BURST", 3)
    client = plain(Settings(accounts=accounts()))
    assert client.get("/", headers=basic("ann", "open sesame")).status_code == 200
    tried = [client.get("/", headers=basic("ann", str(number))) for number in range(4)]
    assert [response.status_code for response in tried] == [401, 401, 401, 429]
    assert int(tried[3].headers["retry-after"]) > 0
    assert client.get("/", headers=basic("bøb", "pässword: 1")).status_code == 429
    assert client.get("/", headers=basic("ann", "open sesame")).status_code == 200
    assert client.get("/").status_code == 401


def test_gradio_client_has_a_password_too(tmp_path: Path) -> None:
    with served(tmp_path, Settings(accounts=accounts())) as address:
        record = Client(address, headers=basic("ann", "open sesame"), verbose=False)
        assert record.predict("When was the load limit lowered?", api_name="/ask")["hits"]


def test_password_prints_a_line_that_admits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("three words long\n"))
    assert cli.main(["password", "ann"]) == 0
    file = tmp_path / "accounts.txt"
    file.write_text("# who may ask\n\n" + capsys.readouterr().out)
    assert read_accounts(file).admits("ann", "three words long")
    assert "three" not in file.read_text()


def test_password_asks_twice_at_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    typed = iter(["one", "one", "one", "two"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    assert cli.main(["password", "ann"]) == 0
    assert capsys.readouterr().out.startswith("ann:scrypt$")
    assert cli.main(["password", "ann"]) == 2
    assert capsys.readouterr().err == "qa: the two passwords differ; nothing was made\n"


@pytest.mark.parametrize(
    ("name", "password"), [("", "x"), ("a:b", "x"), ("#a", "x"), ("a\n", "x"), ("a", ""), ("a", "x" * 1025)]
)
def test_a_name_or_password_that_cannot_be_is_refused(name: str, password: str) -> None:
    with pytest.raises(QAError):
        line_for(name, password)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "nobody is in it"),
        ("ann:secret\n", "line 1 is not name:hash"),
        ("# x\nann:scrypt$16384$8$5$AAAA$AAAA\n", "line 2 is not name:hash"),
        ("ann:scrypt$99999999999$8$5$AAAA$" + base64.b64encode(bytes(32)).decode(), "line 1 is not name:hash"),
        ("ann:scrypt$3$8$5$AAAA$" + base64.b64encode(bytes(32)).decode(), "line 1 is not name:hash"),
    ],
)
def test_a_file_without_accounts_is_one_line(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "accounts.txt").write_text(content)
    with pytest.raises(QAError, match=said):
        read_accounts(tmp_path / "accounts.txt")


# -- what another site may not do ------------------------------------------------------------------------------------


def test_every_response_has_strict_headers(tmp_path: Path) -> None:
    with serving_client(tmp_path) as client:
        for path in ("/", "/healthz", "/page/style.css", "/nothing", "/api/v1/transcripts"):
            headers = client.get(path).headers
            assert "frame-ancestors 'self'" in headers["content-security-policy"]
            assert headers["x-frame-options"] == "SAMEORIGIN"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert "camera=()" in headers["permissions-policy"]
            assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200), ("localhost:7860", 200), ("127.0.0.1:7860", 200), ("[::1]:7860", 200), ("LOCALHOST", 200),
        ("testserver", 200), ("evil.example", 400), ("127.0.0.1.evil.example", 400), ("localhost@evil.example", 400),
        ("", 400), ("[", 400), ("evil.example:80@localhost", 200),
    ],
)  # fmt: skip
def test_on_this_machine_only_its_own_names_are_answered(host: str, status: int) -> None:
    assert plain(LOCAL).get("/", headers={"host": host}).status_code == status


def test_elsewhere_any_name_is_answered() -> None:
    assert plain().get("/", headers={"host": "record.example"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "https://testserver"}, 200),
        ({"origin": "http://testserver:81"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_a_page_of_another_site_can_change_nothing(headers: dict[str, str], status: int) -> None:
    for path in ("/gradio_api/queue/join", "/gradio_api/call/ask", "/api/v1/ask", "/transcripts?name=a", "/mcp"):
        assert plain().post(path, headers=headers).status_code == status


def test_a_link_from_another_site_opens_the_page() -> None:
    assert plain().get("/?q=why", headers={"sec-fetch-site": "cross-site"}).status_code == 200
    assert plain().get("/config", headers={"origin": "http://evil.example"}).status_code == 403


def test_behind_a_proxy_the_name_allowed_is_an_origin() -> None:
    client = plain(Settings(hosts=serving.LOCAL | {"record.example"}), "127.0.0.1")
    assert client.post("/mcp", headers={"origin": "https://record.example"}).status_code == 200
    assert client.post("/mcp", headers={"origin": "http://localhost:3000"}).status_code == 403


# -- the command -----------------------------------------------------------------------------------------------------


def options(*given: str) -> Any:
    return cli._parser().parse_args(["serve", *given])


@pytest.mark.parametrize(
    ("given", "host", "hosts"),
    [
        ([], "127.0.0.1", serving.LOCAL),
        ([], "localhost", serving.LOCAL),
        ([], "127.0.0.5", serving.LOCAL | {"127.0.0.5"}),
        ([], "0.0.0.0", frozenset()),
        (["--allow-host", "Record.example"], "127.0.0.1", serving.LOCAL | {"record.example"}),
        (["--allow-host", "record.example"], "0.0.0.0", serving.LOCAL | {"record.example"}),
    ],
)
def test_the_names_answered_follow_from_the_host(given: list[str], host: str, hosts: frozenset[str]) -> None:
    assert serving._settings(options(*given), host).hosts == hosts


def test_the_options_say_how_it_is_served() -> None:
    settings = serving._settings(options("--rate", "7", "--concurrency", "3", "--max-upload", "5", "--mcp"), "::1")
    assert (settings.rate, settings.at_once, settings.max_upload, settings.mcp) == (7, 3, 5 << 20, True)
    default = serving._settings(options(), "::1")
    assert (default.rate, default.at_once, default.max_upload, default.mcp) == (60, limits.AT_ONCE, 64 << 20, False)


@pytest.mark.parametrize(
    "wrong", [["--rate", "-1"], ["--port", "0"], ["--port", "65536"], ["--concurrency", "0"], ["--max-upload", "65"]]
)
def test_an_option_out_of_range_is_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        options(*wrong)
    assert stopped.value.code == 2
    assert "must be a whole number from" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["app.py"], ["-m", "qa", "serve"]])
def test_a_port_that_is_taken_is_one_line(command: list[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = subprocess.run([sys.executable, *command, "--port", port], cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.splitlines() == [
        f"qa: cannot serve at 127.0.0.1, port {port}: Address already in use; --port N takes another"
    ]


def test_both_commands_have_the_same_help() -> None:
    helps = [
        subprocess.run(
            [sys.executable, *command, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for command in (["app.py"], ["-m", "qa", "serve"])
    ]
    assert helps[0] == helps[1]


def test_help_loads_nothing_heavy() -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "app.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert "argparse" in loaded
    assert sorted({"gradio", "fastapi", "uvicorn", "torch"} & loaded) == []


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"GRADIO_SERVER_PORT": "many"}, "GRADIO_SERVER_PORT is 'many'; it must be a whole number from 1 to 65535"),
        ({"GRADIO_SERVER_NAME": "nowhere.invalid"}, "cannot serve at nowhere.invalid: "),
    ],
)
def test_an_environment_that_cannot_be_is_one_line(
    environment: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert cli.main(["serve"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"qa: {said}")


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_it_serves_where_the_environment_says_and_warns(tmp_path: Path, port: int) -> None:
    environment = {**os.environ, "GRADIO_SERVER_NAME": "0.0.0.0", "GRADIO_SERVER_PORT": str(port)}
    command = [sys.executable, "app.py", "--index", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as server:
        wait_for(lambda: server.poll() is not None or _answers(port))
        server.send_signal(signal.SIGINT)
        said = (server.communicate(timeout=60)[1] or "").splitlines()
    assert said[:2] == [
        "qa: anybody who reaches 0.0.0.0 can ask and read what is in the library; --auth FILE asks for a password",
        f"qa: On the Record: http://0.0.0.0:{port}",
    ]


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as response:
            return bool(response.status == 200)
    except OSError:
        return False


def test_a_missing_page_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(serving.importlib, "import_module", missing)
    with pytest.raises(QAError, match="which is not installed with the package"):
        serving._page()


def test_questions_answered_at_once_share_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    taken: list[int] = []
    monkeypatch.setattr(torch, "get_num_threads", lambda: 8)
    monkeypatch.setattr(torch, "set_num_threads", taken.append)
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    for at_once in (1, 2, 4, 64):
        service._share_cores(at_once)
    assert taken == [4, 2, 1]
