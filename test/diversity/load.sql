-- A plant of lanes from a house in the west by one in the middle to one in the east,
-- groups of what runs there, and operations on all of it: each is one that some
-- operator does in good faith under the own snapshot.  Together they may break what
-- is promised; COMMIT must not let them.
--
-- Between two houses, each lane has three spans: to it, along it, and from it.
-- Cables follow a lane; a link runs on a western and an eastern cable; bundles ride
-- on links, tunnels on bundles.  All that meets in the middle house is waived, but
-- for nothing else.

CREATE SCHEMA load;

CREATE FUNCTION load.lanes() RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 14 $$;
CREATE FUNCTION load.place(x float8, y float8) RETURNS geometry LANGUAGE sql IMMUTABLE AS $$
	SELECT ST_SetSRID(ST_MakePoint(-6.26 + x / 66400, 53.35 + y / 111195), 4326)
$$;
CREATE FUNCTION load.below(n integer) RETURNS integer LANGUAGE sql VOLATILE AS $$ SELECT floor(random() * n)::integer $$;

-- The span of a half (0 west, 1 east), a lane and a step.
CREATE FUNCTION load.span(half integer, lane integer, step integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
	SELECT 10000 + 1000 * half + 10 * lane + step
$$;

-- Along a lane, straight or bent towards the next: two lanes that are bent towards
-- each other cross, one alone crosses nothing.
CREATE FUNCTION load.course(half integer, lane integer, bend float8) RETURNS geometry LANGUAGE sql IMMUTABLE AS $$
	SELECT ST_MakeLine(ARRAY[load.place(x, y), load.place(x + 500, y + bend), load.place(x + 1000, y)])
	FROM (SELECT -1500 + 2000 * half AS x, 100 * (lane - load.lanes() / 2 - 0.5) AS y) p
$$;

INSERT INTO netstate.risk_rule (kind, enabled) VALUES ('proximity', false);
INSERT INTO netstate.risk_rule (kind, enabled, probability) VALUES ('crossing', true, 0.5);
INSERT INTO netstate.structure (id, name, geom) VALUES (1, 'west', load.place(-2000, 0)), (2, 'middle', load.place(0, 0)), (3, 'east', load.place(2000, 0));
INSERT INTO netstate.structure (id, name, geom)
SELECT 1000 + 1000 * half + 10 * lane + x, format('manhole %s/%s/%s', half, lane, x), CASE x WHEN 0 THEN ST_StartPoint(load.course(half, lane, 0)) ELSE ST_EndPoint(load.course(half, lane, 0)) END
FROM generate_series(0, 1) half, generate_series(1, load.lanes()) lane, generate_series(0, 1) x;
INSERT INTO netstate.span (id, name, a_structure_id, z_structure_id, geom)
SELECT load.span(half, lane, step), format('lane %s/%s/%s', half, lane, step), a.id, z.id, CASE step WHEN 2 THEN load.course(half, lane, 0) ELSE ST_MakeLine(a.geom, z.geom) END
FROM generate_series(0, 1) half, generate_series(1, load.lanes()) lane, generate_series(1, 3) step, netstate.structure a, netstate.structure z
WHERE a.id = CASE step WHEN 1 THEN 1 + half ELSE 998 + 1000 * half + 10 * lane + step END
	AND z.id = CASE step WHEN 3 THEN 2 + half ELSE 999 + 1000 * half + 10 * lane + step END;
INSERT INTO netstate.cable (id, name, strand_count) SELECT 100 * half + i, format('cable %s/%s', half, i), 48 FROM generate_series(0, 1) half, generate_series(1, 9) i;
INSERT INTO netstate.cable_segment (cable_id, seq, span_id)
SELECT 100 * half + i, step, load.span(half, i, step) FROM generate_series(0, 1) half, generate_series(1, 9) i, generate_series(1, 3) step;
INSERT INTO netstate.network (id, name, layer) VALUES (1, 'fibre', 'fibre'), (2, 'ip', 'ip'), (3, 'te', 'te');
INSERT INTO netstate.node (id, network_id, name, structure_id) VALUES (1, 1, 'west', 1), (2, 1, 'east', 3);
INSERT INTO netstate.node (id, network_id, name, supporting_node_id) VALUES (3, 2, 'west', 1), (4, 2, 'east', 2), (5, 3, 'west', 3), (6, 3, 'east', 4);
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps) SELECT i, 1, 'circuit ' || i, 1, 2, 100 FROM generate_series(1, 18) i;
INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments)
SELECT i, 1 + half, 100 * half + 1 + (i - 1) % 9, int4range(i, i + 1), '[1,3]' FROM generate_series(1, 18) i, generate_series(0, 1) half;
-- bundles of one circuit or two, and a tunnel over each
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps)
SELECT 20 + i, 2, 'bundle ' || i, 3, 4, CASE WHEN i % 2 = 0 THEN 200 ELSE 100 END FROM generate_series(1, 8) i;
INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id)
SELECT 20 + i, m, 1, i + 9 * (m - 1) FROM generate_series(1, 8) i, generate_series(1, 2 - i % 2) m;
INSERT INTO netstate.link (id, network_id, name, a_node_id, z_node_id, capacity_gbps, directed) SELECT 30 + i, 3, 'tunnel ' || i, 5, 6, 10, true FROM generate_series(1, 6) i;
INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) SELECT 30 + i, 1, 1, 20 + i FROM generate_series(1, 6) i;
INSERT INTO netstate.srlg (id, name) SELECT i, 'said ' || i FROM generate_series(1, 3) i;

