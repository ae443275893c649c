"""A metro network from the duct to the tunnel, as files for COPY.

    metro.py DIRECTORY SCALE SEED

Streets are a grid 80 m apart, every crossing off its place by up to 3 m, every
span with a bend.  Rows of ducts of their own run 3 m beside some streets, joined
to them at the points of presence (POPs), which lie at every tenth crossing both
ways.  Cables walk from POP to POP, a few blocks off the straight way or in the
row beside it, so that two cables between the same POPs share some streets.  A
circuit follows one cable or two, spliced at a POP; half of the circuits are
members of bundles between routers in the POPs, the others end anywhere.  Twenty
backbone cables carry a part of all circuits, some 1,260 each.  Tunnels follow
bundles.

At scale 1: 300,319 spans, 100,000 circuits, 20,000 bundles, 5,000 tunnels; about
1,000,000 cable segments.  The same seed and scale give the same bytes with the
same release of Python.  Each file begins with no header; TABLES has its columns.
"""
import math
import os
import random
import struct
import sys

TABLES = {                      # in the order in which they can be loaded
    "region": "id, name",
    "zone": "id, region_id, name",
    "site": "id, zone_id, name, kind, geom",
    "power_feed": "id, name",
    "site_power_feed": "site_id, power_feed_id",
    "structure": "id, site_id, name, kind, geom",
    "corridor": "id, name, geom",
    "hazard_area": "id, name, kind, geom",
    "span": "id, name, a_structure_id, z_structure_id, corridor_id, side, encasement, geom",
    "span_crossing": "span_id, structure_id, passage",
    "duct": "id, span_id, parent_id, name",
    "cable": "id, name, strand_count",
    "cable_segment": "cable_id, seq, span_id, duct_id, slack_m",
    "splice_closure": "id, structure_id, name",
    "splice": "id, structure_id, closure_id, kind, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands",
    "network": "id, name, layer",
    "node": "id, network_id, name, site_id, structure_id, supporting_node_id",
    "link": "id, network_id, name, a_node_id, z_node_id, directed, metric, latency_us, length_km, capacity_gbps",
    "strand_assignment": "link_id, seq, cable_id, strands, segments",
    "link_support": "link_id, member, seq, supporting_link_id",
}

BLOCK = 80.0                    # metres between streets
JITTER = 3.0
BESIDE = 3.0                    # metres from a street to the row beside it
EVERY = 10                      # crossings from POP to POP
ROUTERS = 4                     # of a POP
FIRST_BUNDLE = 200001
FIRST_TUNNEL = 300001
FIRST_ROUTER = 1000001
FIRST_END = 2000001             # of a tunnel
FIBRE, IP, TE = 1, 2, 3         # networks
SOUTH, WEST = 53.25, -6.45
NORTH_M = 111320.0              # metres of a degree
EAST_M = NORTH_M * math.cos(math.radians(SOUTH))
NONE = r"\N"


def point(x, y):
    return struct.pack("<BIIdd", 1, 0x20000001, 4326, WEST + x / EAST_M, SOUTH + y / NORTH_M).hex()


def line(points):
    flat = [c for x, y in points for c in (WEST + x / EAST_M, SOUTH + y / NORTH_M)]
    return struct.pack("<BIII%dd" % len(flat), 1, 0x20000002, 4326, len(points), *flat).hex()


def square(x, y, side):
    corners = ((x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y))
    flat = [c for px, py in corners for c in (WEST + px / EAST_M, SOUTH + py / NORTH_M)]
    return struct.pack("<BIIII%dd" % len(flat), 1, 0x20000003, 4326, 1, len(corners), *flat).hex()


