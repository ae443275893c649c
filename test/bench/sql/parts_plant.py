"""Parts about the plant as a whole: load, pairs of spans, graph, change.

All use the metro network of metro.py.  The database "metro" is loaded once and
left as it was: what a part changes it changes back.
"""
import os
import random

import load
import metro
import server
from report import number
from server import Session

DATABASE = "metro"
SETTINGS = {"shared_buffers": "2GB", "work_mem": "64MB", "max_wal_size": "16GB"}
TIMEOUT = "SET statement_timeout = '900s'"
_metro = {}


def restart(preload):
    server.restart(preload, **SETTINGS)


def files(options):
    """The files of the metro network, generated at the first call, and their numbers of rows."""
    if "rows" not in _metro:
        _metro["rows"] = metro.generate(load.files("metro"), options.scale, options.seed)
    return load.files("metro"), _metro["rows"]


def describe(rows):
    return ("Metro network: %(span)d spans, %(structure)d structures, %(duct)d ducts, %(cable)d cables, %(cable_segment)d "
            "segments, %(strand_assignment)d strand assignments, %(link)d links, %(link_support)d supports.") % rows


def copy(session, path, table):
    session.query("COPY netstate.%s (%s) FROM '%s'" % (table, metro.TABLES[table], os.path.join(path, table)))


def copy_all(database, path, tables):
    """In one transaction, every constraint and trigger on.  Gives the Cost of each table and of COMMIT."""
    costs = {}
    with Session(database) as s:
        s.query(TIMEOUT)
        s.query("BEGIN")
        for table in tables:
            _, costs[table] = s.costs(lambda: copy(s, path, table))
        _, costs["COMMIT"] = s.costs(lambda: s.query("COMMIT"))
    return costs


def database(options):
    """The loaded database; loaded here where no part has done so."""
    if "loaded" not in _metro:
        restart(False)
        path, _ = files(options)
        load.create_database(DATABASE)
        copy_all(DATABASE, path, metro.TABLES)
        settle()
    return DATABASE


def settle():
    with Session(DATABASE) as s:
        s.query(TIMEOUT)
        s.query("VACUUM ANALYZE")
        s.query("CHECKPOINT")
    _metro["loaded"] = True


def drop(name):
    with Session("postgres") as s:
        s.query("DROP DATABASE IF EXISTS %s" % name)


# ---- load ----

LOAD_ROUNDS = 3


def plant_load(report, options):
    path, rows = files(options)
    report.section("plant_load: a metro network into the tables", describe(rows) + (
        " COPY of all tables in one transaction, ids given, all keys, constraints, exclusions and triggers on, with the pairs of "
        "spans that run near each other, and COMMIT, which proves that cables and circuits are continuous."))
    restart(False)
    rounds = []
    for r in range(min(options.rounds, LOAD_ROUNDS)):
        drop(DATABASE)
        load.create_database(DATABASE)
        rounds.append(copy_all(DATABASE, path, metro.TABLES))
    settle()
    report.row("all of it (s)", [sum(c.clock for c in costs.values()) for costs in rounds], at_most=90)
    report.row("all of it (CPU s)", [sum(c.processor for c in costs.values()) for costs in rounds])
    for what in ("span", "duct", "cable_segment", "strand_assignment", "link", "COMMIT"):
        report.cost("%s (CPU s)" % what, [costs[what] for costs in rounds])
    report.cost("all other tables (CPU s)", [sum_of([c for what, c in costs.items() if what not in (
        "span", "duct", "cable_segment", "strand_assignment", "link", "COMMIT")]) for costs in rounds])
    check_load(report, rows)
    sizes(report)
    report.end()


def sum_of(costs):
    return sum(costs, server.Cost(0, 0))


def check_load(report, rows):
    with Session(DATABASE) as s:
        for table in ("span", "duct", "cable_segment", "strand_assignment"):
            found = int(s.value("SELECT count(*) FROM netstate.%s" % table))
            report.check(found == rows[table], "plant_load: %d rows in %s, not %d" % (found, table, rows[table]))


