\echo Use "ALTER EXTENSION netstate UPDATE" to load this file. \quit

-- From 0.1.0 to 0.2.0.  What it makes is what the install scripts make; a test
-- compares the two.
SET LOCAL search_path = pg_catalog, pg_temp;

-- ---- 10_place.sql ----

-- CHECK constraints call these by the statement; in C they need no preparing.
DO $do$
DECLARE
	postgis pg_catalog.name;
BEGIN
	SELECT n.nspname INTO STRICT postgis
	FROM pg_catalog.pg_extension e
	JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
	WHERE e.extname OPERATOR(pg_catalog.=) 'postgis';

	EXECUTE pg_catalog.format($sql$
CREATE FUNCTION netstate.valid_point_given(geom %1$I.geometry) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
		WHEN geom IS NULL THEN NULL
		WHEN %1$I.ST_IsEmpty(geom) THEN false
		WHEN %1$I.ST_GeometryType(geom) = 'ST_Point'
			THEN %1$I.ST_SRID(geom) = 4326
				AND %1$I.ST_X(geom) BETWEEN -180 AND 180
				AND %1$I.ST_Y(geom) BETWEEN -90 AND 90
		ELSE false
	END;

REVOKE ALL ON FUNCTION netstate.valid_point_given(%1$I.geometry) FROM PUBLIC;
COMMENT ON FUNCTION netstate.valid_point_given(%1$I.geometry) IS
	'Internal: the tests of valid_point.';

CREATE OR REPLACE FUNCTION netstate.valid_point(geom %1$I.geometry) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_valid_geometry';
	$sql$, postgis);

	EXECUTE pg_catalog.format($sql$
CREATE FUNCTION netstate.valid_line_given(geom %1$I.geometry) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
		WHEN geom IS NULL THEN NULL
		WHEN %1$I.ST_IsEmpty(geom) OR %1$I.ST_NPoints(geom) > 100000 THEN false
		WHEN %1$I.ST_GeometryType(geom) = 'ST_LineString'
			THEN %1$I.ST_NPoints(geom) >= 2
		WHEN %1$I.ST_GeometryType(geom) = 'ST_MultiLineString'
			THEN %1$I.ST_AsText(geom, 0) !~ 'EMPTY|\([^,()]*\)'
		ELSE false
	END
	AND %1$I.ST_SRID(geom) = 4326
	AND %1$I.ST_XMin(%1$I.Box3D(geom)) >= -180 AND %1$I.ST_XMax(%1$I.Box3D(geom)) <= 180
	AND %1$I.ST_YMin(%1$I.Box3D(geom)) >= -90 AND %1$I.ST_YMax(%1$I.Box3D(geom)) <= 90
	AND %1$I.ST_Length(geom) < 'Infinity';

REVOKE ALL ON FUNCTION netstate.valid_line_given(%1$I.geometry) FROM PUBLIC;
COMMENT ON FUNCTION netstate.valid_line_given(%1$I.geometry) IS
	'Internal: the tests of valid_line.';

CREATE OR REPLACE FUNCTION netstate.valid_line(geom %1$I.geometry) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_valid_geometry';
	$sql$, postgis);

	EXECUTE pg_catalog.format($sql$
CREATE FUNCTION netstate.valid_area_given(geom %1$I.geometry) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
		WHEN geom IS NULL THEN NULL
		WHEN %1$I.ST_IsEmpty(geom) OR %1$I.ST_NPoints(geom) > 100000 THEN false
		WHEN %1$I.ST_GeometryType(geom) = 'ST_Polygon'
			OR %1$I.ST_GeometryType(geom) = 'ST_MultiPolygon'
			THEN %1$I.ST_AsText(geom, 0) !~ 'EMPTY|\([^,()]*\)'
		ELSE false
	END
	AND %1$I.ST_SRID(geom) = 4326
	AND %1$I.ST_XMin(%1$I.Box3D(geom)) >= -180 AND %1$I.ST_XMax(%1$I.Box3D(geom)) <= 180
	AND %1$I.ST_YMin(%1$I.Box3D(geom)) >= -90 AND %1$I.ST_YMax(%1$I.Box3D(geom)) <= 90
	AND %1$I.ST_Perimeter(geom) < 'Infinity';

REVOKE ALL ON FUNCTION netstate.valid_area_given(%1$I.geometry) FROM PUBLIC;
COMMENT ON FUNCTION netstate.valid_area_given(%1$I.geometry) IS
	'Internal: the tests of valid_area.';

CREATE OR REPLACE FUNCTION netstate.valid_area(geom %1$I.geometry) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_valid_geometry';
	$sql$, postgis);

END
$do$;

CREATE OR REPLACE FUNCTION netstate.valid_name(name text) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_valid_name';

CREATE OR REPLACE FUNCTION netstate.valid_quantity(quantity double precision) RETURNS boolean
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'netstate_valid_quantity';

-- ---- 70_change_log.sql ----