INSERT INTO netstate.disjoint_group (id, name, disjoint, min_probability, min_share, max_shared)
SELECT i, 'group ' || i, CASE i % 4 WHEN 0 THEN '{srlg,node}'::text[] ELSE '{link,srlg}' END, CASE i WHEN 3 THEN 0.6 WHEN 7 THEN 0.4 ELSE 0 END,
	CASE i WHEN 9 THEN 0.6 ELSE 0 END, CASE i WHEN 5 THEN 1 ELSE 0 END
FROM generate_series(1, 14) i;
INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES
	(1, 1), (1, 2), (2, 3), (2, 4), (3, 5), (3, 6), (4, 7), (4, 8), (5, 9), (5, 10), (5, 11), (6, 12), (6, 13), (7, 14), (7, 15),
	(8, 16), (8, 17), (9, 22), (9, 24), (10, 21), (10, 23), (11, 31), (11, 32), (12, 33), (12, 35), (13, 18), (13, 27), (14, 34), (14, 28), (14, 26);
INSERT INTO netstate.waiver (group_id, element_kind, element_id, owner, reason, expires_at)
SELECT i, 'structure', 2, 'operations', 'all pass the middle house', '2999-01-01Z' FROM generate_series(1, 14) i;

-- What somebody else does between the check and the end of COMMIT.
CREATE TABLE load.slow (i integer);
CREATE FUNCTION load.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.002 * NEW.i); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON load.slow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION load.slow();

-- ---- operations ----

CREATE FUNCTION load.reroute(half integer, cable integer) RETURNS void LANGUAGE sql VOLATILE AS $$
	UPDATE netstate.cable_segment s SET span_id = load.span(half, l.lane, s.seq)
	FROM (SELECT 1 + load.below(load.lanes()) AS lane) l WHERE s.cable_id = 100 * half + cable
$$;

-- The same in two statements: in between the cable is no way.
CREATE FUNCTION load.relay(half integer, cable integer) RETURNS void LANGUAGE sql VOLATILE AS $$
	DELETE FROM netstate.cable_segment s WHERE s.cable_id = 100 * half + cable;
	INSERT INTO netstate.cable_segment (cable_id, seq, span_id)
	SELECT 100 * half + cable, step, load.span(half, l.lane, step) FROM (SELECT 1 + load.below(load.lanes()) AS lane) l, generate_series(1, 3) step
$$;

CREATE FUNCTION load.assign(link bigint, half integer) RETURNS void LANGUAGE sql VOLATILE AS $$
	UPDATE netstate.strand_assignment SET cable_id = 100 * half + 1 + load.below(9) WHERE link_id = link AND seq = 1 + half
$$;

CREATE FUNCTION load.support(bundle bigint) RETURNS void LANGUAGE sql VOLATILE AS $$
	UPDATE netstate.link_support SET supporting_link_id = 1 + load.below(9) + 9 * (member - 1) WHERE link_id = bundle
$$;

CREATE FUNCTION load.support_tunnel(tunnel bigint) RETURNS void LANGUAGE sql VOLATILE AS $$
	UPDATE netstate.link_support SET supporting_link_id = 21 + load.below(8) WHERE link_id = tunnel
$$;

CREATE FUNCTION load.bend(half integer, lane integer) RETURNS void LANGUAGE sql VOLATILE AS $$
	UPDATE netstate.span SET geom = load.course(half, lane, (ARRAY[-70, 0, 0, 70])[1 + load.below(4)]) WHERE id = load.span(half, lane, 2)
$$;

CREATE FUNCTION load.flip(asked_id bigint) RETURNS void LANGUAGE sql VOLATILE AS $$
	UPDATE netstate.disjoint_group SET mode = CASE mode WHEN 'enforce' THEN CASE load.below(3) WHEN 0 THEN 'monitor' ELSE 'enforce' END ELSE 'enforce' END WHERE id = asked_id
$$;

CREATE FUNCTION load.member(asked_id bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	old bigint := (SELECT link_id FROM netstate.disjoint_group_member WHERE group_id = asked_id ORDER BY random() LIMIT 1);
BEGIN
	UPDATE netstate.disjoint_group_member m SET link_id = l.id
	FROM (SELECT id FROM netstate.link WHERE id NOT IN (SELECT link_id FROM netstate.disjoint_group_member WHERE group_id = asked_id) ORDER BY random() LIMIT 1) l
	WHERE m.group_id = asked_id AND m.link_id = old;
END $$;

-- A statement of what is shared, or its end.
CREATE FUNCTION load.say(srlg bigint, link bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	DELETE FROM netstate.srlg_member WHERE (srlg_id, link_id) = (srlg, link);
	IF NOT FOUND THEN
		INSERT INTO netstate.srlg_member (srlg_id, link_id) VALUES (srlg, link);
	END IF;
END $$;

CREATE FUNCTION load.rule() RETURNS void LANGUAGE sql VOLATILE AS $$
	UPDATE netstate.risk_rule SET probability = (ARRAY[0.3, 0.5, 0.7])[1 + load.below(3)], enabled = load.below(3) > 0 WHERE kind = 'crossing'
$$;

-- Gives a waiver, or takes one back.
CREATE FUNCTION load.waiver(asked_id bigint, srlg bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	DELETE FROM netstate.waiver WHERE (group_id, element_kind, element_id) = (asked_id, 'srlg', srlg);
	IF NOT FOUND THEN
		INSERT INTO netstate.waiver (group_id, element_kind, element_id, owner, expires_at) VALUES (asked_id, 'srlg', srlg, 'operations', '2999-01-01Z');
	END IF;
END $$;
