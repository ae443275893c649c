"""Demands by the gravity model, risks and capacities for a network that has none.

All of it follows from the seed.
"""
import bisect
import itertools
import math
import random

TOTAL_GBPS = 100000.0           # of all demands
HEADROOM = 1.5                  # capacity over load, before it is rounded up
PORT_GBPS = 100


def demands(nodes, count, seed):
    """(src, dst, gbps): so many ordered pairs of the nodes, each once.

    Each node has a mass, log-normal as the sizes of towns are.  Pairs are drawn
    by the product of their masses, which their traffic is proportional to.
    """
    generator = random.Random(seed)
    nodes = sorted(nodes)
    mass = [math.exp(generator.gauss(0, 1)) for _ in nodes]
    upto = list(itertools.accumulate(mass))
    count = min(count, len(nodes) * (len(nodes) - 1))
    drawn = {}
    while len(drawn) < count:
        a, z = (min(bisect.bisect(upto, generator.random() * upto[-1]), len(nodes) - 1) for _ in range(2))
        if a != z:
            drawn[a, z] = mass[a] * mass[z]
    scale = TOTAL_GBPS / sum(drawn.values())
    return [(nodes[a], nodes[z], gbps * scale) for (a, z), gbps in sorted(drawn.items())]


def groups(links, each, seed):
    """(group from 0, link): each link in so many groups of as many as there are links."""
    generator = random.Random(seed)
    links = sorted(links)
    return sorted((group, link) for link in links for group in generator.sample(range(len(links)), min(each, len(links))))


def mtbf_hours(count, seed):
    """Of so many groups: once in 1 to 50 years."""
    generator = random.Random(seed)
    return [8760 * generator.uniform(1, 50) for _ in range(count)]


def capacity(gbps):
    """Of a link that carries so much, in whole ports."""
    return PORT_GBPS * max(1, math.ceil(gbps * HEADROOM / PORT_GBPS))
