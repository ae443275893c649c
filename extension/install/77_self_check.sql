-- Is every guard in place, and does all that they guard hold?  What the install
-- script made is written down when it ends; the check compares.

--| What the extension made, object by object, as its install or update script
--| left it: tables, columns, constraints, indexes, triggers, views, functions and
--| shipped rows. `self_check` compares with it. Belongs to the extension, and is
--| in no dump.
CREATE TABLE netstate.shipped (
	kind text NOT NULL,
	object text NOT NULL,
	definition jsonb NOT NULL,
	CONSTRAINT shipped_pkey PRIMARY KEY (kind, object)
);

COMMENT ON TABLE netstate.shipped IS 'What the extension made, as its install or update script left it.';
COMMENT ON COLUMN netstate.shipped.kind IS 'Kind of the object: table, column, constraint, index, trigger, foreign key trigger, view, function, row; version for the server that it was written down on.';
COMMENT ON COLUMN netstate.shipped.object IS 'The object''s name.';
COMMENT ON COLUMN netstate.shipped.definition IS 'What is compared, property by property; text is a digest of what the server writes, which depends on its version.';

CREATE TRIGGER drop_applied_row BEFORE INSERT OR UPDATE OR DELETE ON netstate.shipped
	FOR EACH ROW EXECUTE FUNCTION netstate.drop_applied_row();

ALTER TABLE netstate.shipped ENABLE REPLICA TRIGGER drop_applied_row;

COMMENT ON TRIGGER drop_applied_row ON netstate.shipped IS
	'Drops rows that logical replication brings.';

