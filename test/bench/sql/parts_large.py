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
    times = {form: [] for form in forms}
    processor = {form: [] for form in forms}
    with Session("whatif") as s:
        for r in range(options.rounds + 1):
            for form, (update, question, _) in forms.items():
                before = s.processor_seconds()
                start = time.perf_counter()
                s.query("BEGIN")
                s.query(WHATIF_LOOP.format(changes=changes, update=update, question=question))
                s.query("ROLLBACK")
                if r > 0:       # the first one warms up
                    times[form].append(time.perf_counter() - start)
                    if before is not None:
                        processor[form].append(s.processor_seconds() - before)
    for form, (_, _, goal) in forms.items():
        report.row("%s, %s (s)" % (form, where), times[form], at_most=goal)
        report.row("%s, %s, processor (s)" % (form, where), processor[form])


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


def large(report, options):
    path, (nodes, links, groups) = large_base(options)
    report.section("large: a million links", (
        "Random geometric network, %d nodes, %d links, %d groups, four memberships a link, names such as "
        "`kxq-core-000123`. A near pair: the ends of a link; a far pair: any two nodes.") % (nodes, links, groups))
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
        first, first_far, again = [], [], []
        for r in range(min(options.rounds, 5)):
            server.restart(preload)
            with Session("large") as s:
                s.query(PREPARE)
                report.check(near(ask(s, q.near), q.metric), "large: the near pair does not cost its link")
                first.append(s.seconds)
                ask(s, q.near)
                again.append(s.seconds * 1000)
                ask(s, q.far[r])
                first_far.append(s.seconds * 1000)
        where = "preloaded" if preload else "not preloaded"
        report.row("build: first question in a fresh server, near pair, %s (s)" % where, first, at_most=2)
        report.row("second question, near pair, %s (ms)" % where, again)
        report.row("third question, far pair, %s (ms)" % where, first_far)


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
    figures = {name: [] for name in ("connect", "bare", "first", "both", "again", "far")}
    with Session("large") as keeper:
        keeper.query(PREPARE)
        for pair in q.far[:5] * 5:      # whatever is made by and by is there
            ask(keeper, pair)
        for i in range(count):
            with Session("large") as s:
                figures["connect"].append(s.connect_seconds * 1000)
                s.query("SELECT s FROM pg_catalog.generate_series(1, 1) AS s")
                figures["bare"].append(s.seconds * 1000)
            with Session("large") as s:
                rows = s.query("SELECT cost, hops, nodes, links FROM netstate.shortest_path('generated', '%s', '%s')" % q.near)
                figures["first"].append(s.seconds * 1000)
                figures["both"].append((s.connect_seconds + s.seconds) * 1000)
                report.check(near(float(rows[0][0]), q.metric), "large: a new connection's answer is wrong")
                s.query("SELECT cost, hops, nodes, links FROM netstate.shortest_path('generated', '%s', '%s')" % q.near)
                figures["again"].append(s.seconds * 1000)
                s.query("SELECT cost, hops, nodes, links FROM netstate.shortest_path('generated', '%s', '%s')"
                        % q.far[i % len(q.far)])
                figures["far"].append(s.seconds * 1000)
    report.row("new connection, preloaded: connecting (ms)", figures["connect"])
    report.row("new connection, preloaded: first query, generate_series instead (ms)", figures["bare"])
    report.row("new connection, preloaded: first query, near pair (ms)", figures["first"], at_most=5)
    report.row("new connection, preloaded: connecting and first query (ms)", figures["both"], at_most=5)
    report.row("new connection, preloaded: second query, near pair (ms)", figures["again"])
    report.row("new connection, preloaded: third query, far pair (ms)", figures["far"])


# ---- memory of sessions ----

def buffers_in_use():
    """Bytes of shared buffers that hold a page."""
    with Session("bench_template") as s:
        s.query("SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS pg_buffercache")
        return int(s.value("SELECT count(relfilenode) FROM pg_buffercache")) * 8192


def memory(report, options, q):
    count = options.size(SESSIONS, 10)
    one = sessions_memory(1, q)
    many = sessions_memory(count, q)
    bare = sessions_memory(count, None)
    mb = 1024 * 1024
    report.result("memory of the server with 1 session (MB)", one[0] / mb, "%s MB of it shared buffers" % number(one[1] / mb))
    report.result("memory of the server with %d sessions (MB)" % count, many[0] / mb,
                  "%s MB of it shared buffers" % number(many[1] / mb))
    report.result("the same, sessions that never asked for a path (MB)", bare[0] / mb,
                  "%s MB of it shared buffers" % number(bare[1] / mb))
    report.result("%d sessions against 1" % count, many[0] / one[0], "sums of Pss", at_most=1.5)
    report.result("the same, shared buffers taken off", (many[0] - many[1]) / (one[0] - one[1]), "sums of Pss")


def sessions_memory(count, q):
    """Of all processes of a fresh server, with sessions that asked several questions."""
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
        return server.proportional_bytes(), buffers_in_use()
    finally:
        for s in sessions:
            s.close()


