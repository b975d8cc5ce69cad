"""The benchmark works. The values measured here are meaningless, and no test asserts a duration."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.bench.__main__ import run, run_steady
from dev.bench.figures import FIGURES
from dev.bench.load import Request, drive, send
from dev.bench.measure import Plan
from dev.bench.model_server import REPLY
from dev.bench.report import store_report
from dev.bench.servers import Process, model_server
from dev.bench.usage import cpu_seconds, memory

TINY = Plan(
    rounds=1,
    processes=1,
    warm_up=0.1,
    window=0.1,
    call=0.02,
    first_token=0.01,
    some=2,
    few=3,
    many=4,
    max_in_flight=5,
    slow_call=0.04,
    long=4,
    faults=0.0,
    client_calls=3,
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    with model_server(tmp_path_factory.mktemp("model")) as model:
        model.post("/settings", {"seconds": 0.0, "first_token": 0.0})
        yield model


def ask(text: str, expected: str = "", **parameters: object) -> Request:
    body = {"model": "m", "messages": [{"role": "system", "content": text}], **parameters}
    return Request("/v1/chat/completions", body, "key", expected.encode())


@pytest.mark.soak
def test_run_reports_every_figure(server_url: str, tmp_path: Path) -> None:
    report = run(TINY, server_url, tmp_path, lambda line: None)
    for figure in FIGURES:
        assert f"| {figure.name.format(**TINY.__dict__)} |" in report
    assert report.count("| met |") + report.count("| **missed** |") == len(FIGURES)
    assert "| errors in all other runs without faults | 0 |" in report
    assert "| baseline: errors in all other runs without faults | 0 |" in report
    for in_flight in TINY.loads:
        assert report.count(f"\n| {in_flight} | ") == 2
    assert "| errors, 5 in flight at 0.04 s per call | 0 |" in report
    assert "# Errors" not in report


@pytest.mark.soak
def test_steady_run_reports_levels_and_tables(server_url: str, tmp_path: Path) -> None:
    report = run_steady(TINY, 3, server_url, tmp_path, lambda line: None)
    assert "0.05 minutes with 2 turns in flight" in report
    assert " 0 errors" in report
    for label in ("memory of the server's processes (PSS), MB", "threads", "open file descriptors"):
        assert f"| {label} | " in report


def test_results_keep_other_versions(tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    results.write_text("# Results\n\n## 0.0.9: loads\n\nold\n")
    store_report("first\n", "loads", results)
    store_report("steady\n", "steady run", results)
    store_report("second\n", "loads", results)
    text = results.read_text()
    assert [line for line in text.splitlines() if line] == [
        "# Results",
        "## 0.1.0: steady run",
        "steady",
        "## 0.1.0: loads",
        "second",
        "## 0.0.9: loads",
        "old",
    ]


def test_model_server_answers_by_the_marker_in_the_prompt(model: Process) -> None:
    steps = [ask("[[selection]]"), ask("[[extraction]]"), ask("[[response]]")]
    said = [body["choices"][0]["message"]["content"] for body in send(model.port, steps, 2)]
    assert said == ['{"stage": "Support", "confidence": 0.9}', '{"order_number": "A-10433"}', REPLY]


def test_faults_are_injected_at_the_given_rate(model: Process) -> None:
    model.post("/settings", {"faults": 1.0})
    outcome = drive(model.port, 1, lambda _: ask("[[response]]"), warm_up=0, window=0.5)
    model.post("/settings", {"faults": 0.0})
    assert outcome.answered == 0
    assert {error[:3] for error in outcome.errors} <= {"500", "429", "Inc", "Con"}
    assert outcome.failed == len(outcome.errors) > 0


def test_wrong_answer_counts_as_error(model: Process) -> None:
    outcome = drive(model.port, 2, lambda _: ask("[[response]]", "something else"), warm_up=0, window=0.2)
    assert outcome.answered == 0
    assert set(outcome.errors) == {"200 with a wrong answer"}


def test_requests_and_cpu_time_are_counted(model: Process) -> None:
    before = cpu_seconds(model.pids())
    outcome = drive(model.port, 3, lambda _: ask("[[response]]", REPLY), warm_up=0.1, window=0.3)
    assert outcome.errors == []
    assert 0 < len(outcome.seconds) < outcome.answered
    assert cpu_seconds(model.pids()) > before
    assert memory(model.pids()) > 1_000_000