--| Internal to `self_check`: what the catalogs say now of all that the extension
--| made, in the form of `shipped`.
CREATE FUNCTION netstate.shipped_now()
RETURNS TABLE (kind text, object text, definition jsonb)
LANGUAGE sql STABLE PARALLEL SAFE COST 1000000 ROWS 2000
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	WITH member AS MATERIALIZED (
		SELECT d.classid, d.objid
		FROM pg_depend d
		JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'netstate'
		WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
	), relation AS MATERIALIZED (
		SELECT c.oid, c.relname::text AS name, c.relkind::text AS relkind, c.relpersistence::text AS persistence,
			c.relreplident::text AS replica_identity, c.reloptions AS options
		FROM member m
		JOIN pg_class c ON c.oid = m.objid
		WHERE m.classid = 'pg_class'::regclass AND c.relkind IN ('r', 'v', 'p', 'm', 'f')
	)
	SELECT 'version', 'server', jsonb_build_object('major', current_setting('server_version_num')::integer / 10000)
	UNION ALL
	SELECT CASE r.relkind WHEN 'v' THEN 'view' ELSE 'table' END, r.name, jsonb_build_object('kind', r.relkind,
		'persistence', r.persistence, 'replica identity', r.replica_identity, 'options', r.options,
		'text', CASE WHEN r.relkind = 'v' THEN md5(pg_get_viewdef(r.oid)) END)
	FROM relation r
	UNION ALL
	SELECT 'column', format('%s.%s', r.name, a.attname), jsonb_build_object('type', format_type(a.atttypid, a.atttypmod),
		'not null', a.attnotnull, 'identity', a.attidentity, 'generated', a.attgenerated,
		'default', f.oid IS NOT NULL, 'text', md5(pg_get_expr(f.adbin, f.adrelid)))
	FROM relation r
	JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
	LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
	WHERE r.relkind <> 'v'
	UNION ALL
	-- NOT NULL is the column's; since 18 it has a row here, too.
	SELECT 'constraint', format('%s on %s', k.conname, r.name), jsonb_build_object('type', k.contype,
		'deferrable', k.condeferrable, 'initially deferred', k.condeferred, 'validated', k.convalidated,
		'columns', ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u (n, i)
			JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY u.i),
		'refers to', CASE WHEN k.confrelid <> 0 THEN k.confrelid::regclass::text END,
		'on update', k.confupdtype, 'on delete', k.confdeltype, 'match', k.confmatchtype,
		'text', md5(pg_get_constraintdef(k.oid)))
	FROM relation r
	JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype IN ('c', 'f', 'p', 'u', 'x')
	UNION ALL
	SELECT 'index', format('%s on %s', c.relname, r.name), jsonb_build_object('unique', i.indisunique,
		'valid', i.indisvalid AND i.indisready AND i.indislive, 'immediate', i.indimmediate,
		'text', md5(pg_get_indexdef(i.indexrelid)))
	FROM relation r
	JOIN pg_index i ON i.indrelid = r.oid
	JOIN pg_class c ON c.oid = i.indexrelid
	UNION ALL
	SELECT 'trigger', format('%s on %s', t.tgname, r.name), jsonb_build_object('function', t.tgfoid::regprocedure::text,
		'event', t.tgtype, 'enabled', t.tgenabled, 'deferrable', t.tgdeferrable, 'initially deferred', t.tginitdeferred,
		'columns', t.tgattr::text, 'arguments', encode(t.tgargs, 'hex'), 'condition', t.tgqual IS NOT NULL,
		'old table', t.tgoldtable, 'new table', t.tgnewtable, 'text', md5(pg_get_triggerdef(t.oid)))
	FROM relation r
	JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
	WHERE t.tgfoid IN (SELECT m.objid FROM member m WHERE m.classid = 'pg_proc'::regclass)
		OR EXISTS (SELECT FROM netstate.shipped s WHERE s.kind = 'trigger' AND s.object = format('%s on %s', t.tgname, r.name))
	UNION ALL
	-- Those behind foreign keys and deferrable keys: ALTER TABLE ... DISABLE
	-- TRIGGER ALL turns them off.
	SELECT 'foreign key trigger', format('%s of %s on %s', p.proname, k.conname, r.name),
		jsonb_build_object('event', t.tgtype, 'enabled', t.tgenabled, 'deferrable', t.tgdeferrable, 'initially deferred', t.tginitdeferred)
	FROM relation r
	JOIN pg_trigger t ON t.tgrelid = r.oid AND t.tgisinternal
	JOIN pg_proc p ON p.oid = t.tgfoid
	JOIN pg_constraint k ON k.oid = t.tgconstraint
	WHERE k.conrelid IN (SELECT o.oid FROM relation o)
	UNION ALL
	SELECT 'function', p.oid::regprocedure::text, jsonb_build_object('language', l.lanname, 'kind', p.prokind,
		'volatility', p.provolatile, 'parallel', p.proparallel, 'strict', p.proisstrict,
		'security definer', p.prosecdef, 'leakproof', p.proleakproof, 'settings', p.proconfig,
		'result', pg_get_function_result(p.oid), 'library', p.probin, 'source', md5(p.prosrc),
		'text', md5(pg_get_function_sqlbody(p.oid)))
	FROM member m
	JOIN pg_proc p ON p.oid = m.objid
	JOIN pg_language l ON l.oid = p.prolang
	WHERE m.classid = 'pg_proc'::regclass
	UNION ALL
	SELECT 'row', format('risk_rule_default %s', d.kind), to_jsonb(d)
	FROM netstate.risk_rule_default d;
END;

COMMENT ON FUNCTION netstate.shipped_now() IS
	'Internal: what the catalogs say now of all that the extension made.';

