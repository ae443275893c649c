"""Load of all links by the demands, and what bypasses do to them."""
import os

import gravity
import load
import server
from parts_compare import NO_DATA, skipped
from report import near
from server import Session

DEMANDS = 20000
GROUPS_OF_A_LINK = 3
PEER = "topohub-backbone/world"


def write(network, name, rows):
    path = os.path.join(network.path, name)
    with open(path, "w") as file:
        for row in rows:
            file.write("\t".join(map(str, row)) + "\n")
    return path


def prepare(s, network, options):
    """Demands, groups and capacities, for this network alone."""
    base = network.network_id * 1000000
    demands = gravity.demands(network.node_id.values(), options.size(DEMANDS, 50), options.seed)
    s.query("COPY netstate.demand (network_id, name, src_node_id, dst_node_id, gbps) FROM '%s'" % write(
        network, "demand", [(network.network_id, "%d to %d" % d[:2], *d) for d in demands]))
    link_ids = [int(r[0]) for r in s.query("SELECT id FROM netstate.link WHERE network_id = %d" % network.network_id)]
    members = gravity.groups(link_ids, GROUPS_OF_A_LINK, options.seed)
    mtbf = gravity.mtbf_hours(len(link_ids), options.seed)
    s.query("COPY netstate.srlg (id, network_id, name, mtbf_hours, mttr_hours) FROM '%s'" % write(
        network, "risk", [(base + i + 1, network.network_id, "risk %d" % i, hours, 12) for i, hours in enumerate(mtbf)]))
    s.query("COPY netstate.srlg_member (srlg_id, link_id) FROM '%s'" % write(
        network, "risk_member", [(base + group + 1, link) for group, link in members]))
    carried = s.query("SELECT link_id, greatest(az_gbps, za_gbps) FROM netstate.link_load('%s')" % network.name)
    s.query("CREATE TABLE bench.capacity (id bigint PRIMARY KEY, gbps float8)")
    s.query("COPY bench.capacity FROM '%s'" % write(
        network, "capacity", [(link, gravity.capacity(float(gbps))) for link, gbps in carried]))
    s.query("UPDATE netstate.link l SET capacity_gbps = c.gbps FROM bench.capacity c WHERE c.id = l.id")
    s.query("VACUUM ANALYZE netstate.link, netstate.demand, netstate.srlg, netstate.srlg_member")
    s.query("CHECKPOINT")
    return demands


def check_load(report, s, network):
    """Load times cost, over all links, is what the demands' cheapest paths cost."""
    on_links = s.value("SELECT sum((c.az_gbps + c.za_gbps) * l.metric) FROM netstate.link_load('%s') c "
                       "JOIN netstate.link l ON l.id = c.link_id" % network.name)
    on_paths = s.value("SELECT sum(d.gbps * p.cost) FROM netstate.demand d JOIN netstate.node a ON a.id = d.src_node_id "
                       "JOIN netstate.node z ON z.id = d.dst_node_id "
                       "CROSS JOIN LATERAL netstate.shortest_path('%s', a.name, z.name) p WHERE d.network_id = %d"
                       % (network.name, network.network_id))
    report.check(abs(float(on_links) - float(on_paths)) <= 1e-6 * float(on_paths),
                 "contention: load times metric is %s on links, %s on paths" % (on_links, on_paths))


def check_events(report, s, network):
    """Each group with load is in one event, and what is hit is what moves or is lost."""
    rows = s.query("""WITH answer AS MATERIALIZED (
            SELECT * FROM netstate.bypass_contention('%s', most => 0)
        ), load AS MATERIALIZED (
            SELECT * FROM netstate.link_load('%s')
        ), hit AS (
            SELECT m.srlg_id, sum(m.share * (l.az_gbps + l.za_gbps)) AS gbps
            FROM netstate.srlg_member m JOIN load l USING (link_id) GROUP BY m.srlg_id HAVING sum(l.az_gbps + l.za_gbps) > 0
        ), said AS (
            SELECT DISTINCT u.srlg_id, a.moved_gbps + a.unprotected_gbps AS gbps
            FROM answer a CROSS JOIN LATERAL unnest(a.srlgs) u (srlg_id)
        )
        SELECT count(*), count(*) FILTER (WHERE h.gbps IS NULL OR d.gbps IS NULL OR abs(h.gbps - d.gbps) > 1e-6 * h.gbps),
            (SELECT count(*) FROM answer a WHERE abs(a.load_gbps + a.added_gbps - a.capacity_gbps - a.over_gbps) > 1e-6 OR a.over_gbps <= 0)
        FROM hit h FULL JOIN said d USING (srlg_id)""" % (network.name, network.name))[0]
    report.check(int(rows[0]) > 0 and rows[1:] == ["0", "0"], "contention: of %s groups %s differ, %s rows do not add up" % tuple(rows))


