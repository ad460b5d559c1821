"""Help, man page and completions come from one table, and agree with what is parsed."""

import re
import shutil
import subprocess

import pytest

COMMANDS = "explain train eval count merge refine compile info top stem tokens passages".split()


def options_of(text):
    return set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", text, re.M))


def test_front_page_is_one_screen(classify):
    text = classify("--help").text
    lines = text.splitlines()
    assert len(lines) <= 60 and max(map(len, lines)) <= 80
    assert all(re.search(rf"^  {name} ", text, re.M) for name in COMMANDS)
    assert "examples:" in text and "exit status: 0" in text
    assert classify("-h").text == text


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_teaches_with_an_example(classify, command):
    text = classify(command, "--help").text
    assert text.startswith(f"usage: classify {command} ")
    assert re.search(rf"^  .*classify {command}\b", text, re.M) and "exit status:" in text
    assert max(map(len, text.splitlines())) <= 80
    assert {"--help", "--version"} <= options_of(text)


def test_every_option_of_the_help_is_known(classify):
    for command in ([], *([name] for name in COMMANDS)):
        for option in options_of(classify(*command, "--help").text):
            ended = subprocess.run([*classify_command(), *command, option], capture_output=True, input=b"", timeout=60)
            assert b"unknown option" not in ended.stderr, (command, option)


def classify_command():
    from conftest import COMMAND

    return [COMMAND]


def test_version(classify):
    assert re.fullmatch(r"classify \d+\.\d+\.\d+\n", classify("--version").text)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["-x"],
        ["--model"],
        ["-j", "many"],
        ["-j", "-1"],
        ["--min-probability", "2"],
        ["--min-probability", "nan"],
        ["--format", "xml"],
        ["--lines", "--csv"],
        ["--field", "a"],
        ["--column", "a"],
        ["--csv", "--delimiter", "ab"],
        ["--help=x"],
        ["stem"],
        ["train", "x"],
        ["train", "-o", "x"],
        ["compile", "-o", "x", "a", "b"],
        ["merge", "-o", "x"],
        ["top", "x"],
        ["info", "a", "b"],
        ["explain", "--only", "x"],
    ],
)
def test_wrong_usage_is_one_line_and_status_2(classify, arguments):
    ended = classify(*arguments, status=2)
    assert len(ended.err.splitlines()) == 1 and not ended.out


def test_man_page(classify):
    page = classify("--generate", "man").text
    assert page.count("\n.SS ") == len(COMMANDS)
    for name in options_of(classify("--help").text):
        assert name.replace("-", "\\-") in page
    if shutil.which("groff"):
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=page.encode(), capture_output=True, timeout=60)
        assert not done.stderr, done.stderr.decode()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_know_every_command_and_option(classify, shell, tmp_path):
    script = classify("--generate", shell).text
    for name in COMMANDS:
        assert name in script
    for option in options_of(classify("--help").text) | options_of(classify("train", "--help").text):
        assert (f"-l {option[2:]} " if shell == "fish" else option) in script, option
    if shutil.which(shell):
        (tmp_path / "script").write_text(script)
        subprocess.run([shell, "-n", tmp_path / "script"], check=True, timeout=60)


def complete(script, *words):
    line = f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; _classify; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    done = subprocess.run(["bash", "-c", script + line], capture_output=True, timeout=60, check=True)
    return done.stdout.decode().split()


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_bash_completes(classify):
    script = classify("--generate", "bash").text
    assert complete(script, "classify", "tr") == ["train"]
    assert complete(script, "classify", "--lin") == ["--lines", "--line-buffered"]
    assert complete(script, "classify", "--format", "''") == ["tsv", "ndjson", "csv"]
    assert complete(script, "classify", "count", "--format", "t") == ["tsv"]
    assert complete(script, "classify", "stem", "-l", "u") == ["uk"]
    assert "--smoothing" in complete(script, "classify", "train", "--s")