--| Internal to `self_check`: where what the extension made is not as it was made.
CREATE FUNCTION netstate.self_check_made()
RETURNS TABLE (what text, object text, detail text, hint text)
LANGUAGE sql STABLE PARALLEL SAFE COST 1000000 ROWS 10
BEGIN ATOMIC
	WITH now AS MATERIALIZED (
		SELECT n.kind, n.object, n.definition FROM netstate.shipped_now() n
	), version AS MATERIALIZED (
		SELECT n.definition = s.definition AS same
		FROM now n
		JOIN netstate.shipped s ON s.kind = n.kind AND s.object = n.object
		WHERE n.kind = 'version'
	)
	SELECT s.kind, s.object, 'It is missing.',
		'Make it again as the extension''s install script makes it; then see what the view violation says.'
	FROM netstate.shipped s
	WHERE NOT EXISTS (SELECT FROM now n WHERE n.kind = s.kind AND n.object = s.object)
	UNION ALL
	SELECT s.kind, s.object, pg_catalog.string_agg(
			CASE d.key WHEN 'text' THEN 'It is defined otherwise than it was made.'
			WHEN 'source' THEN 'It was replaced.'
			ELSE pg_catalog.format('%s is %s, and was made as %s.', pg_catalog.initcap(pg_catalog.left(d.key, 1)) || pg_catalog.substr(d.key, 2),
				COALESCE(NULLIF(n.definition ->> d.key, ''), 'nothing'), COALESCE(NULLIF(d.value, ''), 'nothing')) END, ' ' ORDER BY d.key),
		CASE WHEN s.kind = 'trigger' AND pg_catalog.count(*) FILTER (WHERE d.key <> 'enabled') = 0
			THEN pg_catalog.format('ALTER TABLE netstate.%s ENABLE %sTRIGGER %s; then see what the view violation says.',
				pg_catalog.split_part(s.object, ' on ', 2), CASE s.definition ->> 'enabled' WHEN 'A' THEN 'ALWAYS ' WHEN 'R' THEN 'REPLICA ' ELSE '' END,
				pg_catalog.split_part(s.object, ' on ', 1))
		WHEN s.kind = 'foreign key trigger' AND pg_catalog.count(*) FILTER (WHERE d.key <> 'enabled') = 0
			THEN pg_catalog.format('ALTER TABLE netstate.%s ENABLE TRIGGER ALL, then ENABLE ALWAYS those that self_check names; then ask self_check(true), which proves the rows.',
				pg_catalog.split_part(s.object, ' on ', 2))
		WHEN s.kind = 'constraint' AND pg_catalog.count(*) FILTER (WHERE d.key <> 'validated') = 0
			THEN pg_catalog.format('ALTER TABLE netstate.%s VALIDATE CONSTRAINT %s.',
				pg_catalog.split_part(s.object, ' on ', 2), pg_catalog.split_part(s.object, ' on ', 1))
		WHEN s.kind = 'index' AND pg_catalog.count(*) FILTER (WHERE d.key <> 'valid') = 0
			THEN pg_catalog.format('REINDEX INDEX netstate.%s.', pg_catalog.split_part(s.object, ' on ', 1))
		ELSE 'Make it again as the extension''s install script makes it; then see what the view violation says.' END
	FROM netstate.shipped s
	JOIN now n ON n.kind = s.kind AND n.object = s.object
	CROSS JOIN LATERAL pg_catalog.jsonb_each_text(s.definition) AS d
	WHERE (n.definition ->> d.key) IS DISTINCT FROM d.value AND s.kind <> 'version'
		-- another release of PostgreSQL may write the same otherwise
		AND (d.key <> 'text' OR (SELECT v.same FROM version v))
	GROUP BY s.kind, s.object, s.definition, n.definition
	UNION ALL
	SELECT n.kind, n.object, 'It belongs to the extension, and no script of it has made it.',
		'ALTER EXTENSION netstate DROP takes it out of the extension.'
	FROM now n
	WHERE n.kind IN ('table', 'view', 'function')
		AND NOT EXISTS (SELECT FROM netstate.shipped s WHERE s.kind = n.kind AND s.object = n.object)
	UNION ALL
	SELECT 'extension', 'netstate', 'Nothing is written down of what its scripts made.', 'Install the extension again.'
	WHERE NOT EXISTS (SELECT FROM netstate.shipped);
END;

COMMENT ON FUNCTION netstate.self_check_made() IS
	'Internal: where what the extension made is not as it was made.';

