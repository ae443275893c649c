"""What a run prints: figures with their spread, goals, wrong answers."""
import math
import platform
import os


def quantile(values, q):
    """The least value that a part q of them does not exceed."""
    values = sorted(values)
    return values[max(math.ceil(q * len(values)) - 1, 0)]


def median(values):
    values = sorted(values)
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def spread(values):
    if len(values) < 2:
        return "one value"
    if len(values) < 20:
        return "%s..%s (min..max of %d)" % (number(min(values)), number(max(values)), len(values))
    return "%s..%s (p5..p95 of %d)" % (number(quantile(values, 0.05)),
                                       number(quantile(values, 0.95)), len(values))


def number(value):
    """Four digits, without an exponent."""
    if value == 0 or math.isnan(value) or math.isinf(value):
        return "%g" % value
    digits = max(0, 3 - math.floor(math.log10(abs(value))))
    return "%.*f" % (min(digits, 6), value)


def near(x, y):
    """Equal costs; sums may have been added in another order."""
    if x is None or y is None:
        return x is y
    return abs(x - y) <= 1e-9 * max(abs(x), abs(y), 1)


class Report:
    def __init__(self):
        self.rows = []          # of the section
        self.goals = []         # of the run
        self.in_list = True
        self.nwrong = 0
        self.nchecked = 0

    @staticmethod
    def line(text=""):
        print(text, flush=True)

    def section(self, title, text):
        self.line("### %s\n\n%s" % (title, text))
        self.in_list = False
        self.part = title.split(":")[0]
        self.rows = []

    def note(self, text):
        if not self.in_list:
            self.line()
        self.in_list = True
        self.line("- " + text)

    def block(self, text):
        self.in_list = False
        self.line("\n```text\n%s\n```" % text)

    def row(self, figure, values, at_most=None, at_least=None):
        """A figure by its median.  The unit is part of its name."""
        values = [v for v in values if v is not None]
        if not values:
            return
        self.result(figure, median(values), spread(values), at_most, at_least)

    def cost(self, figure, costs, factor=1, at_most=None):
        """A figure of one backend, by its processor time; the clock's median stands beside it."""
        if not costs:
            return
        processor = [c.processor * factor for c in costs]
        self.result(figure, median(processor), "%s; by the clock %s" % (
            spread(processor), number(median([c.clock * factor for c in costs]))), at_most)

    def result(self, figure, value, how, at_most=None, at_least=None):
        goal = reached = ""
        if at_most is not None:
            goal, reached = "at most %g" % at_most, "yes" if value <= at_most else "no"
        elif at_least is not None:
            goal, reached = "at least %g" % at_least, "yes" if value >= at_least else "no"
        row = (figure, number(value), how, goal, reached)
        self.rows.append(row)
        if goal:
            self.goals.append((self.part,) + row)

    def end(self):
        if self.rows:
            self.line("\n| figure | median | spread | goal | reached |\n| --- | --- | --- | --- | --- |")
            for row in self.rows:
                self.line("| %s |" % " | ".join(row))
        self.line()
        self.rows = []

    def check(self, right, what):
        """Count an answer; say where it is wrong."""
        self.nchecked += 1
        if right:
            return
        self.nwrong += 1
        if self.nwrong <= 20:
            self.line("\nWRONG: %s\n" % what)

    def summary(self, scale):
        self.line("### Goals\n")
        if scale != 1:
            self.line("The generated networks have %g of their size: the goals are for the whole one.\n" % scale)
        self.line("| part | figure | median | spread | goal | reached |\n| --- | --- | --- | --- | --- | --- |")
        for row in self.goals:
            self.line("| %s |" % " | ".join(row))
        self.line("\n%d answers checked; %s." % (
            self.nchecked, "all agree" if self.nwrong == 0 else "%d are wrong" % self.nwrong))


def machine():
    """Lines about where it runs."""
    cpu = "unknown"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                cpu = line.partition(":")[2].strip()
                break
    with open("/proc/loadavg") as file:
        load = " ".join(file.read().split()[:3])
    return ["cpu: %s, %d cores" % (cpu, os.cpu_count()), "kernel: " + platform.release(),
            "load at the start: " + load]
