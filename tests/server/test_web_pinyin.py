"""How clerks find a service: by characters, pinyin and initials, without the tables in memory."""

import subprocess
import sys

import pytest

from paihao_server.web import pinyin


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinyin, "_known", {})


async def test_a_name_is_found_by_its_pinyin_and_initials_once_it_was_learned() -> None:
    await pinyin.learn(["不动产登记", "A", "重庆"])
    assert pinyin.search_words("不动产登记", "A") == "不动产登记 budongchandengji bdcdj a"
    assert "chongqing" in pinyin.search_words("重庆")


async def test_a_name_is_found_by_its_characters_when_pinyin_cannot_be_had(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    await pinyin.learn(["不动产登记"])
    assert pinyin.search_words("不动产登记") == "不动产登记"
    assert "characters only" in caplog.text


def test_the_server_does_not_keep_the_tables_of_pinyin_in_its_memory() -> None:
    code = "import sys, paihao_server.process; sys.exit('pypinyin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