--| Internal to `self_check`: what is around the extension's objects and could get
--| round a guard: children, owners, rights, settings, rules, triggers of others.
CREATE FUNCTION netstate.self_check_around()
RETURNS TABLE (what text, object text, detail text, hint text)
LANGUAGE sql STABLE PARALLEL SAFE COST 1000000 ROWS 10
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	WITH owner AS MATERIALIZED (
		SELECT e.oid AS extension, e.extowner AS id FROM pg_extension e WHERE e.extname = 'netstate'
	), relation AS MATERIALIZED (
		SELECT c.oid, c.relname::text AS name, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity,
			c.relname = ANY (ARRAY['change_log', 'change_horizon', 'commit_check', 'span_pair', 'span_pair_own',
				'risk_rule_default', 'shipped']::name[]) AS engine
		FROM pg_depend d
		JOIN owner o ON o.extension = d.refobjid
		JOIN pg_class c ON c.oid = d.objid
		WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND d.classid = 'pg_class'::regclass
			AND c.relkind IN ('r', 'v')
	), granted AS (
		SELECT r.name AS object, r.engine, a.grantee, a.privilege_type AS privilege
		FROM relation r
		CROSS JOIN LATERAL aclexplode(r.relacl) a
		WHERE a.grantee <> r.relowner
		UNION
		SELECT r.name, r.engine, a.grantee, a.privilege_type
		FROM relation r
		JOIN pg_attribute c ON c.attrelid = r.oid
		CROSS JOIN LATERAL aclexplode(c.attacl) a
		WHERE a.grantee <> r.relowner
	)
	SELECT 'child table', r.name, format('Table %s inherits from it: what is written there passes no guard.', h.inhrelid::regclass),
		format('ALTER TABLE %s NO INHERIT netstate.%s.', h.inhrelid::regclass, r.name)
	FROM relation r
	JOIN pg_inherits h ON h.inhparent = r.oid
	UNION ALL
	SELECT 'child table', r.name, format('It inherits from %s: what is written there shows here, too, or it was made a part of it.', h.inhparent::regclass),
		format('ALTER TABLE netstate.%s NO INHERIT %s.', r.name, h.inhparent::regclass)
	FROM relation r
	JOIN pg_inherits h ON h.inhrelid = r.oid
	UNION ALL
	SELECT 'owner', i.identity, format('It belongs to %s, and the extension to %s.', w.owner::regrole, o.id::regrole),
		format('ALTER %s %s OWNER TO %s.', upper(i.type), i.identity, o.id::regrole)
	FROM owner o
	CROSS JOIN LATERAL (
		SELECT d.classid, d.objid, coalesce(c.relowner, p.proowner, n.nspowner) AS owner
		FROM pg_depend d
		-- a sequence goes with its table
		LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind <> 'S'
		LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
		LEFT JOIN pg_namespace n ON d.classid = 'pg_namespace'::regclass AND n.oid = d.objid
		WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = o.extension AND d.deptype = 'e'
	) w
	CROSS JOIN LATERAL pg_identify_object(w.classid, w.objid, 0) i
	WHERE w.owner <> o.id
	UNION ALL
	SELECT 'right', g.object, format('%s may %s.', who.name, string_agg(g.privilege, ', ' ORDER BY g.privilege)),
		format('REVOKE %s ON netstate.%s FROM %s.', string_agg(g.privilege, ', ' ORDER BY g.privilege), g.object, who.name)
	FROM granted g
	CROSS JOIN LATERAL (SELECT CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END) who (name)
	WHERE CASE WHEN g.engine THEN g.privilege <> 'SELECT' AND NOT (g.object = 'change_log' AND g.privilege = 'DELETE')
			ELSE g.privilege = 'TRIGGER' END
		AND NOT EXISTS (SELECT FROM pg_roles s WHERE s.oid = g.grantee AND s.rolsuper)
	GROUP BY g.object, who.name
	UNION ALL
	SELECT 'right', 'schema netstate', format('%s may CREATE.', who.name), format('REVOKE CREATE ON SCHEMA netstate FROM %s.', who.name)
	FROM pg_namespace n
	CROSS JOIN LATERAL aclexplode(n.nspacl) a
	CROSS JOIN LATERAL (SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END) who (name)
	WHERE n.nspname = 'netstate' AND a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner
		AND NOT EXISTS (SELECT FROM pg_roles s WHERE s.oid = a.grantee AND s.rolsuper)
	UNION ALL
	-- Foreign keys and the pairs of spans are not kept where it is replica.
	SELECT 'setting', 'session_replication_role', format('%s may %s it.', who.name, a.privilege_type),
		format('REVOKE %s ON PARAMETER session_replication_role FROM %s.', a.privilege_type, who.name)
	FROM pg_parameter_acl p
	CROSS JOIN LATERAL aclexplode(p.paracl) a
	CROSS JOIN LATERAL (SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END) who (name)
	WHERE p.parname = 'session_replication_role'
		AND NOT EXISTS (SELECT FROM pg_roles s WHERE s.oid = a.grantee AND s.rolsuper)
	UNION ALL
	SELECT 'setting', 'session_replication_role', format('%s sets %s%s.',
			CASE s.setrole WHEN 0 THEN 'Every role' ELSE s.setrole::regrole::text END, c.setting,
			CASE WHEN s.setdatabase <> 0 THEN ' in ' || b.datname ELSE '' END),
		format('ALTER %s RESET session_replication_role.', CASE s.setrole WHEN 0 THEN 'DATABASE ' || quote_ident(b.datname)
			ELSE 'ROLE ' || s.setrole::regrole::text || coalesce(' IN DATABASE ' || quote_ident(b.datname), '') END)
	FROM pg_db_role_setting s
	CROSS JOIN LATERAL unnest(s.setconfig) c (setting)
	LEFT JOIN pg_database b ON b.oid = s.setdatabase
	WHERE (s.setdatabase = 0 OR b.datname = current_database())
		AND c.setting LIKE 'session\_replication\_role=%' AND c.setting <> 'session_replication_role=origin'
	UNION ALL
	SELECT 'setting', 'session_replication_role', format('It is %s in this session: foreign keys and pairs of spans are not kept.', current_setting('session_replication_role')),
		'RESET session_replication_role.'
	WHERE current_setting('session_replication_role') <> 'origin'
	UNION ALL
	SELECT 'rule', format('%s on %s', w.rulename, r.name), 'It rewrites statements before any guard sees them.',
		format('DROP RULE %s ON netstate.%s.', quote_ident(w.rulename), r.name)
	FROM relation r
	JOIN pg_rewrite w ON w.ev_class = r.oid
	WHERE NOT (r.relkind = 'v' AND w.rulename = '_RETURN')
	UNION ALL
	SELECT 'trigger', format('%s on %s', t.tgname, r.name), 'It is not the extension''s, on a table that nobody else writes.',
		format('DROP TRIGGER %s ON netstate.%s.', quote_ident(t.tgname), r.name)
	FROM relation r
	JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
	WHERE r.engine AND NOT EXISTS (SELECT FROM netstate.shipped s WHERE s.kind = 'trigger' AND s.object = format('%s on %s', t.tgname, r.name))
	UNION ALL
	SELECT 'row-level security', r.name, CASE WHEN r.relforcerowsecurity THEN 'It is forced on the owner, with whose rights the guards read.'
			ELSE 'It is on, and hides from readers what counts for all.' END,
		format('ALTER TABLE netstate.%s %s ROW LEVEL SECURITY.', r.name, CASE WHEN r.relforcerowsecurity THEN 'NO FORCE' ELSE 'DISABLE' END)
	FROM relation r
	WHERE r.relforcerowsecurity OR (r.engine AND r.relrowsecurity)
	UNION ALL
	SELECT 'subscription', s.subname::text, format('It writes %s: what it brings passes no guard here, the publisher''s are those that count.',
			string_agg(r.name, ', ' ORDER BY r.name)),
		'Ask self_check() on the publisher, too; what is proven here is what has been applied so far.'
	FROM pg_subscription_rel l
	JOIN relation r ON r.oid = l.srrelid
	JOIN pg_subscription s ON s.oid = l.srsubid
	GROUP BY s.subname;
