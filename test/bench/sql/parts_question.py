"""Parts that ask the loaded plant: what a cut takes down, what a bundle rides on,
where a fault lies, another rule, and all that rides on one cable of millions.

All but the last leave the database "metro" of parts_plant.py as it was.
"""
import random

import metro
from parts_plant import DATABASE, TIMEOUT, database, describe, files, restart, settle
from report import number
from server import Session

CALLS = 200


def begin(report, options, title, text):
    database(options)
    _, rows = files(options)
    report.section(title, describe(rows) + " " + text)
    restart(False)


class Elements:
    """What is asked about, drawn by the seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        with Session(DATABASE) as s:
            s.query(TIMEOUT)
            self.spans = self._ids(s, "SELECT DISTINCT span_id FROM netstate.cable_segment ORDER BY 1")
            backbone = int(s.value("SELECT count(*) FROM (SELECT FROM netstate.strand_assignment GROUP BY cable_id "
                                   "HAVING count(*) > 100) AS c"))
            self.backbone_cables = list(range(1, backbone + 1))
            self.backbone = self._ids(s, "SELECT DISTINCT span_id FROM netstate.cable_segment WHERE cable_id <= %d ORDER BY 1" % backbone)
            self.bundles = self._ids(s, "SELECT id FROM netstate.link WHERE network_id = %d ORDER BY 1" % metro.IP)
            self.circuits = self._ids(s, "SELECT id FROM netstate.link WHERE network_id = %d ORDER BY 1" % metro.FIBRE)

    @staticmethod
    def _ids(session, sql):
        return [int(row[0]) for row in session.query(sql)]

    def some(self, ids, n):
        return self.random.sample(ids, min(n, len(ids)))


def timed(report, session, figure, statements, at_most=None, factor=1000, more=""):
    """Costs of the statements, the first of which warms up; gives their rows."""
    session.query(statements[0])
    costs, answers = [], []
    for sql in statements:
        rows, cost = session.costs(lambda: session.query(sql))
        costs.append(cost)
        answers.append(rows)
    count = sorted(map(len, answers))[len(answers) // 2]
    report.cost("%s, %d rows%s (CPU ms)" % (figure, count, more), costs, factor, at_most=at_most)
    return answers


def array(ids):
    return "ARRAY[%s]::bigint[]" % ", ".join(map(str, ids))


# ---- impact ----

RIDING = """
WITH RECURSIVE up AS (
    SELECT sa.link_id FROM netstate.cable_segment AS cs
    JOIN netstate.strand_assignment AS sa ON sa.cable_id = cs.cable_id AND sa.segments @> cs.seq
    WHERE cs.span_id = ANY ({spans})
    UNION
    SELECT s.link_id FROM up JOIN netstate.link_support AS s ON s.supporting_link_id = up.link_id
)
SELECT l.id, l.network_id, l.capacity_gbps FROM up JOIN netstate.link AS l ON l.id = up.link_id ORDER BY l.id"""
IMPACT = "SELECT * FROM netstate.impact('span', {spans})"


def plant_impact(report, options):
    begin(report, options, "plant_impact: all that a cut of spans takes down",
          "Spans with cables, at random; backbone: those of the cables that carry most. All layers in one answer.")
    e = Elements(options.seed)
    with Session(DATABASE) as s:
        for what, spans, goal in (("1 span", [e.some(e.spans, 1) for _ in range(CALLS)], 2),
                                  ("1 backbone span", [e.some(e.backbone, 1) for _ in range(CALLS)], None),
                                  ("100 spans", [e.some(e.spans, 100) for _ in range(CALLS // 10)], 30),
                                  ("100 backbone spans", [e.some(e.backbone, 100) for _ in range(CALLS // 10)], 100)):
            ours = timed(report, s, "impact of " + what, [IMPACT.format(spans=array(ids)) for ids in spans], goal)
            peer = timed(report, s, "peer: links by plain SQL, " + what, [RIDING.format(spans=array(ids)) for ids in spans])
            for ids, mine, theirs in zip(spans, ours, peer):
                report.check({row[2] for row in mine} == {row[0] for row in theirs}, "plant_impact: the links of %s differ" % ids[:3])
    report.end()


# ---- memberships ----

BELOW = """
WITH RECURSIVE down AS (
    SELECT {link}::bigint AS link_id
    UNION
    SELECT s.supporting_link_id FROM down JOIN netstate.link_support AS s ON s.link_id = down.link_id
), lane AS MATERIALIZED (
    SELECT DISTINCT cs.cable_id, cs.span_id, cs.duct_id FROM down
    JOIN netstate.strand_assignment AS sa ON sa.link_id = down.link_id
    JOIN netstate.cable_segment AS cs ON cs.cable_id = sa.cable_id AND cs.seq >= lower(sa.segments) AND cs.seq < upper(sa.segments)
)
SELECT 1, span_id FROM lane
UNION SELECT 3, cable_id FROM lane
UNION SELECT 2, p.id FROM lane JOIN netstate.duct AS d ON d.id = lane.duct_id
    CROSS JOIN LATERAL (VALUES (d.id), (d.parent_id)) AS p (id) WHERE p.id IS NOT NULL
