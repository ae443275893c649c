"""Parts about change and size: what-if, a million links, writers."""
import os
import random
import threading
import time

import load
import server
from report import median, near, number
from server import ServerError, Session

PREPARE = ("PREPARE ours (text, text) AS SELECT cost, hops, nodes, links "
           "FROM netstate.shortest_path('generated', $1, $2)")


QUESTION_OF = "SELECT cost, hops, nodes, links FROM netstate.shortest_path('generated', '%s', '%s')"


def ask(session, pair):
    """Cost of the path, or None; the time is the session's."""
    rows = session.query("EXECUTE ours ('%s', '%s')" % pair)
    return float(rows[0][0]) if rows else None


# ---- whatif ----

WHATIF = (2500, 10000)
WHATIF_CHANGES = 1000
WHATIF_CHECKED = 40

WHATIF_LOOP = """
DO $do$
DECLARE
    src text[] := (SELECT array_agg(src ORDER BY n) FROM bench.question);
    dst text[] := (SELECT array_agg(dst ORDER BY n) FROM bench.question);
    links bigint[] := (SELECT array_agg(link ORDER BY n) FROM bench.question);
    answer double precision;
BEGIN
    FOR i IN 1..{changes} LOOP
        {update}
        {question}
    END LOOP;
END
$do$"""
UPDATE = "UPDATE netstate.link SET metric = metric * {} WHERE id = links[i];"
QUESTION = "SELECT s.cost INTO answer FROM netstate.shortest_path('generated', src[i], dst[i]) AS s;"
CHECKED = QUESTION + """
        IF answer IS DISTINCT FROM NULL AND abs(answer - (SELECT p.agg_cost FROM pgr_dijkstra(
            'SELECT id, a_node_id AS source, z_node_id AS target, metric AS cost FROM netstate.link WHERE network_id = 1',
            (SELECT id FROM netstate.node WHERE name = src[i]), (SELECT id FROM netstate.node WHERE name = dst[i]),
            directed := false) AS p ORDER BY p.seq DESC LIMIT 1)) <= 1e-9 * greatest(answer, 1) THEN
            INSERT INTO bench.agreed VALUES (i);
        ELSIF answer IS NULL THEN
            INSERT INTO bench.none VALUES (i);
        END IF;"""
EITHER = "(CASE WHEN i % 2 = 0 THEN 1.5 ELSE 0.7 END)"