# ---- one changed link ----

def extra(report, reader, pair, change, times, expected=None):
    """Time of the question after a change less that of the one before it."""
    ask(reader, pair)
    before = reader.seconds
    change()
    cost = ask(reader, pair)
    times.append((reader.seconds - before) * 1000)
    if expected is not None:
        report.check(near(cost, expected), "large: after a change the path costs %s, not %s" % (cost, expected))
    return cost


def steady(reader, pair):
    """Times of a question that nothing changes between."""
    times = []
    for _ in range(10):
        ask(reader, pair)
        times.append(reader.seconds * 1000)
    return times


def one_change(report, options, q, preload):
    server.restart(preload)
    where = "preloaded" if preload else "not preloaded"
    times = {name: [] for name in ("near", "dearer", "cheaper", "added", "removed")}
    count = options.size(CHANGES, 10)
    far = q.far[0]
    with Session("large") as reader, Session("large") as writer:
        reader.query(PREPARE)
        for pair in [q.near, far] * 10:
            ask(reader, pair)
        times["at first"] = steady(reader, far)
        for i in range(count):
            metric = q.metric * (0.99 - 0.001 * i)
            extra(report, reader, q.near, lambda: writer.query(
                "UPDATE netstate.link SET metric = %r WHERE id = %d" % (metric, q.link)), times["near"], metric)
        for i in range(count):
            link = q.other_links[i]
            extra(report, reader, far, lambda: writer.query(
                "UPDATE netstate.link SET metric = metric * 1.01 WHERE id = %d" % link), times["dearer"])
        for i in range(count):
            link = q.other_links[i]
            extra(report, reader, far, lambda: writer.query(
                "UPDATE netstate.link SET metric = metric / 1.02 WHERE id = %d" % link), times["cheaper"])
        times["after"] = steady(reader, far)
        first = int(writer.value("SELECT max(id) FROM netstate.link")) + 1
        for i in range(min(count, 10)):
            extra(report, reader, far, lambda: writer.query(
                "INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, metric) "
                "SELECT %d, 1, 'added %d', a_node_id, z_node_id, metric * 2 FROM netstate.link WHERE id = %d"
                % (first + i, i, q.other_links[i])), times["added"])
        for i in range(min(count, 10)):
            cost = extra(report, reader, far, lambda: writer.query(
                "DELETE FROM netstate.link WHERE id = %d" % (first + i)), times["removed"])
        check_fresh(report, reader, far, cost)
        restore(writer, q, count)
    report.row("far pair, before any change, %s (ms)" % where, times["at first"])
    report.row("far pair, after %d links became cheaper, %s (ms)" % (count, where), times["after"])
    for name, text in (("near", "one link changed, near pair through it"), ("dearer", "one link dearer, far pair"),
                       ("cheaper", "one link cheaper, far pair"), ("added", "one link added, far pair"),
                       ("removed", "one link removed, far pair")):
        report.row("next question's extra time: %s, %s (ms)" % (text, where), times[name], at_most=1)


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
        "disabled; the tables are emptied between. Processor time is the backend's.") % (links, nodes))
    server.restart(False)
    load.create_database("writer", BASE)
    copy_rounds(report, min(options.rounds, WRITER_ROUNDS), os.path.join(path, "link"))
    side_by_side(report, options, links)
    report.end()


def copy_rounds(report, rounds, path):
    wall = {True: [], False: []}
    processor = {True: [], False: []}
    for r in range(rounds):
        for logged in ((True, False) if r % 2 == 0 else (False, True)):
            with Session("writer") as s:
                s.query("TRUNCATE netstate.link CASCADE")
                for trigger in LOG_TRIGGERS:
                    s.query("ALTER TABLE netstate.link %s TRIGGER %s"
                            % ("ENABLE ALWAYS" if logged else "DISABLE", trigger))
                s.query("CHECKPOINT")
                before = s.processor_seconds()
                log = int(s.value("SELECT count(*) FROM netstate.change_log"))
                wall[logged].append(load.copy(s, "link", path))
                after = s.processor_seconds()
                if before is not None and after is not None:
                    processor[logged].append(after - before)
                log = int(s.value("SELECT count(*) FROM netstate.change_log")) - log
                report.check((log > 0) == logged, "writer: %d rows logged with the triggers %s" % (
                    log, "enabled" if logged else "disabled"))
    with Session("writer") as s:
        for trigger in LOG_TRIGGERS:
            s.query("ALTER TABLE netstate.link ENABLE ALWAYS TRIGGER " + trigger)
        s.query("VACUUM ANALYZE netstate.link")
    for kind, values in (("wall clock", wall), ("processor", processor)):
        if not values[True]:
            continue
        report.row("COPY logged, %s (s)" % kind, values[True])
        report.row("COPY not logged, %s (s)" % kind, values[False])
        report.result("more with the log, %s (%%)" % kind, (median(values[True]) / median(values[False]) - 1) * 100,
                      "of the medians", at_most=20)


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
