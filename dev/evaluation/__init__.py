"""`make evaluate`: how well the default templates answer labelled messages with a real model.

__main__.py    the command
messages.json  the labelled messages; shop.json has the customers and orders that they need in the demo shop
labelled.py    reads both
run.py         sends the messages to the demo shop, one after the other, and stores each turn
checks.py      what is wrong with a reply or a value: leaks, claims, the language, values that were not said
scores.py      the figures of a run
report.py      bench/EVALUATION.md

The stored turns of a run are in `evaluation/<name>.jsonl` in ICMP_DATA_DIR.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