UNION SELECT 4, e.id FROM lane JOIN netstate.span AS s ON s.id = lane.span_id
    CROSS JOIN LATERAL (VALUES (s.a_structure_id), (s.z_structure_id)) AS e (id)
UNION SELECT 4, c.structure_id FROM lane JOIN netstate.span_crossing AS c ON c.span_id = lane.span_id"""
MEMBERSHIPS = "SELECT srlg_id, share, probability FROM netstate.memberships(ARRAY[{link}]::bigint[])"


def plant_memberships(report, options):
    begin(report, options, "plant_memberships: all groups of one bundle",
          "The peer derives those of spans, ducts, cables and structures alone, without share and probability.")
    e = Elements(options.seed)
    links = e.some(e.bundles, CALLS)
    with Session(DATABASE) as s:
        ours = timed(report, s, "memberships of a bundle", [MEMBERSHIPS.format(link=i) for i in links], 3)
        peer = timed(report, s, "peer: plain SQL", [BELOW.format(link=i) for i in links])
        for link, mine, theirs in zip(links, ours, peer):
            mine = {element(int(row[0])) for row in mine}
            report.check({g for g in mine if 1 <= g[0] <= 4} == {(int(k), int(i)) for k, i in theirs},
                         "plant_memberships: the groups of bundle %d differ" % link)
        timed(report, s, "memberships of a circuit", [MEMBERSHIPS.format(link=i) for i in e.some(e.circuits, CALLS)])
    report.end()


def element(srlg):
    """Kind's code and element of a derived group."""
    return (-srlg) >> 59, (-srlg) & ((1 << 59) - 1)


# ---- trace and fault_location ----

TRACE_PEER = """
SELECT sa.seq, cs.cable_id, cs.seq, cs.span_id, cs.duct_id, sa.strands FROM netstate.strand_assignment AS sa
JOIN netstate.cable_segment AS cs ON cs.cable_id = sa.cable_id AND cs.seq >= lower(sa.segments) AND cs.seq < upper(sa.segments)
WHERE sa.link_id = {link} ORDER BY 1, 3"""


def plant_trace(report, options):
    begin(report, options, "plant_trace: what a circuit runs through, in order", "Circuits at random.")
    e = Elements(options.seed)
    links = e.some(e.circuits, CALLS)
    with Session(DATABASE) as s:
        timed(report, s, "trace", ["SELECT * FROM netstate.trace(%d)" % i for i in links], 1)
        timed(report, s, "peer: segments by plain SQL, not in the order of travel", [TRACE_PEER.format(link=i) for i in links])
    report.end()


def plant_fault(report, options):
    begin(report, options, "plant_fault: the point on the map at so many metres from an end",
          "Circuits and distances at random, from either end.")
    e = Elements(options.seed)
    with Session(DATABASE) as s:
        length = {int(i): float(km) * 1000 for i, km in s.query(
            "SELECT id, length_km FROM netstate.link WHERE network_id = %d" % metro.FIBRE)}
        statements = ["SELECT * FROM netstate.fault_location(%d, %.3f, '%s')" % (
            i, length[i] * e.random.uniform(0.05, 0.9), e.random.choice("az")) for i in e.some(e.circuits, CALLS)]
        answers = timed(report, s, "fault_location", statements, 2)
        report.check(all(answers), "plant_fault: no point for %d questions" % sum(not rows for rows in answers))
    report.end()


# ---- rule ----

WRITTEN = ("SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_all_tables "
           "WHERE schemaname = 'netstate' AND relname IN ('span_pair', 'span_pair_own')")


def plant_rule(report, options):
    begin(report, options, "plant_rule: how near is near, from 5 m to 10 m",
          "One row of risk_rule in a transaction, again and again, and back at the end. What it writes of pairs is counted.")
    change, done, wal, written = [], [], [], []
    with Session(DATABASE) as s:
        s.query(TIMEOUT)
        before = pairs_state(s)
        for distance in (10, 5) * options.rounds:
            start = s.value("SELECT pg_current_wal_insert_lsn()")
            s.query("BEGIN")
            change.append(s.costs(lambda: s.query(
                "INSERT INTO netstate.risk_rule (kind, distance_m) VALUES ('proximity', %d) "
                "ON CONFLICT (kind) DO UPDATE SET distance_m = excluded.distance_m" % distance))[1])
            written.append(int(s.value(WRITTEN)))
            done.append(s.costs(lambda: s.query("COMMIT"))[1])
            wal.append(int(s.value("SELECT pg_current_wal_insert_lsn() - '%s'::pg_lsn" % start)))
        report.check(before == pairs_state(s), "plant_rule: span_pair is not as before")
        s.query("DELETE FROM netstate.risk_rule WHERE kind = 'proximity'")
    report.row("rows of span_pair and span_pair_own written", written, at_most=0)
    report.cost("statement (CPU ms)", change, 1000)
    report.cost("COMMIT (CPU ms)", done, 1000)
    report.row("log written by it (bytes)", wal)
    report.end()


