-- What CREATE EXTENSION does where others were before it, and where PostGIS
-- lives elsewhere.
\set QUIET 1
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only true
\pset pager off
SET client_min_messages = warning;
BEGIN;
SELECT plan(21);

-- Objects outside the extension and PostGIS that something in schema netstate
-- depends on, and that are not built in.
CREATE FUNCTION pg_temp.captured() RETURNS TABLE (what text) LANGUAGE sql AS $$
	SELECT DISTINCT pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid)
	FROM pg_depend d
	WHERE d.refobjid >= 16384 AND d.deptype <> 'e'
	AND (pg_identify_object(d.classid, d.objid, d.objsubid)).identity ~ 'netstate\.'
	AND (pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid)).identity !~ 'netstate'
	AND NOT EXISTS (SELECT FROM pg_depend x JOIN pg_extension e ON e.oid = x.refobjid AND e.extname IN ('postgis', 'btree_gist')
		WHERE x.classid = d.refclassid AND x.objid = d.refobjid AND x.deptype = 'e')
	-- the columns of its composite types
	AND NOT EXISTS (SELECT FROM pg_class c JOIN pg_depend x ON x.classid = 'pg_type'::regclass AND x.objid = c.reltype AND x.deptype = 'e'
		JOIN pg_extension e ON e.oid = x.refobjid AND e.extname = 'postgis'
		WHERE d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid AND c.relkind = 'c')
	AND NOT EXISTS (SELECT FROM pg_extension e WHERE d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid)
$$;

SELECT lives_ok('DROP EXTENSION netstate', 'the extension goes');
SELECT hasnt_schema('netstate', 'and takes its schema along');

-- a schema that was there before is not used
CREATE SCHEMA netstate;
SELECT throws_ok('CREATE EXTENSION netstate', '42P06', NULL, 'a schema netstate of others: refused');
CREATE TABLE netstate.link (id bigint);
SELECT throws_ok('CREATE EXTENSION netstate', '42P06', NULL, 'with a table in it: refused');
SELECT has_table('netstate', 'link', 'and left alone');
DROP SCHEMA netstate CASCADE;

SELECT throws_ok('CREATE EXTENSION netstate SCHEMA public', '0A000', NULL, 'another schema: refused');
CREATE ROLE regress_netstate_owner;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO regress_netstate_owner', current_database()); END $$;
SET LOCAL ROLE regress_netstate_owner;
SELECT throws_ok('CREATE EXTENSION netstate', '42501', NULL, 'without superuser: refused');
RESET ROLE;

-- Better matches for what the scripts call, in a schema that is searched by
-- default and holds PostGIS: none of them may be used.
CREATE FUNCTION public.trap(smallint, smallint) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
CREATE FUNCTION public.trap(double precision, integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
CREATE FUNCTION public.trap(bigint, integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
CREATE FUNCTION public.trap(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
CREATE OPERATOR public.< (LEFTARG = smallint, RIGHTARG = smallint, FUNCTION = public.trap);
CREATE OPERATOR public.> (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = public.trap);
CREATE OPERATOR public.>= (LEFTARG = double precision, RIGHTARG = integer, FUNCTION = public.trap);
CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = public.trap);
CREATE OPERATOR public.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = public.trap);
CREATE FUNCTION public.char_length(text) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
CREATE FUNCTION public.btrim(text, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
CREATE FUNCTION public.format(text, name) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
CREATE FUNCTION public.pg_extension_config_dump(regclass, text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
CREATE FUNCTION public.st_xmin(geometry) RETURNS float8 LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
CREATE FUNCTION public.st_xmax(geometry) RETURNS float8 LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
CREATE FUNCTION public.st_ymin(geometry) RETURNS float8 LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
CREATE FUNCTION public.st_ymax(geometry) RETURNS float8 LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
CREATE TABLE public.pg_extension (extname name, extnamespace oid);
CREATE DOMAIN public.text AS pg_catalog.text CHECK (false);
CREATE DOMAIN public.int8 AS pg_catalog.int8 CHECK (false);
SELECT lives_ok('CREATE EXTENSION netstate', 'traps in public: installed');
SELECT is_empty('SELECT * FROM pg_temp.captured()', 'and none was stepped on');
SET LOCAL search_path = public, pg_catalog;
INSERT INTO netstate.network (id, name, layer) VALUES (101, 'x', 'ip'), (102, 'y', 'fibre');
INSERT INTO netstate.node (id, network_id, name) VALUES (101, 102, 'a');
INSERT INTO netstate.node (network_id, name, supporting_node_id) VALUES (101, 'a', 101);
RESET search_path;
SELECT pass('nor is one by what runs later');
DROP OPERATOR public.< (smallint, smallint);
DROP OPERATOR public.> (bigint, integer);
DROP OPERATOR public.>= (double precision, integer);
DROP OPERATOR public.= (text, text);
DROP OPERATOR public.<> (text, text);
DROP EXTENSION netstate;
DROP FUNCTION public.st_xmin(geometry);
DROP FUNCTION public.st_xmax(geometry);
DROP FUNCTION public.st_ymin(geometry);
DROP FUNCTION public.st_ymax(geometry);
DROP TABLE public.pg_extension;
DROP DOMAIN public.text;
DROP DOMAIN public.int8;

-- PostGIS in a schema whose name needs quotes
DROP EXTENSION postgis CASCADE;
CREATE SCHEMA "Gis 1";
SELECT lives_ok('CREATE EXTENSION postgis SCHEMA "Gis 1"', 'PostGIS elsewhere');
SELECT lives_ok('CREATE EXTENSION netstate', 'netstate finds it');
SELECT is_empty('SELECT * FROM pg_temp.captured()', 'and nothing else');
SELECT is(format_type(atttypid, atttypmod), '"Gis 1".geometry(Geometry,4326)', 'columns have its type')
FROM pg_attribute WHERE attrelid = 'netstate.link'::regclass AND attname = 'geom';
SELECT lives_ok($$INSERT INTO netstate.site (name, geom) VALUES ('a', 'POINT(-6 53)')$$, 'a point goes in');
SELECT throws_ok($$INSERT INTO netstate.site (name, geom) VALUES ('b', 'POINT(-6 91)')$$, '23514', NULL, 'not beyond the pole');
SELECT throws_ok($$INSERT INTO netstate.srlg (name, geom) VALUES ('b', 'POLYGON EMPTY')$$, '23514', NULL, 'nor nowhere');

-- The script runs with the search_path of whoever installs.
DROP EXTENSION netstate;
CREATE SCHEMA mine;
SET LOCAL search_path = mine, public;
SELECT lives_ok('CREATE EXTENSION netstate', 'any search_path will do');
SELECT is((SELECT count(*) FROM pg_class WHERE relnamespace = 'mine'::regnamespace), 0::bigint, 'and nothing lands on it');
RESET search_path;

-- It goes with what it needs, not without being asked.
SELECT throws_ok('DROP EXTENSION postgis', '2BP01', NULL, 'PostGIS stays while netstate needs it');
SELECT throws_ok('DROP TABLE netstate.link', '2BP01', NULL, 'its tables do not go alone');

SELECT * FROM finish();
ROLLBACK;