SIZES = """
SELECT c.relname, c.reltuples::bigint, pg_table_size(c.oid), pg_indexes_size(c.oid)
FROM pg_class AS c WHERE c.relnamespace = 'netstate'::regnamespace AND c.relkind = 'r'
ORDER BY pg_total_relation_size(c.oid) DESC"""


def sizes(report):
    """What the network takes: rows, and MB of each table and of its indexes."""
    with Session(DATABASE) as s:
        found = [(name, rows, int(table), int(indexes)) for name, rows, table, indexes in s.query(SIZES)]
    total = sum(table + indexes for _, _, table, indexes in found)
    report.note("rows, MB of table and of indexes: %s; all tables %s MB" % (
        ", ".join("%s %s, %s + %s" % (name, rows, number(table / 1e6), number(indexes / 1e6))
                  for name, rows, table, indexes in found if table + indexes > total / 1000), number(total / 1e6)))


# ---- pairs ----

PAIRS_PEER = """
CREATE TABLE bench.near AS SELECT a.id AS a_id, b.id AS b_id, ST_Distance(a.geom_m, b.geom_m) AS distance_m
FROM bench.span_m AS a JOIN bench.span_m AS b ON ST_DWithin(a.geom_m, b.geom_m, 25) AND a.id + 0 < b.id + 0
WHERE a.a_structure_id NOT IN (b.a_structure_id, b.z_structure_id) AND a.z_structure_id NOT IN (b.a_structure_id, b.z_structure_id)"""
SPAN_TABLES = ("region", "zone", "site", "structure", "corridor")
PAIR_TRIGGERS = """
SELECT quote_ident(t.tgname), t.tgenabled FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE t.tgrelid = 'netstate.span'::regclass AND p.proname ~ 'span_pair'"""


def plant_pairs(report, options):
    path, rows = files(options)
    report.section("plant_pairs: all pairs of spans within 25 m", describe(rows) + (
        " COPY of the spans and COMMIT, with the trigger that derives pairs and without it: the difference is the figure."))
    restart(False)
    with_pairs, without, difference = [], [], []
    for _ in range(min(options.rounds, LOAD_ROUNDS)):
        with_pairs.append(pairs_round(path, True))
        without.append(pairs_round(path, False))
        difference.append(with_pairs[-1] - without[-1])
    report.row("pairs within 25 m (s)", [c.clock for c in difference], at_most=30)
    report.cost("pairs within 25 m (CPU s)", difference)
    report.cost("COPY of spans and COMMIT, without pairs (CPU s)", without)
    pairs_peer(report, path)
    drop("pairs")
    report.end()


def pairs_round(path, derive):
    drop("pairs")
    load.create_database("pairs")
    copy_all("pairs", path, SPAN_TABLES)
    with Session("pairs") as s:
        for trigger, _ in ([] if derive else s.query(PAIR_TRIGGERS)):
            s.query("ALTER TABLE netstate.span DISABLE TRIGGER %s" % trigger)
        s.query("CHECKPOINT")
    costs = copy_all("pairs", path, ("span",))
    return costs["span"] + costs["COMMIT"]


def pairs_peer(report, path):
    """By PostGIS alone, distances only: which pairs share no structure and come within 25 m."""
    pairs_round(path, True)
    with Session("pairs") as s:
        s.query(TIMEOUT)
        stored = s.query("SELECT count(*), count(*) FILTER (WHERE crosses), count(*) FILTER (WHERE run_m[5] >= 20), "
                         "pg_total_relation_size('netstate.span_pair') FROM netstate.span_pair")[0]
        report.note("span_pair: %s pairs, %s cross, %s run 20 m or more within 5 m; %s MB" % (
            *stored[:3], number(int(stored[3]) / 1e6)))
        _, prepare = s.costs(lambda: s.query(
            "CREATE TABLE bench.span_m AS SELECT id, a_structure_id, z_structure_id, ST_Transform(geom, 32629) AS geom_m "
            "FROM netstate.span; CREATE INDEX ON bench.span_m USING gist (geom_m); ANALYZE bench.span_m"))
        _, join = s.costs(lambda: s.query(PAIRS_PEER))
        report.cost("peer: PostGIS, pairs without a common structure and their distance alone (CPU s)", [prepare + join])
        # Either of the two may have a pair at the edge of the 25 m that the other has not.
        missing = int(s.value("SELECT count(*) FROM bench.near AS n WHERE distance_m < 24.9 AND NOT EXISTS (SELECT FROM "
                              "netstate.span_pair AS p WHERE p.a_span_id = n.a_id AND p.b_span_id = n.b_id)"))
        report.check(missing == 0, "plant_pairs: PostGIS finds %d pairs that are not in span_pair" % missing)


