"""Parts that ask the same of others: the core alone, pgRouting."""
import os
import random

import load
import server
from report import median, near, number
from server import Session, environment

NO_DATA = "skipped: no data: NS_DATA names no directory with networks.csv"
NO_PGROUTING = "skipped: pgRouting is not installed (package postgresql-NN-pgrouting)"


def skipped(report, title, why):
    report.section(title, why)
    report.end()


# ---- hit ----

HIT_PAIRS = 10
HIT_CALLS = 200000
HIT_TURNS = 1000                # over all pairs, a transaction each


BARE = "SELECT s.grantee FROM pg_catalog.aclexplode(ARRAY['=r/postgres'::aclitem]) AS s"


def microseconds(session, calls, work):
    """Of one call, in processor time of the backend."""
    return session.costs(work)[1].processor / calls * 1e6


def hit(report, options):
    title = "hit: a call above the search"
    networks = load.known_networks()
    if not networks:
        return skipped(report, title, NO_DATA)
    b4 = networks["B4"]
    report.section(title, (
        "teavar/B4, %d pairs. Loop: one statement with many calls (LATERAL), less the same with a "
        "function of PostgreSQL's that gives one row of four columns at once (aclexplode), less the search in src/core alone "
        "on the same graph and pairs; processor time. Transaction: one prepared statement in each, less the same two; by "
        "processor time of the backend, and by pgbench with one client, where the clock and the client count.") % HIT_PAIRS)
    pairs = b4.pairs(HIT_PAIRS, options.seed)
    calls = options.size(HIT_CALLS, 2000) // len(pairs) * len(pairs)
    path = os.path.join(b4.path, "pairs")
    with open(path, "w") as file:
        for src, dst in pairs:
            file.write("%d\t%d\n" % (b4.node_id[src], b4.node_id[dst]))
    with Session(load.KNOWN_DATABASE) as s:
        s.query("CREATE TABLE bench.hit AS SELECT p.src, p.dst, ARRAY['=r/postgres'::aclitem] AS acl FROM pg_catalog.generate_series(1, %d) AS r, "
                "(VALUES %s) AS p (n, src, dst) ORDER BY r, p.n" % (calls // len(pairs), ", ".join(
                    "(%d, '%s', '%s')" % (i, *p) for i, p in enumerate(pairs))))
        s.query("VACUUM ANALYZE bench.hit")
    for preload in (False, True):
        hit_rounds(report, options, b4, (pairs, calls, path), preload)
    report.end()


def hit_rounds(report, options, b4, questions, preload):
    pairs, calls, path = questions
    server.restart(preload)
    where = "preloaded" if preload else "not preloaded"
    loop = "SELECT sum(%s), count(*) FROM bench.hit AS p, LATERAL %s"
    ours = loop % ("s.cost", "netstate.shortest_path('B4', p.src, p.dst) AS s")
    trivial = loop % ("s.grantee::bigint", "pg_catalog.aclexplode(p.acl) AS s")
    core, bare_loop, in_loop, above = [], [], [], []
    with Session(load.KNOWN_DATABASE) as s:
        s.query("SET enable_memoize = off")
        for i in range(options.rounds + 1):
            text = server.program("search_time", b4.path + "/node", b4.path + "/link", path, calls).split()
            search = float(text[0])
            bare = microseconds(s, calls, lambda: s.query(trivial))
            call = microseconds(s, calls, lambda: s.query(ours))
            if i == 0:          # warms up
                continue
            core.append(search)
            bare_loop.append(bare)
            in_loop.append(call)
            above.append(call - bare - search)
        costs = sum(float(s.value("SELECT cost FROM netstate.shortest_path('B4', '%s', '%s')" % p)) for p in pairs)
        report.check(near(costs, float(text[1])), "hit: the costs of the pairs are %g, by the core %s" % (costs, text[1]))
    report.row("search in src/core (CPU us)", core)
    report.row("aclexplode in a loop, %s (CPU us)" % where, bare_loop)
    report.row("shortest_path in a loop, %s (CPU us)" % where, in_loop)
    report.row("call in a loop above the search, %s (CPU us)" % where, above, at_most=3)
    hit_transactions(report, options, pairs, median(core), where)


