"""A way around every link of a network, against pgRouting and igraph's C library."""
import os
import random

import gravity
import load
import server
from parts_compare import NO_DATA, skipped
from report import median, near
from server import Session, environment, program

DATABASE = "bypass"
NETWORKS = ("regsrlg/sprint-phys", "topologyzoo/Kdl", "topohub-backbone/world")
GROUPS_OF_A_LINK = 3
CAPACITIES = (100, 400)
PGROUTING_LINKS = 1000          # of more, as many at random, and the time scaled up
PGROUTING_GOAL = 60
IGRAPH_GOAL = 2

PGROUTING = """SELECT count(p.cost), sum(p.cost) FROM bench.asked%(id)d a
JOIN bench.edge%(id)d e USING (id)
CROSS JOIN LATERAL (SELECT max(d.agg_cost) AS cost FROM pgr_dijkstra(
    format('SELECT id, source, target, cost, reverse_cost FROM bench.edge%(id)d WHERE id <> %%s', e.id),
    e.source, e.target, false) d) p"""


def write(network, name, rows):
    path = os.path.join(network.path, name)
    with open(path, "w") as file:
        for row in rows:
            file.write("\t".join(map(str, row)) + "\n")
    return path


def prepare(s, network, options):
    """The network with groups of its own; capacities come later."""
    network.load(s)
    base = network.network_id * 1000000
    links = [base + i + 1 for i in range(len(network.links))]
    members = gravity.groups(links, GROUPS_OF_A_LINK, options.seed)
    s.query("COPY netstate.srlg (id, network_id, name) FROM '%s'" % write(
        network, "risk", [(base + i + 1, network.network_id, "risk %d" % i) for i in range(len(links))]))
    s.query("COPY netstate.srlg_member (srlg_id, link_id) FROM '%s'" % write(
        network, "risk_member", [(base + group + 1, link) for group, link in members]))
    generator = random.Random(options.seed)
    asked = sorted(generator.sample(links, min(len(links), PGROUTING_LINKS)))
    s.query("CREATE TABLE bench.asked%d (id bigint PRIMARY KEY)" % network.network_id)
    s.query("COPY bench.asked%d FROM '%s'" % (network.network_id, write(network, "asked", [(i,) for i in asked])))
    with open(os.path.join(network.path, "edges"), "w") as file:
        file.write("%d %d\n" % (len(network.node_id), len(links)))
        for l in network.links:
            file.write("%d %d %s\n" % (network.node_id[l["src"]] - base - 1, network.node_id[l["dst"]] - base - 1,
                                       network._cost(l)))
    return asked


def set_capacities(s, network, options):
    generator = random.Random(options.seed)
    base = network.network_id * 1000000
    s.query("CREATE TABLE bench.capacity%d (id bigint PRIMARY KEY, gbps float8)" % network.network_id)
    s.query("COPY bench.capacity%d FROM '%s'" % (network.network_id, write(
        network, "capacity", [(base + i + 1, generator.choice(CAPACITIES)) for i in range(len(network.links))])))
    s.query("UPDATE netstate.link l SET capacity_gbps = c.gbps FROM bench.capacity%d c WHERE c.id = l.id" % network.network_id)
    s.query("VACUUM ANALYZE netstate.link")


def check_plain(report, s, network, peers):
    """Without groups and capacities all have to give the same."""
    plain = "FROM netstate.bypass_paths('%s', disjoint => '{link}')" % network.name
    if "igraph" in peers:
        line = program("peer_igraph", os.path.join(network.path, "edges"), 1).split()
        n, total = s.query("SELECT count(*), sum(cost) " + plain)[0]
        report.check(int(n) == int(line[1]) and near(float(total), float(line[2])),
                     "bypass: %s: %s bypasses of %s, by igraph %s of %s" % (network.name, n, total, line[1], line[2]))
    if "pgrouting" in peers:
        n, total = s.query("SELECT count(*), sum(cost) %s JOIN bench.asked%d ON id = link_id" % (plain, network.network_id))[0]
        m, other = s.query(PGROUTING % {"id": network.network_id})[0]
        report.check(int(n) == int(m) and near(float(total), float(other)),
                     "bypass: %s: %s bypasses of %s, by pgRouting %s of %s" % (network.name, n, total, m, other))


