"""Runs the parts of bench_sql, which says what they are."""
import sys

import load
import parts_bypass
import parts_compare
import parts_contention
import parts_group
import parts_large
import parts_plant
import parts_question
from report import Report, machine
from server import Session, environment

PARTS = {
    "hit": parts_compare.hit,
    "dijkstra": parts_compare.dijkstra,
    "ksp": parts_compare.ksp,
    "allpairs": parts_compare.allpairs,
    "bypass": parts_bypass.bypass,
    "contention": parts_contention.contention,
    "whatif": parts_large.whatif,
    "large": parts_large.large,
    "writer": parts_large.writer,
    "plant_load": parts_plant.plant_load,
    "plant_pairs": parts_plant.plant_pairs,
    "plant_graph": parts_plant.plant_graph,
    "plant_change": parts_plant.plant_change,
    "plant_impact": parts_question.plant_impact,
    "plant_memberships": parts_question.plant_memberships,
    "plant_trace": parts_question.plant_trace,
    "plant_fault": parts_question.plant_fault,
    "plant_rule": parts_question.plant_rule,
    "plant_netbox": parts_question.plant_netbox,
    "group": parts_group.group,
}


class Options:
    def __init__(self):
        self.scale = float(environment("SCALE", "1"))
        self.rounds = int(environment("ROUNDS", "5"))
        self.seed = int(environment("SEED", "1"))
        self.pgrouting = None   # its version

    def size(self, n, least=1):
        """Of a generated network, by its size at scale 1."""
        return max(int(n * self.scale), least)


def main(names):
    for name in names:
        if name not in PARTS:
            sys.exit("bench_sql: no part %s; there are: %s" % (name, " ".join(PARTS)))
    report = Report()
    options = Options()
    options.pgrouting = load.create_template()
    with Session("postgres") as s:
        server = s.value("SELECT current_setting('server_version')")
    report.note("commit: %s" % environment("COMMIT", "not given"))
    for line in machine():
        report.note(line)
    report.note("PostgreSQL %s, pgRouting %s" % (server, options.pgrouting or "not installed"))
    report.note("seed %d, %d rounds, scale %g" % (options.seed, options.rounds, options.scale))
    report.note("CPU (s, ms, us): processor time of the one backend, with the clock's median in the column of the spread: a "
                "machine that does other work as well would show its scheduler's slices")
    report.note("other times are by the clock and hold the round trip over a unix socket\n")
    for name in names or PARTS:
        PARTS[name](report, options)
    report.summary(options.scale)
    return 1 if report.nwrong else 0


sys.exit(main(sys.argv[1:]))
