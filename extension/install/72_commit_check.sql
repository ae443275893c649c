-- What must hold at COMMIT: that routes of cables, strands of links and what
-- links ride on lead from somewhere to somewhere without a gap, and that links
-- which are to stay disjoint do.
--
-- Statements queue what they change here; the deferred trigger of the queue
-- proves it, under one lock for all commits that need one.

--| What running transactions have changed and not proven yet. Triggers
--| `commit_check_...` of the tables write it, one row a statement, and the check
--| at COMMIT takes the rows away again; `check_pending` tells what that check
--| would say. A statement that changes nothing that is checked (`load_gbps`,
--| `metric`, `status`) queues nothing. Unlogged: after a crash nothing is pending.
CREATE UNLOGGED TABLE netstate.commit_check (
	xid xid8 NOT NULL,
	what text NOT NULL,
	ids bigint[]
);

CREATE INDEX commit_check_xid_idx ON netstate.commit_check (xid);

COMMENT ON TABLE netstate.commit_check IS 'What running transactions have changed and not proven yet.';
COMMENT ON COLUMN netstate.commit_check.xid IS 'Transaction that changed it.';
COMMENT ON COLUMN netstate.commit_check.what IS 'Kind of what was changed: structure (its site), structure_place, span (its ends), span_course, cable, splice, node, link, strand_assignment or link_support (of links); risk (what else risk follows from: change_log says what); disjoint_group (also its links and waivers), disjoint_group_member (fewer of them, or more wanted), drain.';
COMMENT ON COLUMN netstate.commit_check.ids IS 'Ids of these, none for risk; NULL stands for all of the kind.';

--| Trigger function: queues what a statement changed.
CREATE FUNCTION netstate.commit_check_queue() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_commit_check_queue';

COMMENT ON FUNCTION netstate.commit_check_queue() IS
	'Trigger function: queues what a statement changed, for the check at COMMIT.';

--| Trigger function: proves what the transaction has queued. Fails with 23514,
--| naming the object, where it does not hold. At COMMIT, or as soon as `SET
--| CONSTRAINTS ALL IMMEDIATE` asks for it; from then on the transaction holds
--| the lock under which all such commits are proven one by one, and cannot be
--| prepared (0A000).
CREATE FUNCTION netstate.commit_check_run() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_commit_check_run';

COMMENT ON FUNCTION netstate.commit_check_run() IS
	'Trigger function: proves what the transaction has changed.';

--| Trigger function: keeps the queue to its own triggers. Everything else that
--| inserts, updates, deletes or truncates fails with 42501, whatever rights it
--| has.
CREATE FUNCTION netstate.commit_check_guard() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_commit_check_guard';

COMMENT ON FUNCTION netstate.commit_check_guard() IS
	'Trigger function: keeps the queue of the check at COMMIT to its own triggers.';

CREATE TRIGGER commit_check_guard BEFORE INSERT OR UPDATE OR DELETE ON netstate.commit_check
	FOR EACH ROW EXECUTE FUNCTION netstate.commit_check_guard();
CREATE TRIGGER commit_check_guard_truncate BEFORE TRUNCATE ON netstate.commit_check
	FOR EACH STATEMENT EXECUTE FUNCTION netstate.commit_check_guard();

COMMENT ON TRIGGER commit_check_guard ON netstate.commit_check IS
	'Refuses whatever the queue''s own triggers did not write.';
COMMENT ON TRIGGER commit_check_guard_truncate ON netstate.commit_check IS
	'Refuses TRUNCATE.';

CREATE CONSTRAINT TRIGGER commit_check_run AFTER INSERT ON netstate.commit_check
	DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION netstate.commit_check_run();

COMMENT ON TRIGGER commit_check_run ON netstate.commit_check IS
	'Proves at COMMIT what the transaction has changed.';

ALTER TABLE netstate.commit_check
	ENABLE ALWAYS TRIGGER commit_check_guard,
	ENABLE ALWAYS TRIGGER commit_check_guard_truncate,
	ENABLE ALWAYS TRIGGER commit_check_run;