def whatif(report, options):
    nodes, links = (options.size(n, least) for n, least in zip(WHATIF, (100, 400)))
    changes = options.size(WHATIF_CHANGES, 50)
    report.section("whatif: change a link, ask, roll back", (
        "Random geometric network, %d nodes, %d links; %d times in one transaction: UPDATE of the metric of a random "
        "link, shortest_path of a random pair; then ROLLBACK. All of it counts, BEGIN to ROLLBACK.") % (nodes, links, changes))
    path = load.generate("whatif", nodes, links, nodes // 4 * 4, options.seed)
    load.load_generated("whatif", path, ("node", "link", "srlg", "srlg_member"))
    generator = random.Random(options.seed)
    with Session("whatif") as s:
        name = [row[0] for row in s.query("SELECT name FROM netstate.node ORDER BY id")]
        s.query("CREATE TABLE bench.question (n int, link bigint, src text, dst text)")
        s.query("CREATE TABLE bench.agreed (n int); CREATE TABLE bench.none (n int)")
        s.query("INSERT INTO bench.question VALUES " + ", ".join(
            "(%d, %d, '%s', '%s')" % (i + 1, generator.randint(1, links), *generator.sample(name, 2))
            for i in range(changes)))
    for preload in (False, True):
        server.restart(preload)
        whatif_rounds(report, options, changes, "preloaded" if preload else "not preloaded")
    if options.pgrouting:
        whatif_check(report, min(WHATIF_CHECKED, changes))
    report.end()


def whatif_rounds(report, options, changes, where):
    forms = {
        "made cheaper and dearer by turns": (UPDATE.format(EITHER), QUESTION, 0.3),
        "made dearer": (UPDATE.format("1.5"), QUESTION, 0.3),
        "made cheaper": (UPDATE.format("0.7"), QUESTION, 0.3),
        "changes alone": (UPDATE.format(EITHER), "", None),
        "questions alone": ("", QUESTION, None),
    }
    costs = {form: [] for form in forms}
    with Session("whatif") as s:
        for r in range(options.rounds + 1):
            for form, (update, question, _) in forms.items():
                loop = WHATIF_LOOP.format(changes=changes, update=update, question=question)
                _, cost = s.costs(lambda: [s.query(sql) for sql in ("BEGIN", loop, "ROLLBACK")])
                if r > 0:       # the first one warms up
                    costs[form].append(cost)
    for form, (_, _, goal) in forms.items():
        report.cost("%s, %s (CPU s)" % (form, where), costs[form], at_most=goal)


def whatif_check(report, changes):
    """The same loop, each answer compared with pgr_dijkstra in the same transaction."""
    with Session("whatif") as s:
        s.query("SET search_path = public")
        before = s.value("SELECT sum(hashtext(l::text)) FROM netstate.link AS l")
        s.query("BEGIN")
        s.query(WHATIF_LOOP.format(changes=changes, update=UPDATE.format(EITHER), question=CHECKED))
        agreed = int(s.value("SELECT count(*) FROM bench.agreed"))
        none = int(s.value("SELECT count(*) FROM bench.none"))
        s.query("ROLLBACK")
        report.check(agreed + none == changes, "whatif: %d of %d answers agree with pgr_dijkstra" % (agreed + none, changes))
        report.check(before == s.value("SELECT sum(hashtext(l::text)) FROM netstate.link AS l"),
                     "whatif: the links are not as before")
    report.note("%d answers within the loop equal pgr_dijkstra's on the same uncommitted rows, %d had no path" % (agreed, none))


# ---- the large network ----

LARGE = (250000, 1000000, 250000)
BASE = "large_base"             # the nodes alone
LARGE_TABLES = ("link", "srlg", "srlg_member")
SESSIONS = 100
NEW_SESSIONS = 40
CHANGES = 40
_base = {}


def large_base(options):
    """Files of the large network, and a database that has its nodes."""
    if not _base:
        nodes, links, groups = (options.size(n, 400) for n in LARGE)
        _base["sizes"] = (nodes, links, groups)
        _base["path"] = load.generate("large", nodes, links, groups, options.seed)
        load.load_generated(BASE, _base["path"], ("node",))
    return _base["path"], _base["sizes"]


class Questions:
    """Pairs of the large network: ends of one link, and any two nodes."""

    def __init__(self, seed):
        generator = random.Random(seed)
        with Session("large") as s:
            last = int(s.value("SELECT max(id) FROM netstate.node"))
            nlinks = int(s.value("SELECT max(id) FROM netstate.link"))
            self.link = generator.randint(1, nlinks)
            self.other_links = [generator.randint(1, nlinks) for _ in range(1000)]
            self.near = tuple(s.query(
                "SELECT a.name, z.name FROM netstate.link AS l JOIN netstate.node AS a ON a.id = l.a_node_id "
                "JOIN netstate.node AS z ON z.id = l.z_node_id WHERE l.id = %d" % self.link)[0])
            self.metric = float(s.value("SELECT metric FROM netstate.link WHERE id = %d" % self.link))
            names = dict(s.query("SELECT id, name FROM netstate.node WHERE id IN (%s)" % ", ".join(
                str(generator.randint(1, last)) for _ in range(2 * SESSIONS))))
            names = list(names.values())
        self.far = list(zip(names[0::2], names[1::2]))

    @staticmethod
    def along(session, pair):
        """A pair some ten links apart: the first nodes of a longer path."""
        nodes = session.value(("SELECT array_to_string(nodes, ' ') FROM netstate.shortest_path('generated', '%s', '%s')")
                              % pair).split()
        return nodes[0], nodes[min(10, len(nodes) - 1)]


def large(report, options):
    path, (nodes, links, groups) = large_base(options)
    report.section("large: a million links", (
        "Random geometric network, %d nodes, %d links, %d groups, four memberships a link, names such as "
        "`kxq-core-000123`. A near pair: the ends of a link; a far pair: any two nodes; between them, "
        "in the changes of other links, the first ten links of a far path.") % (nodes, links, groups))
    load.load_generated("large", path, LARGE_TABLES, BASE)
    q = Questions(options.seed)
    build(report, options, q)
    size(report, links)
    new_sessions(report, options, q)
    memory(report, options, q)
    for preload in (True, False):
        one_change(report, options, q, preload)
    report.end()


def build(report, options, q):
    """The first question in a fresh server."""
    for preload in (True, False):
        first, again, far = [], [], []
        for r in range(min(options.rounds, 5)):
            server.restart(preload)
            with Session("large") as s:
                s.query(PREPARE)
                answer, cost = s.costs(lambda: ask(s, q.near))
                report.check(near(answer, q.metric), "large: the near pair does not cost its link")
                first.append(cost)
                again.append(s.costs(lambda: ask(s, q.near))[1])
                far.append(s.costs(lambda: ask(s, q.far[r]))[1])
        where = "preloaded" if preload else "not preloaded"
        report.cost("build: first question in a fresh server, near pair, %s (CPU s)" % where, first, at_most=2)
        report.cost("second question, near pair, %s (CPU ms)" % where, again, 1000)
        report.cost("third question, far pair, %s (CPU ms)" % where, far, 1000)


def size(report, links):
    with Session("large") as s:
        try:
            row = s.query("SELECT bytes, links FROM netstate.graph_status('generated')")[0]
        except ServerError as error:
            report.note("no size: graph_status: %s" % error)
            return
        report.check(int(row[1]) == links, "large: graph_status counts %s links of %d" % (row[1], links))
        report.result("graph per link (bytes)", int(row[0]) / links, "one value", at_most=160)


def new_sessions(report, options, q):
    """First query of a new connection; another one keeps the graph in use."""
    server.restart(True)
    count = options.size(NEW_SESSIONS, 10)
    names = ("bare", "near", "near again", "far")
    costs = {name: [] for name in names}
    connect, both = [], []
    with Session("large") as keeper:
        keeper.query(PREPARE)
        for pair in q.far[:5] * 5:      # whatever is made by and by is there
            ask(keeper, pair)
        for i in range(count):
            with Session("large") as s:
                connect.append(s.connect_seconds * 1000)
                costs["bare"].append(s.costs(lambda: s.query("SELECT s FROM pg_catalog.generate_series(1, 1) AS s"))[1])
            with Session("large") as s:
                for name, pair in zip(names[1:], (q.near, q.near, q.far[i % len(q.far)])):
                    rows, cost = s.costs(lambda: s.query(QUESTION_OF % pair))
                    costs[name].append(cost)
                    if name == "near":
                        both.append((s.connect_seconds + cost.clock) * 1000)
                        report.check(near(float(rows[0][0]), q.metric), "large: a new connection's answer is wrong")
    report.row("new connection, preloaded: connecting (ms)", connect)
    report.cost("new connection, preloaded: first query, generate_series instead (CPU ms)", costs["bare"], 1000)
    report.cost("new connection, preloaded: first query, near pair (CPU ms)", costs["near"], 1000, at_most=5)
    report.row("new connection, preloaded: connecting and first query (ms)", both, at_most=5)
    report.cost("new connection, preloaded: second query, near pair (CPU ms)", costs["near again"], 1000)
    report.cost("new connection, preloaded: third query, far pair (CPU ms)", costs["far"], 1000)


# ---- memory of sessions ----

def buffers_in_use():
    """Bytes of shared buffers that hold a page."""
    with Session("bench_template") as s:
        s.query("SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS pg_buffercache")
        return int(s.value("SELECT count(relfilenode) FROM pg_buffercache")) * 8192


def memory(report, options, q):
    count = options.size(SESSIONS, 10)
    bare_one = sessions_memory(1, None)
    bare = sessions_memory(count, None)
    one = sessions_memory(1, q)
    many = sessions_memory(count, q)
    for sessions, asked, memory_of in ((1, "that never asked", bare_one), (count, "that never asked", bare),
                                       (1, "that asked", one), (count, "that asked", many)):
        report.result("memory of the server, sessions %s: %d (MB)" % (asked, sessions), memory_of[0] / 1048576,
                      "sum of Pss, without %s MB of shared buffers" % number(memory_of[1] / 1048576))
    report.result("memory of %d sessions against that of 1" % count, many[0] / one[0], "all of the server", at_most=1.5)
    report.result("the same, above sessions that never asked", (many[0] - bare[0]) / (one[0] - bare_one[0]),
                  "what netstate takes", at_most=1.5)


def sessions_memory(count, q):
    """Of a fresh server with sessions that asked several questions: less its buffers, and these."""
    server.restart(True)
    sessions = [Session("large") for _ in range(count)]
    try:
        for i, s in enumerate(sessions):
            if q is None:
                s.query("SELECT count(*) FROM netstate.network")
                continue
            s.query(PREPARE)
            for pair in (q.near, q.near, q.far[i % len(q.far)], q.far[(i + 1) % len(q.far)], q.near):
                ask(s, pair)
        buffers = buffers_in_use()
        return server.proportional_bytes() - buffers, buffers
    finally:
        for s in sessions:
            s.close()


# ---- one changed link ----

class Change:
    """What a change of one link costs the next question of another session."""

    def __init__(self, report, reader, writer):
        self.report = report
        self.reader = reader
        self.writer = writer
        self.costs = {}

    def measure(self, what, pair, sql, expected=None):
        _, before = self.reader.costs(lambda: ask(self.reader, pair))
        self.writer.query(sql)
        answer, after = self.reader.costs(lambda: ask(self.reader, pair))
        self.costs.setdefault(what, []).append(after - before)
        if expected is not None:
            self.report.check(near(answer, expected), "large: after a change the path costs %s, not %s" % (answer, expected))
        return answer

    def steady(self, pair):
        return [self.reader.costs(lambda: ask(self.reader, pair))[1] for _ in range(10)]


def one_change(report, options, q, preload):
    server.restart(preload)
    where = "preloaded" if preload else "not preloaded"
    count = options.size(CHANGES, 10)
    far = q.far[0]
    update = "UPDATE netstate.link SET metric = %s WHERE id = %d"
    with Session("large") as reader, Session("large") as writer:
        reader.query(PREPARE)
        for pair in [q.near, far] * 10:
            ask(reader, pair)
        change = Change(report, reader, writer)
        middle = q.along(reader, far)
        at_first = change.steady(far)
        for i in range(count):
            metric = q.metric * (0.99 - 0.001 * i)
            change.measure("one link changed, asked for its ends", q.near, update % (repr(metric), q.link), metric)
        for link in q.other_links[:count]:
            change.measure("another link dearer", middle, update % ("metric * 1.01", link))
        for link in q.other_links[:count]:
            change.measure("another link cheaper", middle, update % ("metric / 1.02", link))
        afterwards = change.steady(far)
        first = int(writer.value("SELECT max(id) FROM netstate.link")) + 1
        for i in range(count):
            change.measure("a link added", middle, (
                "INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) "
                "SELECT %d, 1, 'added %d', a_node_id, z_node_id, metric * 2 FROM netstate.link WHERE id = %d"
                % (first + i, i, q.other_links[i])))
        for i in range(count):
            change.measure("a link removed", middle, "DELETE FROM netstate.link WHERE id = %d" % (first + i))
        check_fresh(report, reader, far, ask(reader, far))
        restore(writer, q, count)
    report.cost("far pair, before any change, %s (CPU ms)" % where, at_first, 1000)
    report.cost("far pair, after %d links became cheaper, %s (CPU ms)" % (count, where), afterwards, 1000)
    for what, costs in change.costs.items():
        report.cost("next question's extra time: %s, %s (CPU ms)" % (what, where), costs, 1000, at_most=1)


def check_fresh(report, reader, pair, cost):
    """The answer, and the graph where there is graph_check, against the tables."""
    try:
        differences = reader.value("SELECT netstate.graph_check('generated')")
        report.check(differences == "0", "large: the graph differs from the tables in %s elements" % differences)
    except ServerError as error:
        if error.state != "42883":      # no such function
            raise
    with Session("large") as fresh:
        fresh.query(PREPARE)
        again = ask(fresh, pair)
        report.check(near(again, cost), "large: a new session says %s, the one that saw the changes %s" % (again, cost))


def restore(writer, q, count):
    writer.query("UPDATE netstate.link SET metric = %r WHERE id = %d" % (q.metric, q.link))
    for link in q.other_links[:count]:
        writer.query("UPDATE netstate.link SET metric = length_km WHERE id = %d AND id <> %d" % (link, q.link))


# ---- writer ----

LOG_TRIGGERS = ("change_log_begin", "change_log_insert")
WRITER_ROUNDS = 3


def writer(report, options):
    path, (nodes, links, _) = large_base(options)
    report.section("writer: what the log of changes costs", (
        "COPY of %d links into a network of %d nodes that has none, by turns with the log's triggers and with these "
        "disabled; the tables are emptied between.") % (links, nodes))
    server.restart(False)
    load.create_database("writer", BASE)
    copy_rounds(report, min(options.rounds, WRITER_ROUNDS), os.path.join(path, "link"))
    side_by_side(report, options, links)
    report.end()


def copy_rounds(report, rounds, path):
    costs = {True: [], False: []}
    for r in range(rounds):
        for logged in ((True, False) if r % 2 == 0 else (False, True)):
            with Session("writer") as s:
                s.query("TRUNCATE netstate.link CASCADE")
                for trigger in LOG_TRIGGERS:
                    s.query("ALTER TABLE netstate.link %s TRIGGER %s"
                            % ("ENABLE ALWAYS" if logged else "DISABLE", trigger))
                s.query("CHECKPOINT")
                before = int(s.value("SELECT count(*) FROM netstate.change_log"))
                costs[logged].append(s.costs(lambda: load.copy(s, "link", path))[1])
                rows = int(s.value("SELECT count(*) FROM netstate.change_log")) - before
                report.check((rows > 0) == logged, "writer: %d rows logged with the triggers %s" % (
                    rows, "enabled" if logged else "disabled"))
    with Session("writer") as s:
        for trigger in LOG_TRIGGERS:
            s.query("ALTER TABLE netstate.link ENABLE ALWAYS TRIGGER " + trigger)
        s.query("VACUUM ANALYZE netstate.link")
    report.cost("COPY, logged (CPU s)", costs[True])
    report.cost("COPY, not logged (CPU s)", costs[False])
    more = {kind: (median([getattr(c, kind) for c in costs[True]]) / median([getattr(c, kind) for c in costs[False]]) - 1)
            * 100 for kind in ("processor", "clock")}
    report.result("more with the log (CPU %)", more["processor"], "of the medians; by the clock " + number(more["clock"]),
                  at_most=20)


WRITES = 1000
LOG_ROWS = 110000


def fill_log(rows, links):
    """As many rows as the log may hold, so that the next writers shorten it."""
    with Session("writer") as s:
        for i in range(rows // 1000):
            first = i * 1000 % max(links - 1000, 1) + 1
            s.query("UPDATE netstate.link SET metric = metric + 1 WHERE id BETWEEN %d AND %d" % (first, first + 999))


def side_by_side(report, options, links):
    """Whoever waits for another writer for 500 ms fails; and nobody is seen waiting."""
    with Session("writer") as first, Session("writer") as second:
        second.query("SET lock_timeout = '500ms'")
        first.query("BEGIN")
        waits = 0
        for statement in (
                "UPDATE netstate.link SET metric = metric + 1 WHERE id = {}",
                "UPDATE netstate.link SET metric = metric + 1 WHERE id BETWEEN {} AND {} + %d" % min(2000, links // 4),
                "DELETE FROM netstate.link WHERE id = {}",
                "INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) "
                "SELECT {} + 10000000, 1, 'added {}', a_node_id, z_node_id, 1 FROM netstate.link WHERE id = {} + 5"):
            for session, link in ((first, 10), (second, links // 2)):
                try:
                    session.query(statement.replace("{}", str(link)))
                except ServerError as error:
                    if error.state != "55P03":
                        raise
                    waits += 1
        first.query("ROLLBACK")
    report.check(waits == 0, "writer: %d statements waited for an open transaction that wrote other links" % waits)
    fill_log(options.size(LOG_ROWS, 2000), links)
    seen, looks, rate = watch(options.size(WRITES, 100), links)
    report.check(seen == 0, "writer: a writer was seen waiting for a lock %d times" % seen)
    report.note("no statement waited while another transaction had changed other links: %s" % ("yes" if waits == 0 else "no"))
    with Session("writer") as s:
        rows = int(s.value("SELECT count(*) FROM netstate.change_log"))
    report.note("two writers of one-link transactions, with the log at the length where its oldest rows are deleted: seen "
                "waiting for a lock %d times in %d looks; %s transactions a second together; %d rows in the log afterwards"
                % (seen, looks, number(rate), rows))


def watch(writes, links):
    def write(first):
        with Session("writer") as s:
            s.query("SET application_name = 'writer'")
            for i in range(writes):
                s.query("UPDATE netstate.link SET metric = metric + 1 WHERE id = %d" % (first + i % (links // 3)))

    threads = [threading.Thread(target=write, args=(first,)) for first in (1, links // 2)]
    start = time.perf_counter()
    for t in threads:
        t.start()
    seen = looks = 0
    with Session("writer") as s:
        while any(t.is_alive() for t in threads):
            seen += int(s.value("SELECT count(*) FROM pg_stat_activity "
                                "WHERE application_name = 'writer' AND wait_event_type = 'Lock'"))
            looks += 1
            time.sleep(0.005)
    return seen, looks, 2 * writes / (time.perf_counter() - start)