class Metro:
    def __init__(self, path, scale, seed):
        self.path = path
        self.random = random.Random(seed)
        root = math.sqrt(scale)
        self.side = max(round(376 * root), 3 * EVERY + 1)       # crossings each way
        self.nrows = max(round(45 * root), 4)
        self.npops = (self.side - 1) // EVERY + 1               # each way
        self.nbackbone = max(round(20 * root), 2)
        self.ncables, self.ncircuits, self.nbundles, self.ntunnels, self.nhazards, self.nbridges = (
            max(round(n * scale), least) for n, least in (
                (8000, 200), (100000, 2000), (20000, 400), (5000, 100), (20, 2), (200, 4)))
        self.span_of = {}       # (structure, structure), both ways
        self.files = {}
        self.counts = dict.fromkeys(TABLES, 0)

    def write(self, table, *values):
        self.files[table].write("\t".join(map(str, values)) + "\n")
        self.counts[table] += 1

    def run(self):
        os.makedirs(self.path, exist_ok=True)
        for table in TABLES:
            self.files[table] = open(os.path.join(self.path, table), "w", encoding="utf-8")
        self.places()
        self.streets()
        self.rows_beside()
        self.spans()
        self.dangers()
        self.cables()
        self.networks()
        self.bundles()
        self.other_circuits()
        self.fibre_nodes()
        self.router_nodes()
        self.tunnels()
        self.cable_rows()
        for file in self.files.values():
            file.close()
        return self.counts

    # ---- places ----

    def pop(self, i, j):
        """Number of a POP, which is its site."""
        return j * self.npops + i + 1

    def places(self):
        """Sites, a third of them in each zone, on one power feed or two of their neighbourhood."""
        self.write("region", 1, "metro")
        for zone in (1, 2, 3):
            self.write("zone", zone, 1, "metro-%s" % "abc"[zone - 1])
        nfeeds = max(self.npops * self.npops // 8, 2)
        for feed in range(nfeeds):
            self.write("power_feed", feed + 1, "substation-%04d" % (feed + 1))
        for j in range(self.npops):
            for i in range(self.npops):
                site = self.pop(i, j)
                self.write("site", site, 1 + 3 * i // self.npops, "pop-%04d" % site, "pop",
                           point(i * EVERY * BLOCK, j * EVERY * BLOCK))
                feed = site * nfeeds // (self.npops * self.npops + 1)
                self.write("site_power_feed", site, feed + 1)
                if self.random.random() < 0.5:
                    self.write("site_power_feed", site, (feed + 1) % nfeeds + 1)

    # ---- streets and rows ----

    def crossing(self, i, j):
        return j * self.side + i + 1

    def row_structure(self, row, i):
        return self.side * self.side + row * self.side + i + 1

    def streets(self):
        """Where the crossings and the bends between them lie; spans are listed, not written."""
        r, n = self.random, self.side
        self.at = {}            # of a structure
        for j in range(n):
            for i in range(n):
                self.at[self.crossing(i, j)] = (i * BLOCK + r.uniform(-JITTER, JITTER),
                                                j * BLOCK + r.uniform(-JITTER, JITTER))
        self.span_rows = []     # a, z, corridor, side, points
        self.street_with_row = self.choose_rows()
        for j in range(n):
            corridor = self.street_with_row.get(j, -1) + 1
            for i in range(n):
                if i + 1 < n:
                    self.street(self.crossing(i, j), self.crossing(i + 1, j), corridor)
                if j + 1 < n:
                    self.street(self.crossing(i, j), self.crossing(i, j + 1), 0)

    def choose_rows(self):
        """Rows by the number of their street: those of POPs first, then some others."""
        streets = list(range(0, self.side, EVERY))[:self.nrows]
        others = [j for j in range(self.side) if j % EVERY == EVERY // 2]
        streets += others[:self.nrows - len(streets)]
        return {j: row for row, j in enumerate(sorted(streets))}

    def street(self, a, z, corridor):
        r = self.random
        (ax, ay), (zx, zy) = self.at[a], self.at[z]
        bend = ((ax + zx) / 2 + r.uniform(-1, 1), (ay + zy) / 2 + r.uniform(-1, 1))
        self.add_span(a, z, corridor or NONE, "right" if corridor else NONE, ((ax, ay), bend, (zx, zy)))

    def add_span(self, a, z, corridor, side, points):
        self.span_rows.append((a, z, corridor, side, points))
        self.span_of[a, z] = self.span_of[z, a] = len(self.span_rows)

    def rows_beside(self):
        """As the street, moved by 3 m each way; short spans join them at the POPs."""
        for j, row in self.street_with_row.items():
            for i in range(self.side):
                x, y = self.at[self.crossing(i, j)]
                self.at[self.row_structure(row, i)] = (x + BESIDE, y + BESIDE)
            points = []
            for i in range(self.side - 1):
                street = self.span_rows[self.span_of[self.crossing(i, j), self.crossing(i + 1, j)] - 1]
                moved = tuple((x + BESIDE, y + BESIDE) for x, y in street[4])
                points += moved[:2]
                self.add_span(self.row_structure(row, i), self.row_structure(row, i + 1), row + 1, "left", moved)
            self.write("corridor", row + 1, "street-%03d" % j, line(points + [moved[2]]))
            for i in range(0, self.side, EVERY):
                if j % EVERY == 0:
                    a, z = self.crossing(i, j), self.row_structure(row, i)
                    self.add_span(a, z, NONE, NONE, (self.at[a], self.at[z]))

    def spans(self):
        """Structures, spans and their ducts: a main one with two in it, one in twenty a bank of concrete."""
        n = self.side
        for structure, (x, y) in self.at.items():
            j, i = divmod(structure - 1, n)
            is_pop = j < n and i % EVERY == 0 and j % EVERY == 0
            self.write("structure", structure, self.pop(i // EVERY, j // EVERY) if is_pop else NONE,
                       "s-%06d" % structure, "building" if is_pop else "manhole", point(x, y))
        for span, (a, z, corridor, side, points) in enumerate(self.span_rows, 1):
            self.write("span", span, "span-%06d" % span, a, z, corridor, side,
                       "cast" if self.random.random() < 0.05 else "none", line(points))
            self.write("duct", 3 * span - 2, span, NONE, "main")
            self.write("duct", 3 * span - 1, span, 3 * span - 2, "1")
            self.write("duct", 3 * span, span, 3 * span - 2, "2")

    def dangers(self):
        """Flood areas; bridges with the street over them and the row beside it under."""
        r, width = self.random, (self.side - 1) * BLOCK
        for area in range(1, self.nhazards + 1):
            self.write("hazard_area", area, "flood-%02d" % area, "flood",
                       square(r.uniform(0, width - 1000), r.uniform(0, width - 1000), 1000))
        chosen = r.sample([(j, i) for j in self.street_with_row for i in range(self.side - 1)], self.nbridges)
        for k, (j, i) in enumerate(chosen):
            bridge = len(self.at) + k + 1
            row = self.street_with_row[j]
            street = self.span_of[self.crossing(i, j), self.crossing(i + 1, j)]
            beside = self.span_of[self.row_structure(row, i), self.row_structure(row, i + 1)]
            self.write("structure", bridge, NONE, "bridge-%03d" % k, "bridge", point(*self.span_rows[street - 1][4][1]))
            self.write("span_crossing", street, bridge, "over")
            self.write("span_crossing", beside, bridge, "under")

    # ---- cables ----

    def hop(self, p, q):
        """Structures of a way from one POP to the next: straight, in the row beside, or around some blocks."""
        r = self.random
        dx, dy = q[0] - p[0], q[1] - p[1]
        x, y = p[0] * EVERY, p[1] * EVERY
        off = r.randint(-5, 5)
        if dy == 0 and off == 0 and r.random() < 0.8 and y in self.street_with_row:
            row = self.street_with_row[y]
            return [self.crossing(x, y)] + [self.row_structure(row, x + dx * k) for k in range(EVERY + 1)] + \
                [self.crossing(x + dx * EVERY, y)]
        if not 0 <= (y if dx else x) + off < self.side:
            off = -off
        leave, back = sorted((r.randint(0, EVERY), r.randint(0, EVERY)))
        way = [self.crossing(x, y)]
        step = (off > 0) - (off < 0)
        for k in range(EVERY + 1):
            turns = step * abs(off) if k == leave else 0
            turns -= step * abs(off) if k == back else 0
            for _ in range(abs(turns)):
                x, y = x + abs(dy) * (1 if turns > 0 else -1), y + abs(dx) * (1 if turns > 0 else -1)
                way.append(self.crossing(x, y))
            if k < EVERY:
                x, y = x + dx, y + dy
                way.append(self.crossing(x, y))
        return way

    def cables(self):
        """Walks from POP to POP; the first ones are the backbone.  passes: cables by the POPs that they join."""
        r = self.random
        self.routes = []        # structures of a cable, in order
        self.stops = []         # positions of its POPs there
        self.passes = {}        # (POP, POP): [(cable, from position, to position)]
        self.strands = []       # in use
        for cable in range(self.ncables):
            p = (r.randrange(self.npops), r.randrange(self.npops))
            before = None
            route, stops = [self.crossing(p[0] * EVERY, p[1] * EVERY)], [0]
            for _ in range(13 if cable < self.nbackbone else r.randint(5, 12)):
                q = r.choice([q for q in ((p[0] + 1, p[1]), (p[0] - 1, p[1]), (p[0], p[1] + 1), (p[0], p[1] - 1))
                              if q != before and 0 <= q[0] < self.npops and 0 <= q[1] < self.npops])
                route += self.hop(p, q)[1:]
                stops.append(len(route) - 1)
                self.passes.setdefault((p, q), []).append((cable, stops[-2], stops[-1]))
                self.passes.setdefault((q, p), []).append((cable, stops[-1], stops[-2]))
                before, p = p, q
            self.routes.append(route)
            self.stops.append(stops)
            self.strands.append(0)
        self.pop_pairs = sorted(self.passes)

    def cable_rows(self):
        """Written last, when it is known how many strands each needs."""
        r = self.random
        for cable, route in enumerate(self.routes):
            strands = max(96, -(-self.strands[cable] // 96) * 96)
            self.write("cable", cable + 1, "cable-%05d" % (cable + 1), strands)
            for seq in range(1, len(route)):
                span = self.span_of[route[seq - 1], route[seq]]
                duct = r.choice((3 * span - 1, 3 * span - 1, 3 * span, 3 * span, 3 * span - 2, NONE))
                self.write("cable_segment", cable + 1, seq, span, duct, 20 if seq % 10 == 0 else 0)

    # ---- circuits, bundles, tunnels ----

    def networks(self):
        for network, name in ((FIBRE, "fibre"), (IP, "ip"), (TE, "te")):
            self.write("network", network, name, name)
        self.circuit = 0
        self.node_of = {}       # by structure
        self.bundles_at = {}    # a router: [(link, other router, km)]
        self.joints = 0

    def fibre_node(self, structure):
        return self.node_of.setdefault(structure, len(self.node_of) + 1)

    def add_circuit(self, parts):
        """parts: [(cable, from position, to position)], each from where the one before ends.  Gives its length."""
        self.circuit += 1
        km, last = 0.0, None
        for seq, (cable, start, end) in enumerate(parts, 1):
            low, high = min(start, end), max(start, end)
            strand = self.strands[cable] + 1
            self.strands[cable] += 2
            strands = "[%d,%d)" % (strand, strand + 2)
            self.write("strand_assignment", self.circuit, seq, cable + 1, strands, "[%d,%d)" % (low + 1, high + 1))
            km += (high - low) * BLOCK / 1000
            if last and self.circuit % 10 == 0:
                self.splice(self.routes[cable][start], last, (cable + 1, start + (1 if end > start else 0), strands))
            last = (cable + 1, end + (1 if end < start else 0), strands)
        a = self.fibre_node(self.routes[parts[0][0]][parts[0][1]])
        z = self.fibre_node(self.routes[parts[-1][0]][parts[-1][2]])
        self.write("link", self.circuit, FIBRE, "circuit-%06d" % self.circuit, a, z, "f", "%.3f" % km,
                   "%.3f" % (4.9 * km), "%.3f" % km, 100)
        return km

    def splice(self, structure, a, z):
        self.joints += 1
        self.write("splice_closure", self.joints, structure, "closure-%06d" % self.joints)
        self.write("splice", self.joints, structure, self.joints, "fusion", *a, *z)

    def backbone_pass(self):
        cable = self.random.randrange(self.nbackbone)
        k = self.random.randrange(len(self.stops[cable]) - 1)
        return cable, self.stops[cable][k], self.stops[cable][k + 1]

    def pop_at(self, cable, position):
        j, i = divmod(self.routes[cable][position] - 1, self.side)
        return i // EVERY, j // EVERY

    def bundles(self):
        """Bundles of one to four circuits each, a quarter of them over one hop of the backbone."""
        r = self.random
        share = self.ncircuits / 2 / self.nbundles / 2.5
        for bundle in range(self.nbundles):
            members = []
            count = max(1, round(r.randint(1, 4) * share))
            if r.random() < 0.25:
                first = self.backbone_pass()
                ends = [self.pop_at(first[0], first[1]), self.pop_at(first[0], first[2])]
                members = [[first]] + [[r.choice((first, r.choice(self.passes[ends[0], ends[1]])))]
                                       for _ in range(count - 1)]
            else:
                ends = self.two_hops()
                members = [[r.choice(self.passes[hop]) for hop in zip(ends, ends[1:])] for _ in range(count)]
            self.add_bundle(FIRST_BUNDLE + bundle, ends[0], ends[-1], members)

    def two_hops(self):
        """Three POPs in series, or two."""
        r = self.random
        p, q = r.choice(self.pop_pairs)
        if r.random() < 0.1:
            return [p, q]
        more = [s for s in ((q[0] + 1, q[1]), (q[0] - 1, q[1]), (q[0], q[1] + 1), (q[0], q[1] - 1))
                if s != p and (q, s) in self.passes]
        return [p, q, r.choice(more)] if more else [p, q]

    def router(self, pop, which):
        return FIRST_ROUTER + (self.pop(*pop) - 1) * ROUTERS + which

    def add_bundle(self, link, a, z, members):
        r = self.random
        km = 0.0
        for member, parts in enumerate(members, 1):
            km = max(km, self.add_circuit(parts))
            self.write("link_support", link, member, 1, self.circuit)
        ends = self.router(a, r.randrange(ROUTERS)), self.router(z, r.randrange(ROUTERS))
        self.write("link", link, IP, "bundle-%05d" % (link - FIRST_BUNDLE + 1), *ends, "f",
                   "%.3f" % km, "%.3f" % (4.9 * km), "%.3f" % km, 100 * len(members))
        for k in (0, 1):
            self.bundles_at.setdefault(ends[k], []).append((link, ends[1 - k], km))

    def router_nodes(self):
        """In every POP, each on the POP's fibre node."""
        for j in range(self.npops):
            for i in range(self.npops):
                site, structure = self.pop(i, j), self.crossing(i * EVERY, j * EVERY)
                for which in range(ROUTERS):
                    router = self.router((i, j), which)
                    self.write("node", router, IP, "router-%04d-%d" % (site, which), site, structure,
                               self.fibre_node(structure))

    def other_circuits(self):
        """Half of the rest over one hop of the backbone, as many as there are, the others from anywhere to anywhere."""
        r = self.random
        backbone = self.ncircuits * 1260 * 20 // 100000 // 2
        for _ in range(min(backbone, self.ncircuits - self.circuit)):
            self.add_circuit([self.backbone_pass()])
        while self.circuit < self.ncircuits:
            parts = self.anywhere()
            if parts:
                self.add_circuit(parts)

    def anywhere(self):
        """10 to 40 spans of a cable, or of two that meet in a POP; None: try again."""
        r = self.random
        cable, start, end = r.choice(self.passes[r.choice(self.pop_pairs)])
        if r.random() < 0.1:
            low = r.randrange(max(len(self.routes[cable]) - 40, 1))
            high = min(low + r.randint(10, 40), len(self.routes[cable]) - 1)
            parts = [(cable, low, high)]
        else:
            meet = self.pop_at(cable, end)
            more = [s for s in ((meet[0] + 1, meet[1]), (meet[0] - 1, meet[1]), (meet[0], meet[1] + 1), (meet[0], meet[1] - 1))
                    if (meet, s) in self.passes]
            other, begin, finish = r.choice(self.passes[meet, r.choice(more)])
            way, out = (1 if end > start else -1), (1 if finish > begin else -1)
            parts = [(cable, end - way * r.randint(5, abs(end - start)), end),
                     (other, begin, begin + out * r.randint(5, abs(finish - begin)))]
        ends = self.routes[parts[0][0]][parts[0][1]], self.routes[parts[-1][0]][parts[-1][2]]
        return parts if ends[0] != ends[1] else None

    def fibre_nodes(self):
        """Where circuits end, and in every POP."""
        for pop in range(self.npops * self.npops):
            self.fibre_node(self.crossing(pop % self.npops * EVERY, pop // self.npops * EVERY))
        for structure, node in self.node_of.items():
            self.write("node", node, FIBRE, "f-%06d" % structure, NONE, structure, NONE)

    def tunnels(self):
        """Walks over two to six bundles that pass no router twice."""
        r = self.random
        routers = sorted(self.bundles_at)
        ends = {}
        for tunnel in range(self.ntunnels):
            walk = []
            while len(walk) < 2:
                here = r.choice(routers)
                met, walk, km = [here], [], 0.0
                for _ in range(r.randint(2, 6)):
                    onward = [b for b in self.bundles_at[here] if b[1] not in met]
                    if not onward:
                        break
                    link, here, length = r.choice(onward)
                    walk.append(link)
                    met.append(here)
                    km += length
            for router in (met[0], met[-1]):
                ends.setdefault(router, FIRST_END + len(ends))
            self.write("link", FIRST_TUNNEL + tunnel, TE, "tunnel-%04d" % (tunnel + 1), ends[met[0]], ends[met[-1]], "t",
                       "%.3f" % km, "%.3f" % (4.9 * km), "%.3f" % km, 10)
            for seq, link in enumerate(walk, 1):
                self.write("link_support", FIRST_TUNNEL + tunnel, 1, seq, link)
        for router, end in ends.items():
            self.write("node", end, TE, "end-%d" % (router - FIRST_ROUTER + 1), NONE, NONE, router)


def generate(path, scale, seed):
    """Writes the files of all TABLES into a directory; gives the number of rows of each."""
    return Metro(path, scale, seed).run()


if __name__ == "__main__":
    for name, rows in generate(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])).items():
        print("%-18s %d" % (name, rows))