def pairs_state(session):
    """Any write of a row would show."""
    return session.query("SELECT count(*), max(age(xmin)) - min(age(xmin)), sum(xmax::text::bigint), sum(hashtext(ctid::text)) "
                         "FROM netstate.span_pair")


# ---- netbox ----

MILLIONS = 4000000
FIRST_CABLE = 1000001
MORE_CABLES = """
INSERT INTO netstate.cable (id, name, strand_count)
SELECT {first} + n, 'patch-' || n, 2 FROM generate_series(0, {count} - 1) AS n"""
MORE_SEGMENTS = """
INSERT INTO netstate.cable_segment (cable_id, seq, span_id)
SELECT {first} + n, 1, 1 + n % {spans} FROM generate_series(0, {count} - 1) AS n"""
RIDES = """
SELECT l.id, l.name, i.layer, a.name, sa.name, ta.name, z.name, sz.name, tz.name
FROM netstate.impact('cable', ARRAY[{cable}]::bigint[]) AS i
JOIN netstate.link AS l ON l.id = i.link_id
JOIN netstate.node AS a ON a.id = l.a_node_id LEFT JOIN netstate.structure AS sa ON sa.id = a.structure_id
LEFT JOIN netstate.site AS ta ON ta.id = sa.site_id
JOIN netstate.node AS z ON z.id = l.z_node_id LEFT JOIN netstate.structure AS sz ON sz.id = z.structure_id
LEFT JOIN netstate.site AS tz ON tz.id = sz.site_id"""


def plant_netbox(report, options):
    count = options.size(MILLIONS, 1000)
    begin(report, options, "plant_netbox: all that rides on one cable, with its ends, among four million", (
        "%d more cables of one segment each. NetBox (github.com/netbox-community/netbox/issues/23000): one request over some "
        "3.8 million cables issued 15,274 queries and took 61.3 s, 0.7 ms of each 4.0 ms in PostgreSQL. The peer asks as it "
        "does, one query by key for each object on the way, on the same tables; it spends nothing on objects of its own.") % count)
    e = Elements(options.seed)
    with Session(DATABASE) as s:
        s.query("SET statement_timeout = '3000s'")
        report.note("inserted by one statement each, with every constraint and COMMIT: cables in %s s, segments in %s s"
                    % add_cables(s, count, rows_of(s, "span")))
        cables = e.some(e.backbone_cables, 20)
        ours = timed(report, s, "rides on a backbone cable", [RIDES.format(cable=i) for i in cables], 20)
        peer, queries, costs = [], [], []
        for cable in cables[:5]:
            asked = NPlusOne(s)
            rows, cost = s.costs(lambda: asked.rides(cable))
            peer.append(rows)
            queries.append(asked.queries)
            costs.append(cost)
        report.cost("peer: a query for each object, %d queries (CPU ms)" % sorted(queries)[len(queries) // 2], costs, 1000)
        for cable, mine, theirs in zip(cables, ours, peer):
            report.check(sorted(map(tuple, mine)) == sorted(theirs), "plant_netbox: what rides on cable %d differs" % cable)
        timed(report, s, "rides on any other cable that carries something",
              [RIDES.format(cable=i) for i in e.random.sample(range(len(cables) + 1, options.size(8000, 200)), 100)])
    report.end()


def rows_of(session, table):
    return int(session.value("SELECT count(*) FROM netstate.%s" % table))


def add_cables(session, count, spans):
    seconds = tuple(number(session.timed(sql.format(first=FIRST_CABLE, count=count, spans=spans)))
                    for sql in (MORE_CABLES, MORE_SEGMENTS))
    settle()
    return seconds


class NPlusOne:
    """Objects fetched by key, one query each, none kept."""

    def __init__(self, session):
        self.session = session
        self.queries = 0

    def get(self, table, columns, where):
        self.queries += 1
        return self.session.query("SELECT %s FROM netstate.%s WHERE %s" % (columns, table, where))

    def one(self, table, columns, key):
        return self.get(table, columns, "id = %s LIMIT 21" % key)[0] if key else None

    def rides(self, cable):
        self.one("cable", "*", cable)
        found = {}
        links = [row[0] for row in self.get("strand_assignment", "link_id", "cable_id = %d" % cable)]
        while links:
            link = links.pop()
            if link not in found:
                found[link] = self.link(link)
                links += [row[0] for row in self.get("link_support", "link_id", "supporting_link_id = %s" % link)]
        return list(found.values())

    def link(self, link):
        name, network, a, z = self.one("link", "name, network_id, a_node_id, z_node_id", link)
        return (link, name, self.one("network", "layer", network)[0], *self.end(a), *self.end(z))

    def end(self, node):
        name, structure = self.one("node", "name, structure_id", node)
        if not structure:
            return name, None, None
        at, site = self.one("structure", "name, site_id", structure)
        return name, at, self.one("site", "name", site)[0] if site else None
