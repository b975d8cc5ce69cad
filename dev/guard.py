"""`python guard.py COMMAND ...`: the parent of the embedded server on systems whose kernel cannot signal the death of a
parent.

Runs the command, forwards signals to it, and interrupts it when standard input is closed: the process that started this
one holds the other end, which closes when that process ends, even by `kill -9`.
"""

import signal
import subprocess
import sys
import threading


def main() -> None:
    """Runs the command and exits with its status."""
    forwarded = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, forwarded)  # until the server runs
    server = subprocess.Popen(
        sys.argv[1:],
        stdin=subprocess.DEVNULL,
        close_fds=False,
        preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, forwarded),
    )
    for number in forwarded:
        signal.signal(number, lambda number, _: server.send_signal(number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, forwarded)

    def stop_at_end_of_input() -> None:
        sys.stdin.buffer.read()
        server.send_signal(signal.SIGINT)

    threading.Thread(target=stop_at_end_of_input, daemon=True).start()
    sys.exit(server.wait())


if __name__ == "__main__":
    main()
