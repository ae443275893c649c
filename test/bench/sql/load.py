"""Networks into the tables, by COPY with ids.

Each database is made from a template that has netstate; the small networks
share one, the generated ones have one each.
"""
import csv
import os
import random

from server import Session, environment, program

TEMPLATE = "bench_template"
MADE_UP_COST = "100"            # of a link that has neither cost nor length
COLUMNS = {
    "node": "id, network_id, name",
    "link": "id, network_id, name, a_node_id, z_node_id, metric, latency_us, length_km, capacity_gbps",
    "srlg": "id, network_id, name",
    "srlg_member": "srlg_id, link_id",
}
DIRECTED = ", directed"         # one more column of the files of known networks


def files(name):
    path = os.path.join(environment("FILES"), name)
    os.makedirs(path, exist_ok=True)
    return path


def create_database(name, template=TEMPLATE):
    with Session("postgres") as s:
        s.query("CREATE DATABASE %s TEMPLATE %s" % (name, template))


def create_template():
    """Gives the version of pgRouting, or None where it is not installed."""
    create_database(TEMPLATE, "template0")
    with Session(TEMPLATE) as s:
        s.query("SET client_min_messages = warning")
        s.query("CREATE EXTENSION netstate CASCADE")
        s.query("CREATE SCHEMA bench")
        if not s.query("SELECT 1 FROM pg_available_extensions WHERE name = 'pgrouting'"):
            return None
        s.query("CREATE EXTENSION pgrouting CASCADE")
        return s.value("SELECT extversion FROM pg_extension WHERE extname = 'pgrouting'")


def copy(session, table, path, more=""):
    session.query("COPY netstate.%s (%s%s) FROM '%s'" % (table, COLUMNS[table], more, path))
    return session.seconds


def create_network(session, network_id, name):
    session.query("INSERT INTO netstate.network (id, name, layer) VALUES (%d, '%s', 'ip')"
                  % (network_id, name))


class KeysUnchecked:
    """Foreign keys of tables are not checked: the files are known to be right.

    The triggers of the log stay as they are.
    """

    def __init__(self, session, *tables):
        self.session = session
        names = ", ".join("'netstate.%s'::regclass" % t for t in tables)
        self.triggers = session.query(
            "SELECT tgrelid::regclass, quote_ident(tgname), tgenabled FROM pg_trigger "
            "WHERE tgisinternal AND tgrelid IN (%s)" % names)

    def __enter__(self):
        for table, trigger, _ in self.triggers:
            self.session.query("ALTER TABLE %s DISABLE TRIGGER %s" % (table, trigger))

    def __exit__(self, *_):
        for table, trigger, state in self.triggers:
            self.session.query("ALTER TABLE %s ENABLE %s TRIGGER %s" % (
                table, {"A": "ALWAYS", "R": "REPLICA"}.get(state, ""), trigger))


def generate(name, nodes, links, groups, seed):
    program("generate", files(name), nodes, links, groups, seed)
    return files(name)


def load_generated(database, path, tables, template=TEMPLATE):
    """A database with what generate wrote; template: what is loaded already."""
    create_database(database, template)
    with Session(database) as s:
        if template == TEMPLATE:
            create_network(s, 1, "generated")
        with KeysUnchecked(s, *tables):
            for table in tables:
                copy(s, table, os.path.join(path, table))
        s.query("VACUUM ANALYZE")
        s.query("CHECKPOINT")


def edge_table(session, table, network_id):
    """A narrow table, as pgRouting likes it best."""
    session.query("CREATE TABLE bench.%s AS SELECT id, a_node_id AS source, z_node_id AS target, "
                  "metric AS cost, CASE WHEN directed THEN -1 ELSE metric END AS reverse_cost "
                  "FROM netstate.link WHERE network_id = %d ORDER BY id" % (table, network_id))
    session.query("VACUUM ANALYZE bench.%s" % table)


