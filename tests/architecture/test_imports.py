"""The import rules of docs/architecture.md: what each module may import, and which ones use SQL and transactions."""

import ast
import os
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter

from tests.architecture.sources import ROOT, calls_of, imported, module_name, sources

# From the top down. A module may import from its own layer and from those below.
LAYERS = (
    ("app", "application", "gunicorn.conf", "dev"),
    ("routes",),
    ("design",),
    ("auth", "security"),
    ("message_processing",),
    ("background", "analytics"),
    ("channels",),
    ("repositories",),
    ("db", "openai_helper", "llm", "migrations"),
    ("core", "config"),
)

# Third-party packages that only some modules may import.
IMPORTERS = {
    "flask": ("app", "routes", "auth", "security", "core.validation", "core.context", "dev.demo", "dev.evaluation"),
    "gevent": ("gunicorn.conf", "core.concurrency", "core.server"),
    "openai": ("llm.failures", "llm.wire"),
    "psycopg2": (
        *("core.database_driver", "core.database_errors", "core.database_url"),
        *("db", "repositories", "migrations", "dev"),
    ),
    "prometheus_client": ("core.metrics", "core.server.metrics_folder"),
}

# Our modules that the pipeline and its steps may import: neither Flask, nor the model client, nor SQL.
PIPELINE_IMPORTS = (
    "message_processing",
    "core.errors",
    "core.client_schemas",
    "core.names",
    "core.patterns",
    "core.storable",
)

# Repository functions that are not limited to one business: whole modules, or by name.
WITHOUT_BUSINESS = (
    "account_links",  # likewise
    "accounts",  # staff accounts belong to no business
    "health",
    "invitations",  # staff accounts belong to no business
    "login_failures",  # likewise, and of addresses without an account
    "sessions",
    "totp",  # second factors of staff accounts
    "leases",  # a process runs the turns of all businesses
    "live",  # and has clients of all businesses
    "jobs.add_recurring_job",  # of the platform
    "jobs.claim_jobs",  # a process runs the jobs of all businesses
    "jobs.delete_job",  # one that this process has claimed
    "jobs.lock_job",
    "jobs.release_job",
    "api_keys.find_key_by_hash",  # the key identifies the business
    "member_invitations.describe_invitation",  # the token identifies the business
    "member_invitations.find_invitation",  # likewise
    "budgets.list_businesses",  # a process settles the turns of all businesses
    "businesses.insert_business",
    "businesses.list_businesses",
    "businesses.list_ids",
    "partitions.create_partitions",
    "platform",  # for operators
    "page.fetch_page",  # runs the statements of other modules
    "members.list_memberships",
    "channels.find_channel",  # the channel tells which business a request is for
    "channels.list_polled",  # a process fetches the messages of all businesses
    "channels.lock_some_of_other_keys",  # of all businesses, to re-encrypt them
    "hooks.find_hook",  # the hook tells which business a delivery is for
    "hooks.lock_some_of_other_keys",  # of all businesses, to re-encrypt them
    "rollup_state.list_due_businesses",  # a process counts for all businesses
    "sandboxes.insert_sandbox",  # a business that exists only in the transaction of a test case
    "secrets.lock_some_of_other_keys",  # of all businesses, to re-encrypt them
    "webhooks.lock_some_of_other_keys",
    "releases.publish_missing",  # of all businesses, at startup
    "templates.get_current_default",  # the platform's templates
    "templates.list_businesses_using_default",
    "templates.lock_defaults",
    "templates.ship_default",
    "users.lock_staff",
    "users.set_operator",
)

OPEN_TRANSACTIONS = (
    "routes",
    "auth",
    "security.credentials",
    "security.login_attempts",
    "security.second_factor",
    "security.rotate_keys",
    "message_processing.accept",
    "message_processing.channels",
    "message_processing.replay.sets",
    "message_processing.simulations",
    "message_processing.test_cases",
    "message_processing.worker",
    "background",
    "analytics",
    "dev.demo",  # a client of the API, which also moves its conversations into the past
    "app",  # brings the shipped templates up to date before it serves
)