def peer_load(report, s, network, options):
    """A cheapest path of each demand, by pgRouting, added up by link: no split over equal ones."""
    query = ("SELECT p.edge, sum(d.gbps) FROM pgr_dijkstra('SELECT id, source, target, cost FROM bench.edge%d', "
             "'SELECT src_node_id AS source, dst_node_id AS target FROM netstate.demand WHERE network_id = %d', directed := false) p "
             "JOIN netstate.demand d ON d.src_node_id = p.start_vid AND d.dst_node_id = p.end_vid AND d.network_id = %d "
             "WHERE p.edge > 0 GROUP BY p.edge" % ((network.network_id,) + (network.network_id,) * 2))
    cost = s.costs(lambda: s.query(query))[1]
    report.cost("pgr_dijkstra with all pairs, a path of each demand added up by link (CPU s)", [cost])
    return cost.processor


def contention(report, options):
    title = "contention: load of all links, and every single event"
    networks = load.known_networks()
    if not networks:
        return skipped(report, title, NO_DATA)
    network = networks[PEER.split("/")[1]]
    report.section(title, (
        "%s, %d demands by the gravity model, each link in %d random groups of as many as there are links, capacities of 1.5 "
        "times the load, rounded up to whole ports of 100 Gbit/s. An event is each group, and each link by itself. No peer answers what bypasses do "
        "to links; for load alone pgr_dijkstra is asked for one path of each demand.") % (
            PEER, options.size(DEMANDS, 50), GROUPS_OF_A_LINK))
    server.restart(False)
    with Session(load.KNOWN_DATABASE) as s:
        s.query("BEGIN")
        s.query("COMMIT")
        demands = prepare(s, network, options)
        measure(report, s, network, options)
        check_load(report, s, network)
        check_events(report, s, network)
        if options.pgrouting:
            peer_load(report, s, network, options)
        s.query("DELETE FROM netstate.demand WHERE network_id = %d" % network.network_id)
        s.query("DELETE FROM netstate.srlg WHERE network_id = %d" % network.network_id)
        s.query("UPDATE netstate.link SET capacity_gbps = NULL WHERE network_id = %d" % network.network_id)
        s.query("DROP TABLE bench.capacity")
    report.note("%d destinations" % len({d[1] for d in demands}))
    report.end()


def measure(report, s, network, options):
    questions = (
        ("link_load (CPU s)", "SELECT count(*), sum(az_gbps) FROM netstate.link_load('%s')" % network.name, None),
        ("bypass_contention, every single event (CPU s)",
         "SELECT count(*), count(*) FILTER (WHERE over_link_id IS NOT NULL) FROM netstate.bypass_contention('%s', most => 0)" % network.name, 2),
        ("bypass_contention, and the 100 likeliest pairs (CPU s)",
         "SELECT count(*), count(*) FILTER (WHERE second_srlgs IS NOT NULL) FROM netstate.bypass_contention('%s')" % network.name, None),
    )
    costs = {name: [] for name, _, _ in questions}
    rows = {}
    for r in range(options.rounds + 1):
        for name, query, _ in questions:
            answer, cost = s.costs(lambda: s.query(query))
            report.check(rows.setdefault(name, answer) == answer, "contention: %s answers otherwise in round %d" % (name, r))
            if r > 0:           # the first one warms up
                costs[name].append(cost)
    for name, _, goal in questions:
        report.cost(name, costs[name], at_most=goal)
    report.note("single events: %s rows, %s of them of a link that overflows; then %s pairs" % (
        *rows[questions[1][0]][0], rows[questions[2][0]][0][1]))
