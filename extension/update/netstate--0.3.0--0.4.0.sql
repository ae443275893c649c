\echo Use "ALTER EXTENSION netstate UPDATE" to load this file. \quit

-- From 0.3.0 to 0.4.0.  What it makes is what the install scripts make; a test
-- compares the two.
SET LOCAL search_path = pg_catalog, pg_temp;

-- ---- 42_disjoint_group.sql ----

-- ---- 44_bypass.sql ----

-- ---- 46_drain.sql ----

-- ---- 58_bypass.sql ----

-- ---- 59_load.sql ----

-- ---- 70_change_log.sql ----

-- ---- 72_commit_check.sql ----

-- ---- 74_disjoint_group.sql ----

-- ---- 75_drain.sql ----

-- ---- 76_violation.sql ----

-- ---- 77_self_check.sql ----

-- ---- 78_what_if.sql ----

-- ---- 79_explain.sql ----

-- ---- 90_dump.sql ----

-- What is new alone, and so has no rights of its own yet: somebody may have
-- granted the rest.
DO $do$
DECLARE
	new pg_catalog.text;
BEGIN
	FOR new IN
		SELECT pg_catalog.format('REVOKE ALL ON %s %s FROM PUBLIC', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
			c.oid::pg_catalog.regclass)
		FROM pg_catalog.pg_class c WHERE c.relnamespace = 'netstate'::pg_catalog.regnamespace
		AND c.relkind = ANY (ARRAY['r', 'v', 'S']::pg_catalog."char"[]) AND c.relacl IS NULL
		UNION ALL
		SELECT pg_catalog.format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', p.oid::pg_catalog.regprocedure)
		FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'netstate'::pg_catalog.regnamespace AND p.proacl IS NULL
	LOOP
		EXECUTE new;
	END LOOP;
END
$do$;
