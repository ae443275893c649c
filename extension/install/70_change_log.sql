-- The change log: which objects of the graph each transaction changed.
--
-- The graphs that path functions keep are brought up to date from it.  Its
-- triggers write past the executor: who may write a link needs no right on the
-- log.  No row of it is in a dump: the COPYs of a restore are logged as any
-- other, under numbers of the server that they run on.

--| Which objects that paths depend on were changed by which transaction. The
--| triggers `change_log_...` of the tables write it, one row per object and
--| statement, in the statement's transaction; nothing else can (42501). What no
--| path depends on, such as `load_gbps` or `geom`, is not logged. A statement
--| that changes more than 1,000 objects, or truncates a table, writes rows of
--| kind `all` instead. Old rows go by themselves, see `change_horizon`.
CREATE TABLE netstate.change_log (
	xid xid8 NOT NULL,
	seq bigint NOT NULL,
	network_id bigint NOT NULL,
	kind text NOT NULL,
	id bigint NOT NULL,
	CONSTRAINT change_log_pkey PRIMARY KEY (xid, seq),
	CONSTRAINT change_log_kind_is_known CHECK (kind OPERATOR(pg_catalog.=) ANY (
		ARRAY['network', 'node', 'link', 'site', 'structure', 'span', 'cable', 'cable_segment', 'span_pair', 'all',
			'drain', 'splice', 'region', 'zone', 'power_feed', 'corridor', 'duct', 'splice_closure', 'hazard_area', 'srlg']))
);

COMMENT ON TABLE netstate.change_log IS 'Which objects that paths depend on were changed by which transaction.';
COMMENT ON COLUMN netstate.change_log.xid IS 'Transaction that changed it; for a change within a savepoint the whole transaction.';
COMMENT ON COLUMN netstate.change_log.seq IS 'Number within the transaction, ascending.';
COMMENT ON COLUMN netstate.change_log.network_id IS 'Network of the object where the changed row says it, else 0; in a row of kind all 0 stands for every network; -1 for what is of the plant; -2 for what matters only where something is drained.';
COMMENT ON COLUMN netstate.change_log.kind IS 'Kind of the object: network, node, link, an element of the plant, drain, an element that a drain had; all: anything of the network may have changed.';
COMMENT ON COLUMN netstate.change_log.id IS 'Id of the object; 0 in a row of kind all. A link''s supports, memberships and strands count as the link; a segment of a cable is cable_id * 2^20 + seq, a pair of spans a_span_id * 2^29 + b_span_id.';

--| How far back `change_log` reaches, in its one row. The transactions that
--| write the log delete its oldest rows, in small batches just before they
--| commit, once it holds more than 100,000; they wait for nobody, and leave it
--| to the next when another one is at it. Transactions above READ COMMITTED do
--| not; where all are, call `prune_change_log` at times.
CREATE TABLE netstate.change_horizon (
	xid xid8 NOT NULL,
	CONSTRAINT change_horizon_pkey PRIMARY KEY (xid)
);

COMMENT ON TABLE netstate.change_horizon IS 'How far back change_log reaches; one row.';
COMMENT ON COLUMN netstate.change_horizon.xid IS 'Rows of change_log with a lower xid may be gone.';

-- What the graph tables hold came after these triggers: every change is logged.
INSERT INTO netstate.change_horizon (xid) VALUES ('0');

--| Trigger function: notes that a statement begins to change a table of the
--| graph. Until its changes are logged, and where they never are until the
--| transaction ends, this backend answers from the tables alone.
CREATE FUNCTION netstate.change_log_begin() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_change_log_begin';

COMMENT ON FUNCTION netstate.change_log_begin() IS
	'Trigger function: notes that a statement begins to change a table of the graph.';

--| Trigger function: logs what a statement changed.
CREATE FUNCTION netstate.change_log_write() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_change_log_write';

COMMENT ON FUNCTION netstate.change_log_write() IS
	'Trigger function: logs what a statement changed.';

--| Trigger function: logs a row that logical replication changed, which fires
--| no trigger of statements.
CREATE FUNCTION netstate.change_log_apply() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_change_log_apply';

COMMENT ON FUNCTION netstate.change_log_apply() IS
	'Trigger function: logs a row that logical replication changed.';

--| Trigger function: keeps the change log to its own triggers. Rows that
--| logical replication brings are dropped without a word: they tell of
--| transactions of another server.
CREATE FUNCTION netstate.change_log_guard() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_change_log_guard';

COMMENT ON FUNCTION netstate.change_log_guard() IS
	'Trigger function: keeps the change log to its own triggers.';

-- ENABLE ALWAYS: whoever sets session_replication_role changes the graph too.
-- An apply worker of logical replication fires triggers of rows alone.
DO $do$
DECLARE
	changed pg_catalog.text;