END;

COMMENT ON FUNCTION netstate.self_check_around() IS
	'Internal: what is around the extension''s objects and could get round a guard.';

--| Internal to `self_check`: what the tables of the engine themselves hold.
CREATE FUNCTION netstate.self_check_engine()
RETURNS TABLE (what text, object text, detail text, hint text)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 1
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN QUERY
	SELECT 'change log'::text, 'change_horizon'::text, format('It has %s rows, and has one row always.', count(*)),
		'Install the extension again: graphs may be kept that are not right.'::text
	FROM netstate.change_horizon
	HAVING count(*) <> 1
	UNION ALL
	SELECT 'change log', 'change_horizon', format('The log is said to reach back to transaction %s, which is still to come.', h.xid),
		'The log is of another server: install the extension again.'
	FROM netstate.change_horizon h
	WHERE h.xid > pg_snapshot_xmax(pg_current_snapshot())
	UNION ALL
	SELECT 'change log', 'change_log', format('It has rows of transaction %s, which is still to come.', max(l.xid::text::numeric)),
		'The log is of another server: install the extension again.'
	FROM netstate.change_log l
	WHERE l.xid > pg_snapshot_xmax(pg_current_snapshot()) AND l.xid IS DISTINCT FROM pg_current_xact_id_if_assigned()
	HAVING count(*) > 0
	UNION ALL
	SELECT 'span_pair', 'span_pair_own', format('%s rows of transactions that have ended, such as %s, are left.', count(*), min(o.xid::text::numeric)),
		'Their check at COMMIT did not run: see what self_check(true) says of span_pair.'
	FROM netstate.span_pair_own o
	WHERE o.xid IS DISTINCT FROM pg_current_xact_id_if_assigned()
	HAVING count(*) > 0;

	-- Unlogged, and so not to be read on a standby.
	IF NOT pg_is_in_recovery() THEN
		RETURN QUERY
		SELECT 'check at COMMIT'::text, 'commit_check'::text,
			format('%s changes of transactions that have ended, such as %s, were never proven.', count(*), min(c.xid::text::numeric)),
			'Their check at COMMIT did not run: see what the view violation says, then delete the rows with trigger commit_check_guard turned off.'::text
		FROM netstate.commit_check c
		WHERE c.xid IS DISTINCT FROM pg_current_xact_id_if_assigned()
		HAVING count(*) > 0;
	END IF;