def check_groups(report, s, network):
    """No bypass shares a group, or uses the link; with capacity there is one for as many links."""
    bad = s.value("""SELECT count(*) FROM netstate.bypass_paths('%s') b CROSS JOIN LATERAL unnest(b.links) u (id)
        WHERE u.id = b.link_id OR EXISTS (SELECT FROM netstate.srlg_member x JOIN netstate.srlg_member y USING (srlg_id)
            WHERE x.link_id = b.link_id AND y.link_id = u.id)""" % network.name)
    report.check(int(bad) == 0, "bypass: %s: %s links of bypasses share a group" % (network.name, bad))


def measure(report, options, s, network, peers, asked):
    mine, theirs, igraph, clock = [], [], [], []
    ours = "SELECT count(*), sum(cost) FROM netstate.bypass_paths('%s')" % network.name
    scale = len(network.links) / len(asked)
    for r in range(options.rounds + 1):
        _, cost = s.costs(lambda: s.query(ours))
        peer_cost = s.costs(lambda: s.query(PGROUTING % {"id": network.network_id}))[1] if "pgrouting" in peers else None
        line = program("peer_igraph", os.path.join(network.path, "edges"), 1).split() if "igraph" in peers else None
        if r == 0:              # warms up
            continue
        mine.append(cost.processor * 1000)
        clock.append(cost.clock * 1000)
        if peer_cost:
            theirs.append(peer_cost.processor * 1000 * scale)
        if line:
            igraph.append(float(line[0]))
    where = "%d nodes, %d links" % (len(network.node_id), len(network.links))
    report.row("%s: bypass_paths, groups and capacity (CPU ms)" % network.name, mine)
    report.row("%s: the same by the clock (ms)" % network.name, clock)
    if theirs:
        report.row("%s: pgr_dijkstra for each link%s (CPU ms)" % (
            network.name, "" if scale == 1 else ", from %d of them" % len(asked)), theirs)
        report.result("%s: ratio to pgRouting (CPU)" % network.name, median(theirs) / median(mine), where, at_least=PGROUTING_GOAL)
    if igraph:
        report.row("%s: igraph's C library, in C (CPU ms)" % network.name, igraph)
        report.result("%s: ratio to igraph (CPU)" % network.name, median(igraph) / median(mine), where, at_least=IGRAPH_GOAL)


def bypass(report, options):
    title = "bypass: a way around every link"
    if not environment("DATA"):
        return skipped(report, title, NO_DATA)
    report.section(title, (
        "Every link of a network, %d random groups a link, capacities of %s at random: the cheapest path between the link's ends "
        "that shares no group and carries as much, through SQL, all rows. The peers know neither groups nor capacities: they find "
        "the cheapest path without the link; igraph in a loop in C, without SQL, pgRouting in a lateral join on a narrow table; all "
        "in turn.") % (GROUPS_OF_A_LINK, " or ".join(map(str, CAPACITIES))))
    peers = set()
    if options.pgrouting:
        peers.add("pgrouting")
    else:
        report.note("pgRouting is not installed: not compared")
    if os.path.exists(os.path.join(environment("PROGRAMS"), "peer_igraph")):
        peers.add("igraph")
    else:
        report.note("igraph's C library is not installed (package libigraph-dev): not compared")
    load.create_database(DATABASE)
    server.restart(False)
    with Session(DATABASE) as s:
        for i, name in enumerate(NETWORKS):
            network = load.Known(name, 51 + i)
            asked = prepare(s, network, options)
            s.query("VACUUM ANALYZE")
            check_plain(report, s, network, peers)
            set_capacities(s, network, options)
            check_groups(report, s, network)
            measure(report, options, s, network, peers, asked)
    report.end()
