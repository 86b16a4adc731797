"""What the README says is what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_five_lines_run(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(code.strip().splitlines()) == 5
    script = f"import shutil; shutil.copytree({str(ROOT / 'corpus')!r}, 'corpus')\n{code}"
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "6.728 million defective vehicles" in ran.stdout
    assert "Liu Sanjiang" in ran.stdout


def test_every_requirement_is_pinned_and_explained() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    names = [line.split("==")[0] for line in lines if line and not line.startswith("#")]
    assert len(names) == sum("==" in line for line in lines)
    for name in names:
        assert f"| {name} |" in README, name


def test_the_tree_names_what_is_there() -> None:
    (tree,) = re.findall(r"```text\n(corpus/.*?)```", README, re.DOTALL)
    for name in re.findall(r"^\s*([\w./]+\.(?:py|json|txt)|\w+/)", tree, re.MULTILINE):
        assert list(ROOT.glob(name)) or list((ROOT / "qa").glob(name)), name


def test_pictures_exist() -> None:
    for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / name).is_file(), name