END
$function$;

COMMENT ON FUNCTION netstate.self_check_engine() IS
	'Internal: what the tables of the engine themselves hold.';

--| Internal to `self_check`: the rows themselves against every CHECK constraint
--| and foreign key, and `span_pair` against its derivation.
CREATE FUNCTION netstate.self_check_deep()
RETURNS TABLE (what text, object text, detail text, hint text)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000000 ROWS 1
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	broken record;
	bad bigint;
	shown text;
BEGIN
	FOR broken IN
		SELECT k.conname, c.relname, k.contype, k.oid,
			CASE k.contype WHEN 'c' THEN format('NOT (%s)', pg_get_expr(k.conbin, k.conrelid))
			ELSE format('%s AND NOT EXISTS (SELECT FROM ONLY %s p WHERE %s)',
				(SELECT string_agg(format('x.%I IS NOT NULL', a.attname), ' AND ' ORDER BY u.i)
				FROM unnest(k.conkey) WITH ORDINALITY u (n, i) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n),
				k.confrelid::regclass,
				(SELECT string_agg(format('p.%I OPERATOR(%I.%s) x.%I', f.attname, n.nspname, o.oprname, a.attname), ' AND ' ORDER BY u.i)
				FROM unnest(k.conkey, k.confkey, k.conpfeqop) WITH ORDINALITY u (c, p, op, i)
				JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.c
				JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = u.p
				JOIN pg_operator o ON o.oid = u.op
				JOIN pg_namespace n ON n.oid = o.oprnamespace)) END AS condition
		FROM pg_constraint k
		JOIN pg_class c ON c.oid = k.conrelid
		WHERE k.contype IN ('c', 'f') AND k.confmatchtype IN (' ', 's')
			AND EXISTS (SELECT FROM netstate.shipped s WHERE s.kind = 'constraint' AND s.object = format('%s on %s', k.conname, c.relname))
			AND c.relnamespace = 'netstate'::regnamespace
		ORDER BY c.relname, k.conname
	LOOP
		EXECUTE format('SELECT count(*), (array_agg(left(x::text, 100)))[1] FROM ONLY netstate.%I x WHERE %s', broken.relname, broken.condition)
		INTO bad, shown;
		IF bad > 0 THEN
			what := 'row';
			object := format('%s on %s', broken.conname, broken.relname);
			detail := format('%s rows do not hold to it, such as %s.', bad, shown);
			hint := 'Correct these rows, or delete them.';
			RETURN NEXT;
		END IF;
	END LOOP;

	RETURN QUERY
	SELECT 'span_pair'::text, 'span_pair'::text,
		format('%s pairs are not as they are derived anew, such as spans %s and %s.', count(*),
			(array_agg(coalesce(d.a_span_id, p.a_span_id) ORDER BY coalesce(d.a_span_id, p.a_span_id), coalesce(d.b_span_id, p.b_span_id)))[1],
			(array_agg(coalesce(d.b_span_id, p.b_span_id) ORDER BY coalesce(d.a_span_id, p.a_span_id), coalesce(d.b_span_id, p.b_span_id)))[1]),
		'UPDATE netstate.span SET geom = geom for these spans derives their pairs anew.'::text
	FROM netstate.span_pair_derive() d
	FULL JOIN netstate.span_pair_now p ON p.a_span_id = d.a_span_id AND p.b_span_id = d.b_span_id
	WHERE p.a_span_id IS NULL OR d.a_span_id IS NULL OR p.crosses <> d.crosses
		OR p.distance_m <> d.distance_m OR p.run_m <> d.run_m
	HAVING count(*) > 0;