BEGIN
	FOREACH changed IN ARRAY ARRAY['network', 'node', 'link', 'link_support', 'srlg_member', 'srlg_node',
		'site', 'site_power_feed', 'structure', 'span', 'span_crossing', 'duct', 'cable', 'cable_segment',
		'strand_assignment', 'span_pair', 'span_pair_own', 'risk_rule_default', 'risk_rule', 'corridor', 'hazard_area',
		'drain', 'drain_element', 'zone', 'splice'] LOOP
		EXECUTE pg_catalog.format($sql$
			CREATE TRIGGER change_log_begin
				BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON netstate.%1$I
				FOR EACH STATEMENT EXECUTE FUNCTION netstate.change_log_begin();
			CREATE TRIGGER change_log_insert AFTER INSERT ON netstate.%1$I
				REFERENCING NEW TABLE AS new_row
				FOR EACH STATEMENT EXECUTE FUNCTION netstate.change_log_write();
			CREATE TRIGGER change_log_update AFTER UPDATE ON netstate.%1$I
				REFERENCING OLD TABLE AS old_row NEW TABLE AS new_row
				FOR EACH STATEMENT EXECUTE FUNCTION netstate.change_log_write();
			CREATE TRIGGER change_log_delete AFTER DELETE ON netstate.%1$I
				REFERENCING OLD TABLE AS old_row
				FOR EACH STATEMENT EXECUTE FUNCTION netstate.change_log_write();
			CREATE TRIGGER change_log_truncate AFTER TRUNCATE ON netstate.%1$I
				FOR EACH STATEMENT EXECUTE FUNCTION netstate.change_log_write();
			CREATE TRIGGER change_log_apply AFTER INSERT OR UPDATE OR DELETE ON netstate.%1$I
				FOR EACH ROW EXECUTE FUNCTION netstate.change_log_apply();

			ALTER TABLE netstate.%1$I
				ENABLE ALWAYS TRIGGER change_log_begin,
				ENABLE ALWAYS TRIGGER change_log_insert,
				ENABLE ALWAYS TRIGGER change_log_update,
				ENABLE ALWAYS TRIGGER change_log_delete,
				ENABLE ALWAYS TRIGGER change_log_truncate,
				ENABLE REPLICA TRIGGER change_log_apply;

			COMMENT ON TRIGGER change_log_begin ON netstate.%1$I IS
				'Notes that a statement begins to change the table.';
			COMMENT ON TRIGGER change_log_insert ON netstate.%1$I IS
				'Logs what a statement inserted.';
			COMMENT ON TRIGGER change_log_update ON netstate.%1$I IS
				'Logs what a statement updated.';
			COMMENT ON TRIGGER change_log_delete ON netstate.%1$I IS
				'Logs what a statement deleted.';
			COMMENT ON TRIGGER change_log_truncate ON netstate.%1$I IS
				'Logs that the table was truncated.';
			COMMENT ON TRIGGER change_log_apply ON netstate.%1$I IS
				'Logs a row that logical replication changed.';
		$sql$, changed);
	END LOOP;

	FOREACH changed IN ARRAY ARRAY['change_log', 'change_horizon'] LOOP
		EXECUTE pg_catalog.format($sql$
			CREATE TRIGGER change_log_guard BEFORE INSERT OR UPDATE OR DELETE ON netstate.%1$I
				FOR EACH ROW EXECUTE FUNCTION netstate.change_log_guard();
			CREATE TRIGGER change_log_guard_truncate BEFORE TRUNCATE ON netstate.%1$I
				FOR EACH STATEMENT EXECUTE FUNCTION netstate.change_log_guard();

			ALTER TABLE netstate.%1$I
				ENABLE ALWAYS TRIGGER change_log_guard,
				ENABLE ALWAYS TRIGGER change_log_guard_truncate;

			COMMENT ON TRIGGER change_log_guard ON netstate.%1$I IS
				'Refuses whatever the log''s own triggers did not write.';
			COMMENT ON TRIGGER change_log_guard_truncate ON netstate.%1$I IS
				'Refuses TRUNCATE.';
		$sql$, changed);
	END LOOP;
END
$do$;

--| Deletes old rows of `change_log`: all but about the newest `keep`, whole
--| transactions at a time, and none of a transaction that is as new as the
--| oldest one running. Gives the number of rows deleted; 0 where another
--| transaction is pruning. Needs the right to DELETE from `change_log`, else
--| fails with 42501; with 22023 where `keep` is negative, 22004 where it is
--| NULL. The log is pruned by itself by transactions at READ COMMITTED; this is
--| for a timer where there are none. Call it at READ COMMITTED. Costs about
--| 2 us per row.
CREATE FUNCTION netstate.prune_change_log(keep bigint DEFAULT 100000) RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'netstate_prune_change_log';

COMMENT ON FUNCTION netstate.prune_change_log(bigint) IS
	'Deletes all but about the newest rows of the change log.';
