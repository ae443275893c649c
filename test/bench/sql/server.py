"""The private server: sessions on it, restarts, and its processes.

A session speaks PostgreSQL's protocol itself, by simple queries over the unix
socket.  So connecting and asking can be timed apart, and nothing but reading
the bytes of an answer is in the time of a query: they are taken apart later.
"""
import os
import re
import socket
import struct
import subprocess
import time


class ServerError(Exception):
    """An error that the server reported; state is its SQLSTATE."""

    def __init__(self, state, message):
        super().__init__("%s: %s" % (state, message))
        self.state = state


def environment(name, default=None):
    value = os.environ.get("NS_BENCH_" + name)
    return default if value in (None, "") else value


class Cost:
    """Seconds by the clock, and of the backend's processor time."""

    def __init__(self, clock, processor):
        self.clock = clock
        self.processor = processor

    def __sub__(self, other):
        return Cost(self.clock - other.clock, self.processor - other.processor)

    def __add__(self, other):
        return Cost(self.clock + other.clock, self.processor + other.processor)


class Session:
    """One connection.  connect_seconds and seconds are those of the last ones."""

    def __init__(self, database):
        start = time.perf_counter()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(environment("SOCKET") + "/.s.PGSQL.5432")
        words = "user\0postgres\0database\0%s\0application_name\0bench\0\0" % database
        body = struct.pack("!i", 196608) + words.encode()
        self.socket.sendall(struct.pack("!i", len(body) + 4) + body)
        answer = self._receive()
        self.connect_seconds = time.perf_counter() - start
        self.seconds = 0.0
        self.pid = None
        for kind, data in self._messages(answer):
            if kind == b"K":
                self.pid = struct.unpack("!i", data[:4])[0]

    def _receive(self):
        """The bytes up to ReadyForQuery, or to the error that ends it all."""
        parts = []
        tail = b""
        while True:
            part = self.socket.recv(1 << 20)
            if not part:
                answer = b"".join(parts)
                list(self._messages(answer))
                raise ServerError("08006", "the server closed the connection")
            parts.append(part)
            tail = (tail + part)[-6:]
            if tail[:5] == b"Z\0\0\0\5":
                return b"".join(parts)

    @staticmethod
    def _messages(answer):
        error = None
        at = 0
        while at < len(answer):
            length = struct.unpack_from("!i", answer, at + 1)[0]
            kind, data = answer[at:at + 1], answer[at + 5:at + 1 + length]
            at += 1 + length
            if kind == b"E":
                field = {f[:1]: f[1:].decode() for f in data.split(b"\0") if f}
                error = error or ServerError(field.get(b"C", "?"), field.get(b"M", "?"))
            yield kind, data
        if error:
            raise error

    def query(self, sql):
        """Rows of the last statement that gave any, as lists of texts or None."""
        body = sql.encode() + b"\0"
        message = b"Q" + struct.pack("!i", len(body) + 4) + body
        start = time.perf_counter()
        self.socket.sendall(message)
        answer = self._receive()
        self.seconds = time.perf_counter() - start
        rows = []
        for kind, data in self._messages(answer):
            if kind == b"T":
                rows = []
            elif kind == b"D":
                rows.append(self._row(data))
        return rows

    @staticmethod
    def _row(data):
        row = []
        at = 2
        for _ in range(struct.unpack_from("!h", data)[0]):
            length = struct.unpack_from("!i", data, at)[0]
            at += 4
            if length < 0:
                row.append(None)
            else:
                row.append(data[at:at + length].decode())
                at += length
        return row

    def value(self, sql):
        return self.query(sql)[0][0]

    def costs(self, work):
        """What work returns, and the Cost of it to the backend that serves it."""
        before = self.processor_seconds()
        start = time.perf_counter()
        result = work()
        clock = time.perf_counter() - start
        after = self.processor_seconds()
        return result, Cost(clock, clock if before is None or after is None else after - before)

    def timed(self, sql):
        self.query(sql)
        return self.seconds

    def processor_seconds(self):
        """Of the backend since it began, or None where the kernel does not say."""
        time.sleep(0.001)       # it counts a slice when that has ended: let the backend fall asleep
        try:
            with open("/proc/%d/schedstat" % self.pid) as file:
                return int(file.read().split()[0]) / 1e9
        except (OSError, IndexError, ValueError):
            return None

    def close(self):
        try:
            self.socket.sendall(b"X\0\0\0\4")
            # The backend is gone once it has closed its end.
            self.socket.recv(1)
        except OSError:
            pass
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def restart(preload, **settings):
    """Stop and start the server, with netstate preloaded or not, and with other settings."""
    settings["shared_preload_libraries"] = "netstate" if preload else ""
    run("pg_ctl", "-D", environment("CLUSTER"), "-l", environment("LOG"), "-w", "-s", "-m", "fast",
        "-o", " ".join("-c %s='%s'" % setting for setting in sorted(settings.items())), "restart")


def run(*command, stdin=""):
    """Standard output of a program; its output is shown where it fails."""
    done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError("%s: exit status %d\n%s" % (command[0], done.returncode, done.stdout))
    return done.stdout


def program(name, *arguments, stdin=""):
    """One of the benchmark's own programs."""
    return run(os.path.join(environment("PROGRAMS"), name), *map(str, arguments), stdin=stdin)


def transactions_per_second(database, scripts, seconds, seed):
    """By pgbench, one client, prepared statements."""
    files = []
    for i, script in enumerate(scripts):
        path = os.path.join(environment("FILES"), "pgbench.%d" % i)
        with open(path, "w") as file:
            file.write(script + ";\n")
        files += ["-f", path]
    text = run("pgbench", "-n", "-M", "prepared", "-c", "1", "-T", str(seconds),
               "--random-seed", str(seed), *files, database)
    return float(re.search(r"^tps = ([\d.]+)", text, re.M).group(1))


def processes():
    """Process ids of the server: the postmaster and its children."""
    with open(os.path.join(environment("CLUSTER"), "postmaster.pid")) as file:
        postmaster = int(file.readline())
    found = [postmaster]
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % name) as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if parent == postmaster:
            found.append(int(name))
    return found


def proportional_bytes():
    """Memory of all processes of the server; what they share counts once."""
    total = 0
    for pid in processes():
        try:
            with open("/proc/%d/smaps_rollup" % pid) as file:
                total += int(re.search(r"^Pss:\s+(\d+) kB", file.read(), re.M).group(1)) * 1024
        except (FileNotFoundError, ProcessLookupError):
            continue            # it has ended
    return total