# ---- graph ----

PREPARE = ("PREPARE ours (text, text) AS SELECT cost, hops, nodes, links "
           "FROM netstate.shortest_path('ip', $1, $2)")


class Routers:
    """Random routers that some bundle joins."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        with Session(DATABASE) as s:
            self.names = [row[0] for row in s.query(
                "SELECT name FROM netstate.node AS n WHERE network_id = %d AND EXISTS (SELECT FROM netstate.link AS l "
                "WHERE l.a_node_id = n.id) ORDER BY id" % metro.IP)]

    def pair(self):
        return tuple(self.random.sample(self.names, 2))


def ask(session, pair):
    rows = session.query("EXECUTE ours ('%s', '%s')" % pair)
    return float(rows[0][0]) if rows else None


def plant_graph(report, options):
    database(options)
    _, rows = files(options)
    report.section("plant_graph: first path query of the IP network", describe(rows) + (
        " shortest_path between two routers in a fresh server, every derived group loaded; then in sessions that connect later."))
    routers = Routers(options.seed)
    for preload in (True, False):
        where = "preloaded" if preload else "not preloaded"
        first, again = [], []
        for _ in range(options.rounds):
            restart(preload)
            with Session(DATABASE) as s:
                s.query("SELECT count(*) FROM netstate.link")       # what any first query does
                s.query(PREPARE)
                pair = routers.pair()
                _, cost = s.costs(lambda: ask(s, pair))
                first.append(cost)
                again.append(s.costs(lambda: ask(s, routers.pair()))[1])
        report.cost("first path query of the IP network, %s (CPU s)" % where, first, at_most=1)
        report.cost("second, %s (CPU ms)" % where, again, 1000)
    graph_facts(report)
    stored_closure(report, options)
    report.end()


def graph_facts(report):
    with Session(DATABASE) as s:
        s.query(TIMEOUT)
        status = s.query("SELECT nodes, links, srlgs, bytes FROM netstate.graph_status('ip')")[0]
        report.note("its graph: %s nodes, %s links, %s groups, %s MB" % (*status[:3], number(int(status[3]) / 1e6)))
        wrong = s.value("SELECT netstate.graph_check('ip')")
        report.check(wrong == "0", "plant_graph: graph_check finds %s differences" % wrong)


CLOSURE = """
CREATE TABLE bench.closure AS
WITH RECURSIVE down AS (
    SELECT id AS link_id, id AS below FROM netstate.link WHERE network_id = {ip}
    UNION
    SELECT d.link_id, s.supporting_link_id FROM down AS d JOIN netstate.link_support AS s ON s.link_id = d.below
), lane AS MATERIALIZED (
    SELECT DISTINCT d.link_id, sa.cable_id, cs.span_id, cs.duct_id
    FROM down AS d JOIN netstate.strand_assignment AS sa ON sa.link_id = d.below
    CROSS JOIN LATERAL generate_series(lower(sa.segments), upper(sa.segments) - 1) AS q
    JOIN netstate.cable_segment AS cs ON cs.cable_id = sa.cable_id AND cs.seq = q
)
SELECT DISTINCT link_id, 1 AS kind, span_id AS element_id FROM lane
UNION ALL SELECT DISTINCT link_id, 3, cable_id FROM lane
UNION ALL SELECT DISTINCT link_id, 2, p.duct_id FROM lane AS l JOIN netstate.duct AS d ON d.id = l.duct_id
    CROSS JOIN LATERAL (VALUES (d.id), (d.parent_id)) AS p (duct_id) WHERE p.duct_id IS NOT NULL