def read_csv(network, name):
    path = os.path.join(environment("DATA"), network, name)
    if not os.path.exists(path):
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Known:
    """A network of the data directory, as files for COPY.

    Of parallel links only the cheapest is kept (pgr_ksp leaves paths out that
    differ in one), and no loops.  A node's name is its id in the data; ids in
    the tables begin after first_id.  All links count as one hop each where the
    data give neither cost nor length.
    """

    def __init__(self, network, network_id, srlg_set=None):
        self.network = network
        self.name = network.split("/")[1]
        self.network_id = network_id
        self.path = files("network%d" % network_id)
        base = network_id * 1000000
        self.directed = any(
            r["directed"] == "1" for r in read_csv(".", "networks.csv")
            if r["source"] + "/" + r["network"] == network)
        self.node_id = {r["id"]: base + i + 1 for i, r in enumerate(read_csv(network, "nodes.csv"))}
        self.links = self._links()
        self.members = []
        self._write("node", [(i, network_id, name) for name, i in self.node_id.items()])
        link_id = {}
        rows = []
        for i, l in enumerate(self.links):
            link_id[l["id"]] = base + i + 1
            rows.append((base + i + 1, network_id, l["id"], self.node_id[l["src"]],
                         self.node_id[l["dst"]], self._cost(l), r"\N", r"\N", r"\N",
                         "t" if self.directed else "f"))
        self._write("link", rows)
        if srlg_set:
            self._groups(srlg_set, base, link_id)

    @staticmethod
    def _cost(link):
        return link.get("cost") or link.get("length_km") or MADE_UP_COST

    def _links(self):
        best = {}
        for l in read_csv(self.network, "links.csv"):
            ends = (l["src"], l["dst"])
            if ends[0] == ends[1]:
                continue
            if not self.directed:
                ends = tuple(sorted(ends))
            if ends not in best or float(self._cost(l)) < float(self._cost(best[ends])):
                best[ends] = l
        return list(best.values())

    def _groups(self, srlg_set, base, link_id):
        rows = [r for r in read_csv(self.network, "srlgs.csv") if r["set"] == srlg_set]
        number = {}
        members = set()
        for r in rows:
            group = number.setdefault(r["srlg"], base + len(number) + 1)
            if r["link"] in link_id:
                members.add((group, link_id[r["link"]]))
        self.members = sorted(members)
        self._write("srlg", [(i, self.network_id, name) for name, i in number.items()])
        self._write("srlg_member", self.members)

    def _write(self, table, rows):
        with open(os.path.join(self.path, table), "w", encoding="utf-8") as file:
            for row in rows:
                file.write("\t".join(map(str, row)) + "\n")

    def load(self, session):
        create_network(session, self.network_id, self.name)
        copy(session, "node", os.path.join(self.path, "node"))
        copy(session, "link", os.path.join(self.path, "link"), DIRECTED)
        if self.members:
            copy(session, "srlg", os.path.join(self.path, "srlg"))
            copy(session, "srlg_member", os.path.join(self.path, "srlg_member"))
        edge_table(session, "edge%d" % self.network_id, self.network_id)

    def pairs(self, n, seed):
        """Random pairs of names; fewer where there are not so many."""
        names = sorted(self.node_id, key=self.node_id.get)
        every = len(names) * (len(names) - 1)
        generator = random.Random(seed)
        chosen = set()
        while len(chosen) < min(n, every):
            pair = (generator.choice(names), generator.choice(names))
            if pair[0] != pair[1]:
                chosen.add(pair)
        return sorted(chosen)


KNOWN_DATABASE = "known"
KNOWN = [("teavar/B4", None), ("sndlib/cost266", None), ("regsrlg/sprint-phys", "knodes1"),
         ("topologyzoo/Kdl", None), ("topohub-backbone/world", None)]
_known = {}


def known_networks():
    """The networks by name, loaded at the first call; none without data."""
    if _known or not environment("DATA"):
        return _known
    create_database(KNOWN_DATABASE)
    with Session(KNOWN_DATABASE) as s:
        for i, (network, srlg_set) in enumerate(KNOWN):
            k = Known(network, i + 1, srlg_set)
            k.load(s)
            _known[k.name] = k
        s.query("VACUUM ANALYZE")
    return _known
