# netstate: PGXS build.  The version stands in extension/netstate.control alone.

EXTENSION = extension/netstate
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" extension/netstate.control)
MODULE_big = netstate
CORE_OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/core/*.c)))
PG_OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/pg/*.c)))
OBJS = $(CORE_OBJS) $(PG_OBJS)
INSTALL_SQL = $(sort $(wildcard extension/install/*.sql))
DATA_built = extension/netstate--$(EXTVERSION).sql
DATA = $(wildcard extension/update/*.sql)
EXTRA_CLEAN = extension/netstate--*.sql
PG_CPPFLAGS = -I$(srcdir)/src/core -std=gnu11 -Wall -Wextra -Werror -Wno-unused-parameter

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

extension/netstate--$(EXTVERSION).sql: $(INSTALL_SQL)
	cat $^ > $@
