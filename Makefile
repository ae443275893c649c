# netstate: build, test and demo.  docs/development.md explains each target.
#
# demo, test and their like set up the machine first, so they must work before
# PostgreSQL is there: only the other goals read PGXS.

SETUP_GOALS = setup demo test test-long test-versions bench unit unit-build \
              docs docs-check dist indent

# The version stands in extension/netstate.control alone.
NS_VERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" extension/netstate.control)
INSTALL_SQL = $(sort $(wildcard extension/install/*.sql))
CORE_SRC = $(sort $(wildcard src/core/*.c))

# `make WERROR=` builds with a compiler that warns of more than ours do.
WERROR ?= -Werror
NS_WARNINGS = -Wall -Wextra $(WERROR)

ifneq ($(filter-out $(SETUP_GOALS),$(or $(MAKECMDGOALS),all)),)

EXTENSION = extension/netstate
MODULE_big = netstate
OBJS = $(patsubst %.c,%.o,$(CORE_SRC) $(sort $(wildcard src/pg/*.c)))
DATA_built = extension/netstate--$(NS_VERSION).sql
DATA = $(sort $(wildcard extension/update/*.sql))
PG_CPPFLAGS = -I$(srcdir)/src/core
PG_CFLAGS = -std=gnu11 $(NS_WARNINGS) -Wno-unused-parameter -MMD -MP

REGRESS = $(patsubst sql/%.sql,%,$(sort $(wildcard sql/*.sql)))
REGRESS_OPTS = --load-extension=postgis --load-extension=btree_gist \
               --load-extension=netstate --outputdir=build/regress
ISOLATION = $(patsubst test/isolation/specs/%.spec,%,$(sort $(wildcard test/isolation/specs/*.spec)))
ISOLATION_OPTS = $(REGRESS_OPTS) --inputdir=test/isolation --outputdir=build/isolation
EXTRA_CLEAN = extension/netstate--*.sql build/built-for build/unit build/bench build/regress build/isolation \
              $(OBJS:.o=.d)

# Bitcode would need clang, and lets the server inline nothing that matters here.
override with_llvm = no

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
ifeq ($(wildcard $(PGXS)),)
$(error PostgreSQL's server headers are missing; `make setup` installs them)
endif
include $(PGXS)

all: docs-check

# Objects made for another server or with other flags are made again.
BUILT_FOR := $(shell $(PG_CONFIG) --version) $(CC) $(CFLAGS) $(COPT)
$(shell mkdir -p build && \
	{ [ "$$(cat build/built-for 2>/dev/null)" = '$(BUILT_FOR)' ] || \
	  echo '$(BUILT_FOR)' >build/built-for; })
$(OBJS): build/built-for
-include $(OBJS:.o=.d)

extension/netstate--$(NS_VERSION).sql: $(INSTALL_SQL) extension/netstate.control
	cat $(INSTALL_SQL) >$@

endif

# ---- goals that need no PGXS ------------------------------------------------

# What sets up a machine is never made by default.
.DEFAULT_GOAL := all
.PHONY: $(SETUP_GOALS)

setup:
	@tools/setup test

demo:
	@tools/setup demo
	@tools/demo

test:
	@tools/setup test
	@tools/test $(LAYERS)

test-long:
	@tools/setup test
	@NS_LONG=1 tools/test $(LAYERS)

test-versions:
	@tools/test-versions $(VERSIONS)

# NS_DATA names the directory with the networks; BENCH the parts to run.
bench:
	@tools/setup bench
	@test/bench/run $(BENCH)

# src/core alone, without PostgreSQL's headers: this keeps the two apart.
unit:
	@tools/setup unit
	@tools/test unit

UNIT_DIR = build/unit
UNIT_CFLAGS = -std=c11 $(NS_WARNINGS) -g -Isrc/core -Itest/unit -MMD -MP
UNIT_PLAIN = -O2
UNIT_SANITIZE = -O1 -fno-omit-frame-pointer -fsanitize=address,undefined \
                -fno-sanitize-recover=all
UNIT_PROGRAM_SRC = $(sort $(wildcard test/unit/test_*.c))
UNIT_SHARED_SRC = $(filter-out $(UNIT_PROGRAM_SRC),$(sort $(wildcard test/unit/*.c))) $(CORE_SRC)
UNIT_PROGRAMS = $(patsubst test/unit/%.c,%,$(UNIT_PROGRAM_SRC))

unit-build: $(foreach kind,plain sanitize,\
	$(CORE_SRC:%.c=$(UNIT_DIR)/$(kind)/%.o) $(UNIT_PROGRAMS:%=$(UNIT_DIR)/$(kind)/%))

define unit_rules
$(UNIT_DIR)/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	$$(CC) $$(UNIT_CFLAGS) $(2) -c -o $$@ $$<
$(UNIT_DIR)/$(1)/test_%: $(UNIT_DIR)/$(1)/test/unit/test_%.o $(UNIT_SHARED_SRC:%.c=$(UNIT_DIR)/$(1)/%.o)
	$$(CC) $(2) -o $$@ $$^ -lm
-include $(patsubst %.c,$(UNIT_DIR)/$(1)/%.d,$(UNIT_PROGRAM_SRC) $(UNIT_SHARED_SRC))
endef
$(eval $(call unit_rules,plain,$(UNIT_PLAIN)))
$(eval $(call unit_rules,sanitize,$(UNIT_SANITIZE)))
.SECONDARY:

docs:
	tools/api-docs --write docs/api.md $(INSTALL_SQL)

# A table, view or function without its block of documentation fails here.
docs-check:
	@tools/api-docs --check $(INSTALL_SQL)

dist:
	@tools/dist

indent:
	@tools/indent