UNION ALL SELECT DISTINCT link_id, 4, e.structure_id FROM lane AS l JOIN netstate.span AS s ON s.id = l.span_id
    CROSS JOIN LATERAL (VALUES (s.a_structure_id), (s.z_structure_id)) AS e (structure_id)
UNION ALL SELECT DISTINCT link_id, 4, c.structure_id FROM lane AS l JOIN netstate.span_crossing AS c ON c.span_id = l.span_id"""


def stored_closure(report, options):
    """The peer: memberships of the same network derived by plain SQL into a table, and read from there."""
    with Session(DATABASE) as s:
        s.query(TIMEOUT)
        _, derive = s.costs(lambda: s.query(CLOSURE.format(ip=metro.IP)))
        s.query("VACUUM ANALYZE bench.closure")
        rows = s.value("SELECT count(*) FROM bench.closure")
        reads = [s.costs(lambda: s.query("COPY (SELECT * FROM bench.closure) TO '/dev/null' (FORMAT binary)"))[1]
                 for _ in range(options.rounds)]
        compare_closure(report, s)
        s.query("DROP TABLE bench.closure")
    report.cost("peer: span, duct, cable and structure memberships by plain SQL into a table, %s rows (CPU s)" % rows, [derive])
    report.cost("peer: reading that table alone, unordered and nothing built (CPU s)", reads)


def compare_closure(report, session):
    """The derivation has these memberships and no others of these kinds."""
    wrong = session.value("""
        WITH ours AS (SELECT m.link_id, (-m.srlg_id >> 59)::int AS kind, -m.srlg_id & ((1::bigint << 59) - 1) AS element_id
            FROM netstate.memberships(ARRAY(SELECT id FROM netstate.link WHERE network_id = %d ORDER BY id LIMIT 500)) AS m
            WHERE m.srlg_id < 0 AND -m.srlg_id >> 59 BETWEEN 1 AND 4),
        theirs AS (SELECT * FROM bench.closure WHERE link_id IN (SELECT link_id FROM ours))
        SELECT (SELECT count(*) FROM (TABLE ours EXCEPT TABLE theirs) AS x)
            + (SELECT count(*) FROM (TABLE theirs EXCEPT TABLE ours) AS y)""" % metro.IP)
    report.check(wrong == "0", "plant_graph: %s memberships of 500 bundles differ from plain SQL" % wrong)


# ---- change ----

CHANGES = 20


def plant_change(report, options):
    database(options)
    _, rows = files(options)
    report.section("plant_change: one change, and the next path query of another session", describe(rows) + (
        " A bend of a span moved by some 10 cm; a segment of a backbone cable laid into another span between the same "
        "structures; all segments of one. The next query is shortest_path in the IP network, less what it takes unchanged."))
    for preload in (True, False):
        restart(preload)
        changes(report, options, "preloaded" if preload else "not preloaded")
    report.end()


# The way beside: for each span of the backbone another one between its structures, with a bend 30 m away.
FIRST_BESIDE = 400000000
BESIDE = """
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom)
SELECT {first} + s.id, 'beside-' || s.id, s.a_structure_id, s.z_structure_id,
    ST_MakeLine(ARRAY[ST_StartPoint(s.geom), ST_Translate(ST_LineInterpolatePoint(s.geom, 0.5), 0.0003, 0.0003), ST_EndPoint(s.geom)])