-- New structures, cables, nodes and links have nothing on them yet, and what
-- something rides on cannot be deleted, save by a statement that puts it in
-- again (a cable's segments go with it).  ENABLE ALWAYS: whoever sets
-- session_replication_role is checked too.
DO $do$
DECLARE
	changed pg_catalog.record;
	event pg_catalog.text;
BEGIN
	FOR changed IN
		SELECT *
		FROM (VALUES
			('structure', ARRAY['update', 'delete']),
			('span', ARRAY['insert', 'update', 'delete', 'truncate']),
			('cable', ARRAY['update']),
			('cable_segment', ARRAY['insert', 'update', 'delete', 'truncate']),
			('splice', ARRAY['insert', 'update']),
			('node', ARRAY['update', 'delete']),
			('link', ARRAY['update', 'delete']),
			('strand_assignment', ARRAY['insert', 'update', 'delete']),
			('link_support', ARRAY['insert', 'update', 'delete'])) AS t (name, events)
	LOOP
		FOREACH event IN ARRAY changed.events LOOP
			EXECUTE pg_catalog.format($sql$
				CREATE TRIGGER commit_check_%2$s AFTER %2$s ON netstate.%1$I %3$s
					FOR EACH STATEMENT EXECUTE FUNCTION netstate.commit_check_queue();
				ALTER TABLE netstate.%1$I ENABLE ALWAYS TRIGGER commit_check_%2$s;
				COMMENT ON TRIGGER commit_check_%2$s ON netstate.%1$I IS
					'Queues for the check at COMMIT what a statement changed.';
			$sql$, changed.name, event, CASE event
				WHEN 'insert' THEN 'REFERENCING NEW TABLE AS new_row'
				WHEN 'update' THEN 'REFERENCING OLD TABLE AS old_row NEW TABLE AS new_row'
				WHEN 'delete' THEN 'REFERENCING OLD TABLE AS old_row'
				ELSE '' END);
		END LOOP;
	END LOOP;
END
$do$;

-- What else risk follows from, and intent itself.  What can only take risk away,
-- or mend, is not queued.  The link that leaves a group is: drains count links.
DO $do$
DECLARE
	changed pg_catalog.record;
	event pg_catalog.text;
BEGIN
	FOR changed IN
		SELECT *
		FROM (VALUES
			('site', ARRAY['update', 'delete']),
			('site_power_feed', ARRAY['insert', 'update', 'delete']),
			('span_crossing', ARRAY['insert', 'update']),
			('duct', ARRAY['update', 'delete']),
			('corridor', ARRAY['update', 'delete']),
			('hazard_area', ARRAY['insert', 'update']),
			('srlg_member', ARRAY['insert', 'update']),
			('srlg_node', ARRAY['insert', 'update', 'delete', 'truncate']),
			('risk_rule', ARRAY['insert', 'update', 'delete', 'truncate']),
			('risk_rule_default', ARRAY['insert', 'update', 'delete', 'truncate']),
			('disjoint_group', ARRAY['insert', 'update']),
			('disjoint_group_member', ARRAY['insert', 'update', 'delete', 'truncate']),
			('waiver', ARRAY['update', 'delete', 'truncate']),
			('drain', ARRAY['insert', 'update']),
			('drain_element', ARRAY['insert', 'update'])) AS t (name, events)
	LOOP
		FOREACH event IN ARRAY changed.events LOOP
			EXECUTE pg_catalog.format($sql$
				CREATE TRIGGER commit_check_%2$s AFTER %2$s ON netstate.%1$I %3$s
					FOR EACH STATEMENT EXECUTE FUNCTION netstate.commit_check_queue();
				ALTER TABLE netstate.%1$I ENABLE ALWAYS TRIGGER commit_check_%2$s;
				COMMENT ON TRIGGER commit_check_%2$s ON netstate.%1$I IS
					'Queues for the check at COMMIT what a statement changed.';
			$sql$, changed.name, event, CASE event
				WHEN 'insert' THEN 'REFERENCING NEW TABLE AS new_row'
				WHEN 'update' THEN 'REFERENCING OLD TABLE AS old_row NEW TABLE AS new_row'
				WHEN 'delete' THEN 'REFERENCING OLD TABLE AS old_row'
				ELSE '' END);
		END LOOP;
	END LOOP;
END
$do$;

--| What the check at COMMIT would find wrong now with what this transaction has
--| changed, a row for each finding; no rows: nothing. Takes no lock and proves
--| nothing: others may change what it rests on before the COMMIT. `rule` is
--| `cable_route` (the segments of a cable are numbered from 1 without gaps, and
--| lead from structure to structure), `splice` (both segments end in the
--| splice's structure and have such strands, whose ends are in no other splice),
--| `strand_range` and `strand_route`
--| (the strands and segments of a link's assignments exist, and lead from its A
--| node to its Z node), or `support_route` (the links of each member lead from
--| the link's A node to its Z node). `message`, `detail` and `hint` are those of
--| the error; `name` is NULL where the caller may not read it.
CREATE FUNCTION netstate.check_pending()
RETURNS TABLE (rule text, element_kind text, element_id bigint, name text,
	message text, detail text, hint text)
LANGUAGE c VOLATILE PARALLEL UNSAFE ROWS 10
AS 'MODULE_PATHNAME', 'netstate_check_pending';

COMMENT ON FUNCTION netstate.check_pending() IS
	'What the check at COMMIT would find wrong with what this transaction has changed.';
