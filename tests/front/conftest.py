"""The npm packages and the generated types: once a run."""

import re
import shutil
from pathlib import Path

import pytest

from tests.front.blocks import files_of, write
from tests.front.mocked import ROOT
from tests.front.project import copied, run

OFFLINE = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET|E403")
# What taro.ts uses of @tarojs/taro, which is too large to install for it.
TARO = """declare module "@tarojs/taro" {
  interface Asked { url: string; method: "POST"; header?: Record<string, string>; data: object }
  const Taro: {
    login(): Promise<{ code: string }>;
    request<Data>(asked: Asked): Promise<{ statusCode: number; data: Data }>;
    getStorageSync(name: string): any;
    setStorageSync(name: string, value: unknown): void;
    removeStorageSync(name: string): void;
  };
  export default Taro;
}
"""


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with its packages and its generated types."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not here")
    folder = copied(tmp_path_factory.mktemp("front"))
    done = run(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    if done.returncode and OFFLINE.search(done.stderr):
        pytest.skip("the npm packages cannot be had here")
    assert done.returncode == 0, done.stderr
    made = run(folder, "npm", "run", "codegen")
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


@pytest.fixture(scope="session")
def page(project: Path) -> Path:
    """A project as docs/api/web-pages.md has its reader make one, with Taro's file beside it."""
    folder = project / "page"
    shown = files_of("web-pages.md")
    write({"codegen.ts": shown.pop("codegen.ts")}, folder)
    write(
        shown | {"taro.ts": files_of("mini-programs.md")["taro.ts"], "of-taro.d.ts": TARO},
        folder / "src",
    )
    shutil.copy(ROOT / "schema" / "snapshots" / "main.graphql", folder)
    shutil.copy(project / "documents" / "booking.graphql", folder / "src")
    shutil.copy(project / "tsconfig.json", folder)
    shutil.copy(project / "package.json", folder)
    made = run(folder, "npx", "--no-install", "graphql-codegen")
    assert made.returncode == 0, made.stdout + made.stderr
    return folder