def hit_transactions(report, options, pairs, search, where):
    transaction_processor_time(report, options, pairs, search, where)
    ours = ["SELECT s.cost FROM netstate.shortest_path('B4', '%s', '%s') AS s" % p for p in pairs]
    trivial = [BARE]
    seconds = 3 if options.scale == 1 else 1
    above, whole = [], []
    for i in range(options.rounds):
        bare = 1e6 / server.transactions_per_second(load.KNOWN_DATABASE, trivial, seconds, options.seed + i)
        call = 1e6 / server.transactions_per_second(load.KNOWN_DATABASE, ours, seconds, options.seed + i)
        whole.append(call)
        above.append(call - bare - search)
    report.row("transaction of one call, pgbench, %s (us)" % where, whole)
    report.row("transaction above the search, pgbench, %s (us)" % where, above, at_most=3)


def transaction_processor_time(report, options, pairs, search, where):
    above = []
    turns = options.size(HIT_TURNS, 50)
    with Session(load.KNOWN_DATABASE) as s:
        s.query("PREPARE bare AS " + BARE)
        bare, ours = ["EXECUTE bare"] * len(pairs), []
        for i, pair in enumerate(pairs):
            s.query("PREPARE ours%d AS SELECT s.cost FROM netstate.shortest_path('B4', '%s', '%s') AS s" % (i, *pair))
            ours.append("EXECUTE ours%d" % i)
        for r in range(options.rounds + 1):
            took = [microseconds(s, turns * len(pairs), lambda: [s.query(q) for q in turn * turns])
                    for turn in (bare, ours)]
            if r > 0:           # the first one warms up
                above.append(took[1] - took[0] - search)
    report.row("transaction above the search, %s (CPU us)" % where, above, at_most=3)


# ---- dijkstra ----

GEOMETRIC = (100000, 400000)
DIJKSTRA_PAIRS = 60
COLD_CALLS = 60
WARM_TURNS = 4


def dijkstra(report, options):
    title = "dijkstra: against pgr_dijkstra"
    if not options.pgrouting:
        return skipped(report, title, NO_PGROUTING)
    nodes, links = (options.size(n, 200) for n in GEOMETRIC)
    report.section(title, (
        "Random geometric network, %d nodes, %d links, cost = distance; random pairs, one statement each, prepared on "
        "both sides. pgRouting reads the fastest of three: the links of netstate in both directions, a narrow table in "
        "both directions, the same as undirected.") % (nodes, links))
    path = load.generate("geometric", nodes, links, 0, options.seed)
    load.load_generated("geometric", path, ("node", "link"))
    with Session("geometric") as s:
        load.edge_table(s, "edge", 1)
        name = dict(s.query("SELECT id, name FROM netstate.node"))
    pairs = geometric_pairs(name, options.seed)
    for preload in (True, False):
        server.restart(preload)
        cold_calls(report, pairs[0], name, "preloaded" if preload else "not preloaded")
    dijkstra_compare(report, options, pairs, name)
    report.end()


def geometric_pairs(name, seed):
    generator = random.Random(seed)
    ids = sorted(name, key=int)
    return [tuple(generator.sample(ids, 2)) for _ in range(DIJKSTRA_PAIRS)]


PREPARE_SHORTEST = ("PREPARE ours (text, text) AS SELECT cost, hops, nodes, links "
                    "FROM netstate.shortest_path('generated', $1, $2)")


def cold_calls(report, pair, name, where):
    """The same question again and again in the first session of a server, then in the second."""
    ask = "EXECUTE ours ('%s', '%s')" % (name[pair[0]], name[pair[1]])
    for session in ("first session", "next session"):
        with Session("geometric") as s:
            s.query(PREPARE_SHORTEST)
            times = [s.timed(ask) * 1000 for _ in range(COLD_CALLS)]
        figure = "one pair, %s, %s: " % (where, session)
        report.row(figure + "call 1 (ms)", times[:1])
        report.row(figure + "calls 2 to 5 (ms)", times[1:5])
        slowest = max(range(1, COLD_CALLS), key=lambda i: times[i])
        report.result(figure + "slowest of the later ones (ms)", times[slowest], "call %d" % (slowest + 1))
        report.row(figure + "calls %d to %d (ms)" % (COLD_CALLS - 19, COLD_CALLS), times[-20:])


