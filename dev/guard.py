"""`python guard.py COMMAND ...`: the parent of the embedded server where the kernel tells nobody of a parent's death.

Runs the command, passes signals on to it, and interrupts it when standard input ends: the other end is held by
whoever started this, and closes with it, however it ends.
"""

import signal
import subprocess
import sys
import threading


def main() -> None:
    passed_on = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, passed_on)  # until there is somebody to pass them on to
    server = subprocess.Popen(
        sys.argv[1:],
        stdin=subprocess.DEVNULL,
        close_fds=False,
        preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, passed_on),
    )
    for number in passed_on:
        signal.signal(number, lambda number, _: server.send_signal(number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, passed_on)

    def watch() -> None:
        sys.stdin.buffer.read()
        server.send_signal(signal.SIGINT)

    threading.Thread(target=watch, daemon=True).start()
    sys.exit(server.wait())


if __name__ == "__main__":
    main()
