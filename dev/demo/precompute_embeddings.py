"""`python -m dev.demo.precompute_embeddings`: computes the embeddings of the demo's sentences and stores them in
`message_processing/engines/rules/sentences.npz`, which saves seconds on the first start.

Run it after a change of the demo's stages or of the embedding model; a test fails when it is necessary.
"""

import tempfile
from pathlib import Path

import numpy as np

from app import close_app, create_app
from config import Config
from dev.demo import name_database
from dev.demo.__main__ import create_demo
from dev.postgres import EmbeddedPostgres
from message_processing.engines.rules.similarity import SHIPPED, read_embeddings, write_embeddings


def main() -> None:
    """Write the file, from a demo business in a temporary database."""
    SHIPPED.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="icmp-sentences-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the embedded database may run as another user
        server = EmbeddedPostgres(folder / "database", durable=False)
        try:
            url = server.start()
            config = Config.from_env({"DATABASE_URL": url, "ICMP_DATA_DIR": name, "ICMP_API_KEY": "m" * 32})
            app = create_app(config)
            create_demo(app, config, name_database(url))
            close_app(app)
        finally:
            server.stop()
        # Half precision is enough for comparisons and halves the size.
        write_embeddings(SHIPPED, read_embeddings(folder / "sentences.npz"), np.float16)


if __name__ == "__main__":
    main()