def fastest_form(report, session, pairs):
    """Prepare as peer the form of pgr_dijkstra that takes least on some pairs."""
    forms = {
        "link": ("SELECT id, a_node_id AS source, z_node_id AS target, metric AS cost, metric AS reverse_cost "
                 "FROM netstate.link WHERE network_id = 1", "true"),
        "narrow": ("SELECT id, source, target, cost, reverse_cost FROM bench.edge", "true"),
        "narrow_undirected": ("SELECT id, source, target, cost FROM bench.edge", "false"),
    }
    times = {form: [] for form in forms}
    for form, (edges, directed) in forms.items():
        session.query("PREPARE %s (bigint, bigint) AS SELECT * FROM pgr_dijkstra('%s', $1, $2, directed := %s)"
                      % (form, edges, directed))
        session.query("EXECUTE %s (%s, %s)" % (form, *pairs[0]))
    for pair in pairs[:3]:
        for form in forms:
            times[form].append(session.timed("EXECUTE %s (%s, %s)" % (form, *pair)) * 1000)
    for form in forms:
        report.row("pgr_dijkstra, edges %s (ms)" % form, times[form])
    return min(forms, key=lambda form: median(times[form]))


def warm_up(report, session, pairs, name):
    """All pairs in turn, in a session that asked for none: landmarks are made somewhere in between."""
    for turn in range(WARM_TURNS):
        costs = [session.costs(lambda: session.query("EXECUTE ours ('%s', '%s')" % (name[a], name[z])))[1] for a, z in pairs]
        report.cost("all pairs in a new session, turn %d (CPU ms)" % (turn + 1), costs, 1000)
        slowest = max(range(len(pairs)), key=lambda i: costs[i].processor)
        report.result("slowest of turn %d (CPU ms)" % (turn + 1), costs[slowest].processor * 1000, "call %d" % (slowest + 1))


def dijkstra_compare(report, options, pairs, name):
    ours = {pair: [] for pair in pairs}
    peer = {}
    none = 0
    with Session("geometric") as mine, Session("geometric") as other:
        mine.query(PREPARE_SHORTEST)
        warm_up(report, mine, pairs, name)
        form = fastest_form(report, other, pairs)
        for r in range(options.rounds):
            for i, pair in enumerate(pairs):
                rows, cost = mine.costs(lambda: mine.query("EXECUTE ours ('%s', '%s')" % (name[pair[0]], name[pair[1]])))
                ours[pair].append(cost)
                if i % options.rounds != r:
                    continue
                theirs, peer[pair] = other.costs(lambda: other.query("EXECUTE %s (%s, %s)" % (form, *pair)))
                answer = float(rows[0][0]) if rows else None
                report.check(near(answer, float(theirs[-1][-1]) if theirs else None),
                             "dijkstra: %s to %s costs %s, by pgr_dijkstra %s" % (*pair, answer, theirs[-1:]))
                none += answer is None
    where = "%d pairs, %d of them without a path" % (len(pairs), none)
    for kind, unit, of in (("", "ms", lambda c: c.clock * 1000), (" (CPU)", "CPU ms", lambda c: c.processor * 1000)):
        each = [median([of(c) for c in ours[p]]) for p in pairs]
        others = [of(peer[p]) for p in pairs]
        report.row("shortest_path (%s)" % unit, each)
        report.row("pgr_dijkstra, edges %s (%s)" % (form, unit), others)
        report.row("ratio, pair by pair" + kind, [o / e for e, o in zip(each, others)])
        report.result("ratio of the medians" + kind, median(others) / median(each), where, at_least=400)


# ---- ksp ----

KSP_GOALS = {"B4": 5, "cost266": 5, "sprint-phys": 8, "Kdl": 10, "world": 30}
KSP_PAIRS = 20
K = 16


def ksp(report, options):
    title = "ksp: 16 shortest paths, against pgr_ksp"
    networks = load.known_networks()
    if not networks:
        return skipped(report, title, NO_DATA)
    if not options.pgrouting:
        return skipped(report, title, NO_PGROUTING)
    report.section(title, (
        "%d random pairs of each network, prepared on both sides, asked in turn; pgr_ksp reads a narrow table. Of parallel "
        "links the cheapest is kept, since pgr_ksp leaves paths out that differ in one only.") % KSP_PAIRS)
    server.restart(False)
    for name, goal in KSP_GOALS.items():
        ksp_network(report, options, networks[name], goal)
    report.end()


def path_costs(rows):
    """Of pgr_ksp's rows: the last agg_cost of each path_id."""
    cost = {}
    for row in rows:
        cost[int(row[1])] = float(row[-1])
    return [cost[path] for path in sorted(cost)]


