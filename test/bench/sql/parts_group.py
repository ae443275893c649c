"""The part about disjoint groups over the metro network: an audit of all of them, and
what they add to a COMMIT that touches 50 of them, or none.

Leaves the database "metro" of parts_plant.py as it was.
"""
import random

import metro
from parts_plant import DATABASE, TIMEOUT, database, describe, files, restart
from report import median, number
from server import Cost, Session

GROUPS = 10000
TOUCHED = 50
COMMITS = 40


class Groups:
    """Groups that hold, of two to four members each: tunnels, bundles and circuits from anywhere, bundles between
    neighbouring sites, and mixed ones.  More are thought of than are wanted, and those that share something go."""

    def __init__(self, session, options):
        self.session = session
        self.random = random.Random(options.seed)
        self.wanted = options.size(GROUPS, 50)
        self.links = {network: self._ids("SELECT id FROM netstate.link WHERE network_id = %d ORDER BY id" % network)
                      for network in (metro.FIBRE, metro.IP, metro.TE)}
        self.near = {}          # bundles by the site of their A node
        for link, site in session.query(
                "SELECT l.id, n.site_id FROM netstate.link AS l JOIN netstate.node AS n ON n.id = l.a_node_id "
                "WHERE l.network_id = %d ORDER BY l.id" % metro.IP):
            self.near.setdefault(site, []).append(int(link))
        self.sites = sorted(site for site, links in self.near.items() if len(links) >= 4)

    def _ids(self, sql):
        return [int(row[0]) for row in self.session.query(sql)]

    def members(self):
        r = self.random
        count = r.randint(2, 4)
        kind = r.randrange(4)
        if kind == 0 and self.sites:
            return r.sample(self.near[r.choice(self.sites)], count)
        if kind == 1:
            return [r.choice(self.links[r.choice((metro.FIBRE, metro.IP, metro.TE))]) for _ in range(count)]
        return r.sample(self.links[metro.IP if kind == 2 else metro.FIBRE], count)

    def think_of(self, first, count):
        s = self.session
        s.query("BEGIN")
        for start in range(first, first + count, 1000):
            ids = range(start, min(start + 1000, first + count))
            s.query("INSERT INTO netstate.disjoint_group (id, name) VALUES " + ", ".join(
                "(%d, 'group-%05d')" % (i, i) for i in ids))
            s.query("INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES " + ", ".join(
                "(%d, %d)" % (i, link) for i in ids for link in sorted(set(self.members()))))
        s.query("DELETE FROM netstate.disjoint_group AS g WHERE (SELECT count(*) FROM netstate.disjoint_group_member AS m "
                "WHERE m.group_id = g.id) < 2")
        s.query("COMMIT")

    def make(self):
        """Gives how many were thought of."""
        s = self.session
        first = 1
        while True:
            lacking = self.wanted - self.count()
            if lacking <= 0 or first > 20 * self.wanted:
                break
            self.think_of(first, max(2 * lacking, 50))
            first += max(2 * lacking, 50)
            s.query("ANALYZE netstate.disjoint_group, netstate.disjoint_group_member")
            s.query("DELETE FROM netstate.disjoint_group WHERE id IN (SELECT group_id FROM netstate.disjoint_group_shared())")
        s.query("DELETE FROM netstate.disjoint_group WHERE id NOT IN (SELECT id FROM netstate.disjoint_group ORDER BY id LIMIT %d)" % self.wanted)
        return first - 1

    def count(self):
        return int(self.session.value("SELECT count(*) FROM netstate.disjoint_group"))

    def touched(self):
        """Segments of cables: one that carries members of so many groups as are wanted, or nearly; one that carries none,
        but circuits.  Gives both with their numbers of groups."""
        s = self.session
        s.query("""CREATE TABLE bench.reach AS
            WITH RECURSIVE down AS (
                SELECT group_id, link_id FROM netstate.disjoint_group_member
                UNION
                SELECT d.group_id, s.supporting_link_id FROM down AS d JOIN netstate.link_support AS s ON s.link_id = d.link_id)
            SELECT DISTINCT d.group_id, a.cable_id, q AS seq
            FROM down AS d JOIN netstate.strand_assignment AS a ON a.link_id = d.link_id
            CROSS JOIN LATERAL generate_series(lower(a.segments), upper(a.segments) - 1) AS q""")
        many = s.query("SELECT cable_id, seq, count(*) FROM bench.reach GROUP BY cable_id, seq ORDER BY abs(count(*) - %d), cable_id, seq LIMIT %d"
                       % (TOUCHED, COMMITS))
        none = s.query("""SELECT c.cable_id, c.seq, 0 FROM netstate.cable_segment AS c
            WHERE NOT EXISTS (SELECT FROM bench.reach AS r WHERE (r.cable_id, r.seq) = (c.cable_id, c.seq))
                AND EXISTS (SELECT FROM netstate.strand_assignment AS a WHERE a.cable_id = c.cable_id AND a.segments @> c.seq)
            ORDER BY hashint8(c.cable_id * 1000 + c.seq), 1, 2 LIMIT %d""" % COMMITS)
        s.query("DROP TABLE bench.reach")
        return many, none


