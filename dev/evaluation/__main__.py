"""`python -m dev.evaluation NAME`: evaluates the default templates with the model in OPENAI_BASE_URL or OPENAI_API_KEY.

The turns are stored in ICMP_DATA_DIR as they finish: an interrupted run continues with the messages that are missing.
Then the figures become the section NAME of bench/EVALUATION.md.
"""

import argparse
import dataclasses
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from config import Config, ConfigError
from dev.evaluation.labelled import read_labelled
from dev.evaluation.report import store_section, write_section
from dev.evaluation.run import Run, read_answers
from dev.evaluation.scores import score
from dev.postgres import EmbeddedPostgres


def main() -> None:
    parser = argparse.ArgumentParser(prog="evaluate", description=__doc__)
    parser.add_argument("name", nargs="?", default="latest", help="the name of the run (default: latest)")
    parser.add_argument("--only", metavar="ID", nargs="+", help="only messages whose ID starts so; stores no section")
    parser.add_argument("--minutes", type=float, default=24 * 60, help="send no message after so many minutes")
    parser.add_argument("--model", help="how the report names the model (default: OPENAI_MODEL)")
    parser.add_argument("--score", action="store_true", help="send nothing, only compute the figures")
    arguments = parser.parse_args()
    config = Config.from_env()
    file = config.data_dir / "evaluation" / f"{arguments.name}.jsonl"
    messages = read_labelled(datetime.now(UTC).date())
    if arguments.only:
        messages = [each for each in messages if each.id.startswith(tuple(arguments.only))]
    if not arguments.score:
        if not config.has_model:
            raise ConfigError("No language model is connected: set OPENAI_BASE_URL or OPENAI_API_KEY.")
        _answer(Run(messages), config, file, time.monotonic() + arguments.minutes * 60)
    answers = read_answers(file)
    if not answers:
        raise RuntimeError(f"{file} contains no turns.")
    section = write_section(score(messages, answers), arguments.model or config.openai_model)
    print(section)
    if not arguments.only:
        store_section(arguments.name, section)
    missing = [each.id for each in messages if each.id not in answers]
    if missing:
        sys.exit(f"evaluate: {len(missing)} messages are missing; run the same command again.")


def _answer(run: Run, config: Config, file: Path, deadline: float) -> None:
    """Answers the messages in a database of its own, which is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="icmp-evaluation-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server may run as another user
        server = EmbeddedPostgres(folder / "database", durable=False)
        try:
            config = dataclasses.replace(config, database_url=server.start(), database_direct_url=None, data_dir=folder)
            run.answer(config, file, deadline, _print_progress)
        finally:
            server.stop()


def _print_progress(line: str) -> None:
    print(f"evaluate: {line}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except (ConfigError, RuntimeError) as error:
        sys.exit(f"evaluate: {error}")