def ksp_network(report, options, network, goal):
    pairs = network.pairs(KSP_PAIRS, options.seed)
    columns = "id, source, target, cost" + (", reverse_cost" if network.directed else "")
    ids = [tuple(network.node_id[name] for name in pair) for pair in pairs]
    ours, peer, processor, peer_processor = {}, {}, [], []
    with Session(load.KNOWN_DATABASE) as s:
        s.query("PREPARE ours (text, text) AS SELECT * FROM netstate.k_shortest_paths('%s', $1, $2, %d)"
                % (network.name, K))
        s.query("PREPARE peer (bigint, bigint) AS SELECT * FROM pgr_ksp('SELECT %s FROM bench.edge%d', $1, $2, %d, "
                "directed := %s)" % (columns, network.network_id, K, str(network.directed).lower()))
        for r in range(options.rounds + 1):
            mine, cost = s.costs(lambda: asked(s, "ours", pairs, ours, "'%s', '%s'"))
            theirs, peer_cost = s.costs(lambda: asked(s, "peer", ids, peer, "%d, %d"))
            if r == 0:          # warms up
                ours, peer = {}, {}
                for pair, rows, peer_rows in zip(pairs, mine, theirs):
                    compare_costs(report, network, pair, [float(row[1]) for row in rows], path_costs(peer_rows))
                continue
            processor.append(cost.processor / len(pairs) * 1000)
            peer_processor.append(peer_cost.processor / len(pairs) * 1000)
    each = [median(ours[p]) for p in pairs]
    others = [median(peer[i]) for i in ids]
    where = "%d nodes, %d links" % (len(network.node_id), len(network.links))
    report.row("%s: k_shortest_paths (ms)" % network.name, each)
    report.row("%s: pgr_ksp (ms)" % network.name, others)
    report.row("%s: k_shortest_paths, mean of a round (CPU ms)" % network.name, processor)
    report.row("%s: pgr_ksp, mean of a round (CPU ms)" % network.name, peer_processor)
    report.row("%s: ratio, pair by pair" % network.name, [o / e for e, o in zip(each, others)])
    report.row("%s: ratio, fastest calls of each pair" % network.name, [min(peer[i]) / min(ours[p]) for p, i in zip(pairs, ids)])
    report.result("%s: ratio of the medians" % network.name, median(others) / median(each), where, at_least=goal)
    report.result("%s: ratio (CPU)" % network.name, median(peer_processor) / median(processor), where, at_least=goal)


def asked(session, statement, pairs, times, arguments):
    """The rows of each pair; appends the milliseconds."""
    answers = []
    for pair in pairs:
        answers.append(session.query("EXECUTE %s (%s)" % (statement, arguments % pair)))
        times.setdefault(pair, []).append(session.seconds * 1000)
    return answers


def compare_costs(report, network, pair, mine, theirs):
    same = len(mine) == len(theirs) and all(near(x, y) for x, y in zip(mine, theirs))
    report.check(same, "ksp: %s %s-%s: costs %s, by pgr_ksp %s" % (network.name, *pair, mine, theirs))


# ---- allpairs ----

ALLPAIRS_SAMPLE = 200


def allpairs(report, options):
    title = "allpairs: disjoint paths of all pairs in one statement"
    networks = load.known_networks()
    if not networks:
        return skipped(report, title, NO_DATA)
    sprint = networks["sprint-phys"]
    report.section(title, (
        "sprint-phys, groups of knodes1, k = 2. Cutting groups ignored: a function in PL/pgSQL finds those that alone separate "
        "the pair by disjoint_obstacles, and they are passed in ignore_srlgs. Strict, as asked by default: a group of knodes1 holds all links at a node, "
        "so no pair has two paths, and that is proven."))
    names = sorted(sprint.node_id, key=sprint.node_id.get)
    if options.scale < 1:
        names = names[:options.size(len(names), 20)]
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1:]]
    with Session(load.KNOWN_DATABASE) as s:
        s.query(CUTTING)
        s.query("CREATE TABLE bench.pair (src text, dst text)")
        s.query("INSERT INTO bench.pair SELECT a.name, b.name FROM netstate.node AS a, netstate.node AS b "
                "WHERE a.network_id = %d AND b.network_id = %d AND a.id < b.id AND b.id <= %d"
                % (sprint.network_id, sprint.network_id, sprint.node_id[names[-1]]))
        s.query("VACUUM ANALYZE bench.pair")
        s.query("ALTER TABLE bench.pair SET (parallel_workers = 2)")
    report.note("%d pairs, %d groups" % (len(pairs), len({g for g, _ in sprint.members})))
    check_sample(report, options, sprint, pairs)
    for preload in (True, False):
        server.restart(preload)
        allpairs_rounds(report, options, "preloaded" if preload else "not preloaded", preload)
    report.end()