# Into another duct of its span, and back.
LAY = """UPDATE netstate.cable_segment AS c SET duct_id = d.id FROM netstate.duct AS d
WHERE (c.cable_id, c.seq) = ({cable}, {seq}) AND d.span_id = c.span_id AND d.id IS DISTINCT FROM c.duct_id
    AND d.id = (SELECT {which}(x.id) FROM netstate.duct AS x WHERE x.span_id = c.span_id AND x.id IS DISTINCT FROM c.duct_id)"""


def commits(session, segments):
    """Costs of the COMMITs of one change each, all of which are undone."""
    session.query("CREATE TABLE bench.lane AS SELECT cable_id, seq, duct_id FROM netstate.cable_segment WHERE (cable_id, seq) IN (%s)"
                  % ", ".join("(%s, %s)" % tuple(row[:2]) for row in segments))
    costs = []
    for cable, seq, _ in [segments[0]] * 2 + segments:
        session.query("BEGIN")
        session.query(LAY.format(cable=cable, seq=seq, which=("min", "max")[len(costs) % 2]))
        costs.append(session.costs(lambda: session.query("COMMIT"))[1])
    session.query("UPDATE netstate.cable_segment AS c SET duct_id = l.duct_id FROM bench.lane AS l WHERE (l.cable_id, l.seq) = (c.cable_id, c.seq)")
    session.query("DROP TABLE bench.lane")
    return costs[2:]            # the first ones warm up


def more(costs, base):
    """What they take more than the median of the others."""
    usual = Cost(median([c.clock for c in base]), median([c.processor for c in base]))
    return [c - usual for c in costs]


def violated(session):
    return int(session.value("SELECT count(DISTINCT subject_id) FROM netstate.disjoint_group_violations()"))


def group(report, options):
    database(options)
    _, rows = files(options)
    report.section("group: disjoint groups over the metro network", describe(rows) + (
        " Groups of two to four circuits, bundles and tunnels, all of which hold. A change lays one segment of a cable into "
        "another duct of its span; what groups add is its COMMIT with them, less the median of the same without."))
    restart(False)
    with Session(DATABASE) as s:
        s.query(TIMEOUT)
        groups = Groups(s, options)
        thought = groups.make()
        report.note("%d groups with %s members, of %d that were thought of; the others shared something" % (
            groups.count(), s.value("SELECT count(*) FROM netstate.disjoint_group_member"), thought))
        many, none = groups.touched()
        report.note("groups touched by one change: %s to %s, and none" % (many[-1][2], many[0][2]))
        _, enforce = s.costs(lambda: s.query("UPDATE netstate.disjoint_group SET mode = 'enforce'"))
        report.cost("all turned to enforce, with COMMIT (CPU s)", [enforce])
        s.query("VACUUM ANALYZE netstate.disjoint_group")
        audits = [s.costs(lambda: violated(s)) for _ in range(options.rounds + 1)][1:]
        report.cost("audit of all groups (CPU s)", [cost for _, cost in audits], at_most=2)
        report.check(all(count == 0 for count, _ in audits), "group: the audit finds groups violated that COMMIT took")
        with_groups = {"many": commits(s, many), "none": commits(s, none)}
        check_answers(report, s)
        s.query("BEGIN")
        s.query("DELETE FROM netstate.disjoint_group")
        s.query("COMMIT")
        s.query("VACUUM ANALYZE netstate.disjoint_group, netstate.disjoint_group_member")
        without = {"many": commits(s, many), "none": commits(s, none)}
    for what, name, goal in (("many", "%d groups" % int(many[0][2]), 20), ("none", "none", 0.2)):
        report.cost("COMMIT of a change that touches %s (CPU ms)" % name, with_groups[what], 1000)
        report.cost("the same change without groups (CPU ms)", without[what], 1000)
        report.cost("what groups add to it, %s touched (CPU ms)" % name, more(with_groups[what], without[what]), 1000, at_most=goal)
    report.end()


def check_answers(report, session):
    """A circuit in a group with its own bundle shares it; so the group shows, and cannot be enforced."""
    session.query("BEGIN")
    session.query("INSERT INTO netstate.disjoint_group (id, name) VALUES (900001, 'wrong')")
    session.query("INSERT INTO netstate.disjoint_group_member (group_id, link_id) SELECT 900001, x FROM (SELECT link_id, supporting_link_id "
                  "FROM netstate.link_support ORDER BY 1, 2 LIMIT 1) AS s, unnest(ARRAY[s.link_id, s.supporting_link_id]) AS x")
    report.check(violated(session) == 1, "group: the audit misses the one group that is violated")
    shared = int(session.value("SELECT count(DISTINCT srlg_id) FROM netstate.disjoint_group_shared(ARRAY[900001::bigint]) WHERE srlg_id IS NOT NULL"))
    risks = int(session.value("SELECT count(*) FROM (SELECT link_id, supporting_link_id FROM netstate.link_support ORDER BY 1, 2 LIMIT 1) AS s, "
                              "netstate.shared_risk(s.link_id, s.supporting_link_id)"))
    report.check(0 < shared <= risks, "group: %s groups of risk are shared, of %s" % (number(shared), number(risks)))
    session.query("ROLLBACK")