def is_in(module: str, packages: tuple[str, ...]) -> bool:
    """Whether a module, or a function of one, is one of these or inside one of them."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def layer_of(module: str) -> int | None:
    """The index in LAYERS of one of our modules, by the longest matching name; None for other modules."""
    matches = [(len(name), index) for index, layer in enumerate(LAYERS) for name in layer if is_in(module, (name,))]
    return max(matches)[1] if matches else None


def test_every_module_has_a_layer() -> None:
    missing = [path for path in sources() if layer_of(module_name(path)) is None]
    assert missing == [], "Add it to LAYERS, and to docs/architecture.md."


def test_imports_point_down_only() -> None:
    upwards = [
        f"{path}:{line} imports {name}"
        for path, tree in sources().items()
        for line, name in imported(path, tree)
        if (target := layer_of(name)) is not None and target < (layer_of(module_name(path)) or 0)
    ]
    assert upwards == []


def test_no_import_cycles() -> None:
    ours = {module_name(path) for path in sources()}
    graph = {
        module_name(path): {name for _, name in imported(path, tree) if name in ours} - {module_name(path)}
        for path, tree in sources().items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(f"import cycle: {' → '.join(error.args[1])}") from None


def test_production_code_does_not_import_dev() -> None:
    """Not even inside functions or by name, except for the one place that loads the development environment."""
    production = {path: tree for path, tree in sources().items() if not path.startswith("dev/")}
    assert {"app.py", "gunicorn.conf.py", "core/development.py"} <= production.keys()
    imports = [
        f"{path}:{line} imports {name}"
        for path, tree in production.items()
        for line, name in imported(path, tree)
        if is_in(name, ("dev",))
    ]
    by_name = {
        path
        for path, tree in production.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("dev.")
    }
    assert imports == []
    assert by_name == {"core/development.py"}


def test_third_party_packages_are_used_only_where_allowed() -> None:
    violations = [
        f"{path}:{line} imports {name}"
        for path, tree in sources().items()
        for line, name in imported(path, tree)
        for package, importers in IMPORTERS.items()
        if name.split(".")[0] == package and not is_in(module_name(path), importers)
    ]
    assert violations == []


def test_pipeline_imports_neither_flask_nor_model_client_nor_sql() -> None:
    modules = [path for path in sources() if path.startswith("message_processing/steps/")]
    for path in ["message_processing/pipeline.py", *modules]:
        for line, name in imported(path, sources()[path]):
            is_allowed = layer_of(name) is None or is_in(name, PIPELINE_IMPORTS)
            assert is_allowed, f"{path}:{line} imports {name}"


def test_sql_runs_only_in_repositories() -> None:
    allowed = ("repositories", "db", "migrations")
    violations = [
        f"{path}:{call.lineno}"
        for path, tree in sources().items()
        for method in ("execute", "executemany", "cursor", "copy")
        for call in calls_of(tree, method)
        if not is_in(module_name(path), allowed) and not (method == "copy" and not call.args)
    ]
    assert violations == []


def test_sql_statements_are_never_concatenated() -> None:
    built = [
        f"{path}:{call.lineno}"
        for path, tree in sources().items()
        if path.startswith("repositories/")
        for name, position in (("execute", 0), ("fetch_page", 1))
        for call in calls_of(tree, name)
        if not isinstance(call.args[position], ast.Constant | ast.Name)
    ]
    assert built == []


def test_repository_functions_take_the_connection_first() -> None:
    assert [name for name, arguments in _repository_functions().items() if arguments[:1] != ["conn"]] == []


def test_repository_functions_take_the_business_id_second() -> None:
    functions = _repository_functions()
    without = {name for name, arguments in functions.items() if arguments[1:2] != ["business_id"]}
    assert {name for name in without if not is_in(name, WITHOUT_BUSINESS)} == set()
    assert [name for name in WITHOUT_BUSINESS if not any(is_in(function, (name,)) for function in without)] == []


def _repository_functions() -> dict[str, list[str]]:
    """The arguments of all public repository functions, by names such as `stages.get_stage`."""
    return {
        f"{module_name(path).removeprefix('repositories.')}.{node.name}": [argument.arg for argument in node.args.args]
        for path, tree in sources().items()
        if path.startswith("repositories/")
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def test_transactions_are_opened_only_where_allowed() -> None:
    violations = [
        f"{path}:{call.lineno}"
        for path, tree in sources().items()
        for call in calls_of(tree, "transaction")
        # `conn.transaction()` is a savepoint inside a transaction.
        if not (isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in ("conn", "backend"))
        if not is_in(module_name(path), OPEN_TRANSACTIONS)
    ]
    assert violations == []


def test_only_config_reads_the_environment() -> None:
    """Except for the code that starts processes and sets their environment."""
    violations = [
        f"{path}:{node.lineno}"
        for path, tree in sources().items()
        if not is_in(module_name(path), ("core.settings", "core.server", "dev"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and ast.unparse(node.value) == "os"
    ]
    assert violations == []


def test_rules_mode_does_not_import_the_openai_sdk() -> None:
    """Loading it takes longer than loading the rest of the application."""
    code = "import sys, app; print('message_processing.engines' in sys.modules, 'openai' in sys.modules)"
    assert output_of(code) == "True False\n"


def output_of(code: str) -> str:
    """What Python code prints in a process of its own, with the settings that a server needs."""
    settings = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "ICMP_API_KEY": "master-key-of-the-tests"}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout


def test_gunicorn_main_process_loads_no_module_that_workers_reload() -> None:
    """prometheus_client must be imported after the metrics folder is created, and SIGHUP must reload our code."""
    code = (
        "import runpy, sys; runpy.run_path('gunicorn.conf.py');"
        " print(*sorted({'prometheus_client', 'app', 'db'} & set(sys.modules)))"
    )
    assert output_of(code) == "\n"


def test_only_gunicorn_imports_gevent() -> None:
    assert output_of("import sys, app, openai_helper, migrations; print('gevent' in sys.modules)") == "False\n"


def test_gunicorn_patches_the_standard_library_before_our_modules_use_it() -> None:
    code = (
        "import runpy; runpy.run_path('gunicorn.conf.py'); import core.concurrency, core.server.worker;"
        " from core.server.client_socket import ClientSocket; from core.server.signals import stopping;"
        " print(core.concurrency.USES_GREENLETS, ClientSocket.__mro__[1].__module__, type(stopping).__module__)"
    )
    uses_greenlets, socket, event = output_of(code).split()
    assert uses_greenlets == "True"
    assert socket.startswith("gevent.") and event.startswith("gevent.")