CREATE TABLE netstate.change_log (
	xid xid8 NOT NULL,
	seq bigint NOT NULL,
	network_id bigint NOT NULL,
	kind text NOT NULL,
	id bigint NOT NULL,
	CONSTRAINT change_log_pkey PRIMARY KEY (xid, seq),
	CONSTRAINT change_log_kind_is_known CHECK (kind OPERATOR(pg_catalog.=) ANY (
		ARRAY['network', 'node', 'link', 'all']))
);

COMMENT ON TABLE netstate.change_log IS 'Which objects that paths depend on were changed by which transaction.';
COMMENT ON COLUMN netstate.change_log.xid IS 'Transaction that changed it; for a change within a savepoint the whole transaction.';
COMMENT ON COLUMN netstate.change_log.seq IS 'Number within the transaction, ascending.';
COMMENT ON COLUMN netstate.change_log.network_id IS 'Network of the object where the changed row says it, else 0; in a row of kind all 0 stands for every network.';
COMMENT ON COLUMN netstate.change_log.kind IS 'Kind of the object: network, node, link; all: anything of the network may have changed.';
COMMENT ON COLUMN netstate.change_log.id IS 'Id of the object; 0 in a row of kind all. A link''s supports and memberships count as the link.';

CREATE TABLE netstate.change_horizon (
	xid xid8 NOT NULL,
	CONSTRAINT change_horizon_pkey PRIMARY KEY (xid)
);

COMMENT ON TABLE netstate.change_horizon IS 'How far back change_log reaches; one row.';
COMMENT ON COLUMN netstate.change_horizon.xid IS 'Rows of change_log with a lower xid may be gone.';

-- A writer that came before these triggers, and had not ended when this
-- transaction began, may show as running in a snapshot that somebody keeps.  In
-- such a snapshot this transaction runs too, or is still to come: the log says
-- nothing for snapshots as old as it.
INSERT INTO netstate.change_horizon (xid)
VALUES (CAST(CAST(CAST(CAST(pg_catalog.pg_current_xact_id() AS pg_catalog.text) AS pg_catalog.numeric)
	OPERATOR(pg_catalog.+) pg_catalog.numeric '1' AS pg_catalog.text) AS pg_catalog.xid8));

CREATE FUNCTION netstate.change_log_begin() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_change_log_begin';

COMMENT ON FUNCTION netstate.change_log_begin() IS
	'Trigger function: notes that a statement begins to change a table of the graph.';

CREATE FUNCTION netstate.change_log_write() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_change_log_write';

COMMENT ON FUNCTION netstate.change_log_write() IS
	'Trigger function: logs what a statement changed.';

CREATE FUNCTION netstate.change_log_apply() RETURNS trigger
LANGUAGE c
AS 'MODULE_PATHNAME', 'netstate_change_log_apply';

COMMENT ON FUNCTION netstate.change_log_apply() IS
	'Trigger function: logs a row that logical replication changed.';

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
	FOREACH changed IN ARRAY ARRAY['network', 'node', 'link', 'link_support', 'srlg_member', 'srlg_node'] LOOP
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

CREATE FUNCTION netstate.prune_change_log(keep bigint DEFAULT 100000) RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'netstate_prune_change_log';

COMMENT ON FUNCTION netstate.prune_change_log(bigint) IS
	'Deletes all but about the newest rows of the change log.';

-- ---- 55_graph.sql ----

CREATE FUNCTION netstate.graph_status(
	network text,
	OUT nodes integer,
	OUT links integer,
	OUT srlgs integer,
	OUT total_metric double precision,
	OUT bytes bigint,
	OUT landmark_bytes bigint,
	OUT builds bigint,
	OUT deltas bigint,
	OUT hits bigint,
	OUT shared boolean,
	OUT patched bigint,
	OUT built_at timestamptz,
	OUT refreshed_at timestamptz)
RETURNS record
LANGUAGE c STABLE PARALLEL SAFE COST 10000
AS 'MODULE_PATHNAME', 'netstate_graph_status';

COMMENT ON FUNCTION netstate.graph_status(text) IS
	'What the functions on paths are answered from: the size of a network''s graph, and how it came.';

CREATE FUNCTION netstate.graph_check(network text) RETURNS bigint
LANGUAGE c STABLE PARALLEL SAFE COST 1000000
AS 'MODULE_PATHNAME', 'netstate_graph_check';

COMMENT ON FUNCTION netstate.graph_check(text) IS
	'In how many elements the graph that is kept differs from the tables: always 0.';

-- ---- 90_dump.sql ----

-- What is new alone: somebody may have granted the rest.
REVOKE ALL ON netstate.change_log, netstate.change_horizon FROM PUBLIC;
REVOKE ALL ON FUNCTION
	netstate.change_log_begin(),
	netstate.change_log_write(),
	netstate.change_log_apply(),
	netstate.change_log_guard(),
	netstate.prune_change_log(bigint),
	netstate.graph_status(text),
	netstate.graph_check(text)
	FROM PUBLIC;