# A sub-select beside a lateral call keeps the call out of the workers.
CUTTING = """
CREATE FUNCTION bench.cutting(src text, dst text) RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN ARRAY(SELECT o.id FROM netstate.disjoint_obstacles('sprint-phys', src, dst) AS o WHERE o.kind = 'srlg');
END
$$"""
JUDGED = "cutting groups ignored"
ALLPAIRS_SQL = {
    JUDGED:
        "SELECT count(*) FILTER (WHERE d.path = 1), coalesce(sum(d.cost), 0) FROM bench.pair AS p, "
        "LATERAL netstate.disjoint_paths('sprint-phys', p.src, p.dst, ignore_srlgs => bench.cutting(p.src, p.dst)) AS d",
    "strict":
        "SELECT count(*) FILTER (WHERE d.path = 1), coalesce(sum(d.cost), 0) FROM bench.pair AS p, "
        "LATERAL netstate.disjoint_paths('sprint-phys', p.src, p.dst) AS d",
}


def allpairs_rounds(report, options, where, judged):
    times = {}
    answers = {}
    with Session(load.KNOWN_DATABASE) as s:
        s.query("SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; "
                "SET enable_memoize = off; SET jit = off")
        for r in range(min(options.rounds, 3)):
            for how, sql in ALLPAIRS_SQL.items():
                for workers, leader in ((2, "on"), (2, "off"), (0, "on")):
                    if workers == 0 and r > 0:
                        continue
                    s.query("SET max_parallel_workers_per_gather = %d; SET parallel_leader_participation = %s"
                            % (workers, leader))
                    rows, cost = s.costs(lambda: s.query(sql))
                    times.setdefault((how, workers, leader), []).append(cost)
                    answers.setdefault(how, []).append(rows[0])
        s.query("SET max_parallel_workers_per_gather = 2; SET parallel_leader_participation = on")
        if judged:
            show_plan(report, s)
    for how, rows in answers.items():
        same = all(row[0] == rows[0][0] and near(float(row[1]), float(rows[0][1])) for row in rows)
        report.check(same, "allpairs: %s: answers differ with the number of workers: %s" % (how, rows))
        if judged:
            report.note("%s: %s pairs have two paths" % (how, rows[0][0]))
    for (how, workers, leader), costs in times.items():
        if workers == 0:
            report.cost("%s, no workers, %s (CPU s)" % (how, where), costs)
        else:
            report.row("%s, %d workers%s, %s (s)" % (how, workers, " and the leader" if leader == "on" else "", where),
                       [c.clock for c in costs], at_most=6 if how == JUDGED else None)


def show_plan(report, session):
    rows = session.query("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + ALLPAIRS_SQL[JUDGED])
    plan = [row[0] for row in rows]
    launched = [line.strip() for line in plan if "Workers Launched" in line]
    report.check(launched == ["Workers Launched: 2"], "allpairs: the plan has %s" % (launched or "no workers"))
    report.block("\n".join(plan))


def check_sample(report, options, network, pairs):
    """A sample of pairs by the program that answers without SQL."""
    sample = random.Random(options.seed).sample(pairs, min(ALLPAIRS_SAMPLE, len(pairs)))
    text = server.program("answer", environment("DATA"), network.network, "knodes1",
                          stdin="".join("%s %s 2 strict\n" % p for p in sample))
    lines = text.splitlines()
    report.check(len(lines) == len(sample), "allpairs: the core answered %d of %d" % (len(lines), len(sample)))
    with Session(load.KNOWN_DATABASE) as s:
        for pair, line in zip(sample, lines):
            status, _, cost = line.split()[:3]
            rows = s.query(ALLPAIRS_SQL[JUDGED].replace(
                "bench.pair AS p", "(VALUES ('%s', '%s')) AS p (src, dst)" % pair))
            found = int(rows[0][0]) > 0
            report.check(found == (status == "found") and (not found or near(float(rows[0][1]), float(cost))),
                         "allpairs: %s-%s: %s, by the core %s %s" % (*pair, rows[0], status, cost))
    report.note("%d pairs agree with src/core alone, unless said otherwise (%s us each there)" % (
        len(sample), number(median([float(line.split()[5]) for line in lines]))))