END
$function$;

COMMENT ON FUNCTION netstate.self_check_deep() IS
	'Internal: the rows against every constraint, and span_pair against its derivation.';

--| Is every guard in place, and does all that they guard hold? A row for each
--| finding; no rows: nothing was found. For an owner or a superuser nothing can
--| be prevented; whatever they did, this finds.
--|
--| From the catalogs: each table, column, constraint, index, trigger, view and
--| function of the extension is there, as its scripts made it, and belongs to its
--| owner; no table has children or rules; nobody else may write what the
--| extension alone writes, add triggers, or set `session_replication_role`. From
--| the data: no transaction left the check at COMMIT unproven, the change log is
--| of this server, and no policy in mode `enforce` shows in `violation` without a
--| waiver (but for facts that nothing refuses: too few members in service, a
--| bypass). With `deep` also: every row holds to every CHECK and foreign key, and
--| `span_pair` is what is derived anew.
--|
--| `what` is the kind of thing that was looked at, `object` its name, `detail`
--| what was seen, `hint` what to do. On a logical subscriber a row of kind
--| `subscription` says that the publisher holds the guards. Works on a standby
--| (without the queue of the check at COMMIT). Needs SELECT on all tables of the
--| extension, else fails with 42501. Takes 0.2 s, and what an audit of all
--| policies takes; with `deep` some 20 s more for 300,000 spans.
CREATE FUNCTION netstate.self_check(deep boolean DEFAULT false)
RETURNS TABLE (what text, object text, detail text, hint text)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000000 ROWS 10
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF deep IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'argument "deep" must not be NULL',
			DETAIL = 'With false nothing is proven of the rows but policies.', HINT = 'Give true or false.';
	END IF;
	RETURN QUERY
	SELECT * FROM (
		SELECT * FROM netstate.self_check_made()
		UNION ALL
		SELECT * FROM netstate.self_check_around()
		UNION ALL
		SELECT * FROM netstate.self_check_engine()
		UNION ALL
		SELECT 'violation', concat_ws(' ', v.policy, v.subject_kind, coalesce(v.subject, v.subject_id::text)), v.detail, v.hint
		FROM netstate.violation v
		WHERE v.mode = 'enforce' AND v.waived_until IS NULL AND v.policy NOT IN ('disjoint_group_members', 'bypass')
	) f (what, object, detail, hint)
	ORDER BY f.what COLLATE "C", f.object COLLATE "C", f.detail COLLATE "C";
	IF deep THEN
		RETURN QUERY SELECT * FROM netstate.self_check_deep();
	END IF;
END
$function$;

COMMENT ON FUNCTION netstate.self_check(boolean) IS
	'Whether every guard is in place, and all that they guard holds: a row for each finding.';
