"""`python -m dev.demo.ship_sentences`: what the demo's sentences mean to the embedding model, worked out ahead and
kept in `embedded/sentences.npz`. Without it a first start would spend seconds on it. After a change of the demo's
stages, or of the model: a test says when."""

import tempfile
from pathlib import Path

import numpy as np

from app import close_app, create_app
from config import Config
from dev.demo import name_database
from dev.demo.__main__ import make_demo
from dev.postgres import EmbeddedPostgres
from message_processing.engines.rules.similarity import SHIPPED, read_embeddings, write_embeddings


def main() -> None:
    SHIPPED.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="icmp-sentences-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the embedded database may run as another user
        server = EmbeddedPostgres(folder / "database", durable=False)
        try:
            url = server.start()
            config = Config.from_env({"DATABASE_URL": url, "ICMP_DATA_DIR": name, "ICMP_API_KEY": "m" * 32})
            app = create_app(config)
            make_demo(app, config, name_database(url))
            close_app(app)
        finally:
            server.stop()
        # Half the precision is more than a comparison needs, and half the size.
        write_embeddings(SHIPPED, read_embeddings(folder / "sentences.npz"), np.float16)


if __name__ == "__main__":
    main()