FROM netstate.span AS s
WHERE s.id IN (SELECT span_id FROM netstate.cable_segment WHERE cable_id = 1)
    AND NOT EXISTS (SELECT FROM netstate.span WHERE id = {first} + s.id)"""
MOVE = ("UPDATE netstate.span SET geom = ST_SetPoint(geom, 1, ST_Translate(ST_PointN(geom, 2), {step}, {step})) WHERE id = {span}")
LAY = ("UPDATE netstate.cable_segment SET span_id = CASE WHEN span_id > {first} THEN span_id - {first} ELSE span_id + {first} END, "
       "duct_id = NULL WHERE cable_id = 1")


def changes(report, options, where):
    count = options.size(CHANGES, 10)
    routers = Routers(options.seed)
    pair = routers.pair()
    with Session(DATABASE) as reader, Session(DATABASE) as writer:
        writer.query(TIMEOUT)
        writer.query("CREATE TABLE bench.route AS SELECT * FROM netstate.cable_segment WHERE cable_id = 1")
        writer.query("CREATE TABLE bench.bend AS SELECT id, geom FROM netstate.span WHERE ST_NPoints(geom) = 3")
        writer.query(BESIDE.format(first=FIRST_BESIDE))
        ridden = [int(row[0]) for row in writer.query(
            "SELECT DISTINCT cs.span_id FROM netstate.cable_segment AS cs JOIN netstate.strand_assignment AS sa "
            "ON sa.cable_id = cs.cable_id AND sa.segments @> cs.seq JOIN netstate.link_support AS ls "
            "ON ls.supporting_link_id = sa.link_id JOIN netstate.span AS s ON s.id = cs.span_id WHERE cs.cable_id BETWEEN 21 AND 60 "
            "AND ST_NPoints(s.geom) = 3 ORDER BY 1 LIMIT 1000")]
        circuits = writer.value("SELECT count(DISTINCT link_id) FROM netstate.strand_assignment WHERE cable_id = 1")
        lay = LAY.format(first=FIRST_BESIDE)
        seqs = [int(row[0]) for row in writer.query("SELECT seq FROM netstate.cable_segment WHERE cable_id = 1 ORDER BY seq")]
        reader.query(PREPARE)
        for _ in range(20):
            ask(reader, pair)
        span = routers.random.sample(ridden, min(count, len(ridden)))
        kinds = {
            "a moved span": [MOVE.format(step="0.000001", span=i) for i in span],
            "a rerouted segment": [lay + " AND seq = %d" % seq for seq in routers.random.sample(seqs, min(count, len(seqs)))],
            "a rerouted cable of %s circuits" % circuits: [lay] * (count // 2 * 2),
        }
        for kind, statements in kinds.items():
            measure(report, reader, writer, pair, statements, "%s, %s" % (kind, where))
            report.check(reader.value("SELECT netstate.graph_check('ip')") == "0", "plant_change: graph_check after " + kind)
        change_back(writer)


def change_back(writer):
    writer.query("UPDATE netstate.cable_segment AS s SET span_id = r.span_id, duct_id = r.duct_id FROM bench.route AS r "
                 "WHERE (s.cable_id, s.seq) = (r.cable_id, r.seq)")
    writer.query("UPDATE netstate.span AS s SET geom = b.geom FROM bench.bend AS b WHERE b.id = s.id AND ST_AsBinary(s.geom) <> ST_AsBinary(b.geom)")
    writer.query("DELETE FROM netstate.span WHERE id > %d" % FIRST_BESIDE)
    writer.query("DROP TABLE bench.route, bench.bend")


def measure(report, reader, writer, pair, statements, what):
    done = {"statement": [], "COMMIT": [], "next path query": []}
    for sql in statements:
        steady = reader.costs(lambda: ask(reader, pair))[1]
        writer.query("BEGIN")
        done["statement"].append(writer.costs(lambda: writer.query(sql))[1])
        done["COMMIT"].append(writer.costs(lambda: writer.query("COMMIT"))[1])
        done["next path query"].append(reader.costs(lambda: ask(reader, pair))[1] - steady)
    for step, goal in (("statement", 10), ("COMMIT", 10), ("next path query", 20)):
        report.cost("%s: %s (CPU ms)" % (what, step), done[step], 1000, at_most=goal)
    report.note("%s, first time: %s" % (what, ", ".join(
        "%s %s ms" % (step, number(costs[0].processor * 1000)) for step, costs in done.items())))
