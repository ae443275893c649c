-- A small plant with networks upon it, and random changes of both.  All that is
-- chosen comes from random(): setseed() makes it happen again.
--
-- Structures stand about 60 m apart in some 240 m, so that spans cross and run
-- near one another.  Whatever is chosen may turn out to be refused.

CREATE FUNCTION plant_test.dice(n bigint) RETURNS integer LANGUAGE sql VOLATILE AS $$ SELECT floor(random() * n)::integer $$;
CREATE FUNCTION plant_test.chance(p float8) RETURNS boolean LANGUAGE sql VOLATILE AS $$ SELECT random() < p $$;
CREATE FUNCTION plant_test.one_of(choice anyarray) RETURNS anyelement LANGUAGE sql VOLATILE AS $$ SELECT choice[1 + plant_test.dice(cardinality(choice))] $$;

-- The id of some row; NULL where there is none.
CREATE FUNCTION plant_test.some(relation text, condition text DEFAULT 'true') RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	id bigint;
BEGIN
	EXECUTE format('SELECT plant_test.one_of(ARRAY(SELECT t.id FROM netstate.%I t WHERE %s ORDER BY t.id))', relation, condition) INTO id;
	RETURN id;
END $$;

-- A fresh name: no two changes think of the same, but for now and then.
CREATE FUNCTION plant_test.name(prefix text) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT prefix || ' ' || plant_test.dice(1000000) $$;

CREATE FUNCTION plant_test.place(x float8, y float8) RETURNS geometry LANGUAGE sql IMMUTABLE AS $$
	SELECT ST_SetSRID(ST_MakePoint(-6.26 + x / 66400, 53.35 + y / 111195), 4326)
$$;

CREATE FUNCTION plant_test.moved(geom geometry, metres float8) RETURNS geometry LANGUAGE sql VOLATILE AS $$
	SELECT ST_Translate(geom, (random() - 0.5) * 2 * metres / 66400, (random() - 0.5) * 2 * metres / 111195)
$$;

-- Near the plant.
CREATE FUNCTION plant_test.somewhere() RETURNS geometry LANGUAGE sql VOLATILE AS $$
	SELECT coalesce((SELECT plant_test.moved(geom, 50) FROM netstate.structure WHERE id = x.id), plant_test.place(100 + random() * 10, 100))
	FROM (SELECT plant_test.some('structure') AS id) x
$$;

-- From one structure to another, by up to two bends.
CREATE FUNCTION plant_test.course(a bigint, z bigint) RETURNS geometry LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	line geometry := (SELECT ST_MakeLine(s.geom, t.geom) FROM netstate.structure s, netstate.structure t WHERE s.id = a AND t.id = z);
	bends integer := plant_test.one_of('{0,0,0,1,1,2}'::integer[]);
BEGIN
	FOR i IN 1 .. bends LOOP
		line := ST_AddPoint(line, plant_test.moved(ST_LineInterpolatePoint(line, 0.3 * i), 15), i);
	END LOOP;
	RETURN line;
END $$;

CREATE FUNCTION plant_test.area() RETURNS geometry LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	centre geometry := plant_test.somewhere();
	width float8 := 40 + random() * 60;
	ring geometry[] := ARRAY(SELECT ST_Translate(centre, cos(i) * width * (0.5 + random()) / 66400, sin(i) * width * (0.5 + random()) / 111195) FROM generate_series(0, 5) i ORDER BY i);
	area geometry := ST_MakePolygon(ST_MakeLine(ring || ring[1]));
BEGIN
	RETURN CASE WHEN plant_test.chance(0.3) THEN ST_Multi(area) ELSE area END;
END $$;

-- The structures along a cable: one more than segments; NULL where it has gaps.
CREATE FUNCTION plant_test.stops(asked_id bigint) RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_variable
DECLARE
	stops bigint[];
	segment record;
BEGIN
	FOR i IN 1 .. 2 LOOP	-- the first span forward, then backward
		stops := NULL;
		FOR segment IN
			SELECT c.seq, s.a_structure_id AS a, s.z_structure_id AS z
			FROM netstate.cable_segment c JOIN netstate.span s ON s.id = c.span_id
			WHERE c.cable_id = asked_id ORDER BY c.seq
		LOOP
			IF stops IS NULL THEN
				stops := CASE i WHEN 1 THEN ARRAY[segment.a, segment.z] ELSE ARRAY[segment.z, segment.a] END;
			ELSIF stops[cardinality(stops)] IN (segment.a, segment.z) THEN
				stops := stops || CASE stops[cardinality(stops)] WHEN segment.a THEN segment.z ELSE segment.a END;
			ELSE
				stops := NULL;
				EXIT;
			END IF;
		END LOOP;
		EXIT WHEN stops IS NOT NULL;
	END LOOP;
	RETURN stops;
END $$;

-- Spans that lead on from one another, from a structure on.
CREATE FUNCTION plant_test.walk(start bigint, steps integer, finish bigint DEFAULT NULL) RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	spans bigint[];
	here bigint;
	next record;
BEGIN
	FOR try IN 1 .. CASE WHEN finish IS NULL THEN 1 ELSE 20 END LOOP
		spans := '{}';
		here := start;
		FOR i IN 1 .. steps LOOP
			SELECT s.id, CASE WHEN s.a_structure_id = here THEN s.z_structure_id ELSE s.a_structure_id END AS there INTO next
			FROM netstate.span s WHERE here IN (s.a_structure_id, s.z_structure_id) AND NOT s.id = ANY (spans)
			ORDER BY hashint8(s.id + plant_test.dice(1000)) LIMIT 1;
			EXIT WHEN NOT FOUND;
			spans := spans || next.id;
			here := next.there;
			EXIT WHEN here = finish;
		END LOOP;
		IF finish IS NULL OR here = finish THEN
			RETURN spans;
		END IF;
	END LOOP;
	RETURN '{}';
END $$;

CREATE FUNCTION plant_test.some_duct(asked_id bigint) RETURNS bigint LANGUAGE sql VOLATILE AS $$
	SELECT plant_test.one_of(ARRAY(SELECT id FROM netstate.duct WHERE span_id = asked_id ORDER BY id) || NULL::bigint)
$$;

CREATE FUNCTION plant_test.lay(cable bigint, spans bigint[]) RETURNS void LANGUAGE sql VOLATILE AS $$
	INSERT INTO netstate.cable_segment (cable_id, seq, span_id, duct_id, slack_m)
	SELECT cable, seq, span, plant_test.some_duct(span), plant_test.one_of('{0,0,10}'::float8[]) FROM unnest(spans) WITH ORDINALITY u (span, seq)
$$;

CREATE FUNCTION plant_test.add_cable() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	cable bigint;
BEGIN
	INSERT INTO netstate.cable (name, strand_count) VALUES (plant_test.name('cable'), plant_test.one_of('{4,12}'::integer[])) RETURNING id INTO cable;
	PERFORM plant_test.lay(cable, plant_test.walk(plant_test.some('structure'), 1 + plant_test.dice(5)));
	RETURN 'add cable ' || cable;
END $$;

CREATE FUNCTION plant_test.add_structure() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	structure bigint;
BEGIN
	INSERT INTO netstate.structure (name, kind, geom, site_id)
	VALUES (plant_test.name('structure'), plant_test.one_of('{manhole,pole,NULL}'::text[]), plant_test.somewhere(), CASE WHEN plant_test.chance(0.2) THEN plant_test.some('site') END)
	RETURNING id INTO structure;
	RETURN 'add structure ' || structure;
END $$;

CREATE FUNCTION plant_test.add_span(a bigint, z bigint) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	span bigint;
	corridor bigint := CASE WHEN plant_test.chance(0.4) THEN plant_test.some('corridor') END;
	duct bigint;
BEGIN
	INSERT INTO netstate.span (name, a_structure_id, z_structure_id, corridor_id, side, encasement, geom, length_m)
	VALUES (plant_test.name('span'), a, z, corridor, CASE WHEN corridor > 0 THEN plant_test.one_of('{left,right,median,NULL}'::text[]) END,
		plant_test.one_of('{none,none,cast,prefabricated}'::text[]), plant_test.course(a, z), CASE WHEN plant_test.chance(0.3) THEN 50 + random() * 50 END)
	RETURNING id INTO span;
	FOR i IN 1 .. plant_test.dice(4) LOOP
		INSERT INTO netstate.duct (span_id, parent_id, name) VALUES (span, CASE WHEN plant_test.chance(0.6) THEN duct END, 'duct ' || i) RETURNING id INTO duct;
	END LOOP;
	RETURN 'add span ' || span;
END $$;

-- The node of a network at this structure, or over this node; made where there
-- is none.
CREATE FUNCTION plant_test.node_at(network bigint, structure bigint, beneath bigint) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	node bigint := (SELECT min(n.id) FROM netstate.node n WHERE n.network_id = network AND coalesce(n.structure_id = structure, n.supporting_node_id = beneath));
BEGIN
	IF node IS NULL THEN
		INSERT INTO netstate.node (network_id, name, structure_id, supporting_node_id, site_id, geom)
		VALUES (network, plant_test.name('node'), structure, beneath, CASE WHEN plant_test.chance(0.2) THEN plant_test.some('site') END,
			CASE WHEN plant_test.chance(0.2) THEN plant_test.somewhere() END)
		RETURNING id INTO node;
	END IF;
	RETURN node;
END $$;

CREATE FUNCTION plant_test.some_capacity() RETURNS float8 LANGUAGE sql VOLATILE AS $$ SELECT plant_test.one_of('{NULL,0,100,100,200,400}'::float8[]) $$;

-- Not the last one.
CREATE FUNCTION plant_test.some_strand(asked_id bigint) RETURNS integer LANGUAGE sql VOLATILE AS $$
	SELECT 1 + plant_test.dice(strand_count - 1) FROM netstate.cable WHERE id = asked_id
$$;

-- A link over some strands of a cable, or of two that meet.
CREATE FUNCTION plant_test.add_fibre() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	network bigint := (SELECT id FROM netstate.network WHERE layer = 'fibre');
	link bigint;
	cable bigint := plant_test.some('cable', '(SELECT count(*) FROM netstate.cable_segment c WHERE c.cable_id = t.id) > 0');
	stops bigint[] := plant_test.stops(cable);
	first integer;
	last integer;
	a bigint;
	other bigint;
	on_from integer;
	on_to integer;
BEGIN
	IF stops IS NULL THEN
		RETURN 'no cable';
	END IF;
	first := plant_test.dice(cardinality(stops) - 1) + 1;
	last := first + 1 + plant_test.dice(cardinality(stops) - first);
	a := plant_test.node_at(network, stops[first], NULL);
	INSERT INTO netstate.link (network_id, name, a_node_id, z_node_id, capacity_gbps, metric)
	VALUES (network, plant_test.name('fibre'), a, plant_test.node_at(network, stops[last], NULL), plant_test.some_capacity(), 1)
	RETURNING id INTO link;
	INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments)
	SELECT link, 1, cable, int4range(d, d + 1 + plant_test.dice(2)), int4range(first, last) FROM plant_test.some_strand(cable) d;
	other := plant_test.some('cable', format('t.id <> %s AND array_position(plant_test.stops(t.id), %s) < cardinality(plant_test.stops(t.id))', cable, stops[last]));
	IF other IS NOT NULL AND plant_test.chance(0.5) THEN
		on_from := array_position(plant_test.stops(other), stops[last]);
		stops := plant_test.stops(other);
		on_to := on_from + 1 + plant_test.dice(cardinality(stops) - on_from);
		UPDATE netstate.link SET z_node_id = plant_test.node_at(network, stops[on_to], NULL) WHERE id = link;
		INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments)
		SELECT link, 2, other, int4range(d, d + 1), int4range(on_from, on_to) FROM plant_test.some_strand(other) d;
	END IF;
	RETURN 'add fibre link ' || link;
END $$;

-- Links of a network that lead on from one another.
CREATE FUNCTION plant_test.walk_links(network bigint, start bigint, steps integer, finish bigint DEFAULT NULL) RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	links bigint[];
	here bigint;
	next record;
BEGIN
	FOR try IN 1 .. CASE WHEN finish IS NULL THEN 1 ELSE 8 END LOOP
		links := '{}';
		here := start;
		FOR i IN 1 .. steps LOOP
			SELECT l.id, CASE WHEN l.a_node_id = here THEN l.z_node_id ELSE l.a_node_id END AS there INTO next
			FROM netstate.link l WHERE l.network_id = network AND (l.a_node_id = here OR l.z_node_id = here)
			ORDER BY hashint8(l.id + plant_test.dice(1000)) LIMIT 1;
			EXIT WHEN NOT FOUND;
			links := links || next.id;
			here := next.there;
			EXIT WHEN here = finish;
		END LOOP;
		IF finish IS NULL OR here = finish THEN
			RETURN links || here;	-- the end comes last
		END IF;
	END LOOP;
	RETURN NULL;
END $$;

-- Further members of a link, parallel to those that it has.
CREATE FUNCTION plant_test.add_member(link bigint, below bigint, start bigint, finish bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	walk bigint[] := plant_test.walk_links(below, start, 3, finish);
	number integer := (SELECT coalesce(max(member), 0) + 1 FROM netstate.link_support WHERE link_id = link);
BEGIN
	INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id)
	SELECT link, number, seq, id FROM unnest(walk[: cardinality(walk) - 1]) WITH ORDINALITY u (id, seq);
END $$;

-- A link over links of the layer beneath, in series and in parallel.
CREATE FUNCTION plant_test.add_upper() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	network record;
	below bigint;
	start bigint;
	walk bigint[];
	finish bigint;
	link bigint;
BEGIN
	SELECT * INTO network FROM netstate.network n WHERE n.layer = (SELECT plant_test.one_of('{optical,optical,ip,ip,te}'::text[]));
	below := (SELECT n.id FROM netstate.network n WHERE n.level < network.level ORDER BY n.level DESC LIMIT 1);
	start := plant_test.some('node', format('t.network_id = %s AND EXISTS (SELECT FROM netstate.link l WHERE t.id IN (l.a_node_id, l.z_node_id))', below));
	walk := plant_test.walk_links(below, start, 1 + plant_test.dice(2));
	IF walk IS NULL OR cardinality(walk) < 2 OR walk[cardinality(walk)] = start THEN
		RETURN 'no way';
	END IF;
	finish := walk[cardinality(walk)];
	INSERT INTO netstate.link (network_id, name, a_node_id, z_node_id, capacity_gbps, metric, directed)
	VALUES (network.id, plant_test.name(network.layer), plant_test.node_at(network.id, NULL, start), plant_test.node_at(network.id, NULL, finish),
		plant_test.some_capacity(), 1, network.layer = 'te')
	RETURNING id INTO link;
	INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id)
	SELECT link, 1, seq, id FROM unnest(walk[: cardinality(walk) - 1]) WITH ORDINALITY u (id, seq);
	FOR i IN 1 .. plant_test.dice(3) LOOP
		PERFORM plant_test.add_member(link, below, start, finish);
	END LOOP;
	RETURN format('add %s link %s', network.layer, link);
END $$;

-- Takes everything away, and makes a plant and its networks.
CREATE FUNCTION plant_test.clear() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
BEGIN
	TRUNCATE netstate.network, netstate.node, netstate.link, netstate.link_support, netstate.strand_assignment, netstate.cable, netstate.cable_segment,
		netstate.splice, netstate.splice_closure, netstate.duct, netstate.span, netstate.span_crossing, netstate.structure, netstate.corridor, netstate.hazard_area,
		netstate.site, netstate.zone, netstate.region, netstate.power_feed, netstate.site_power_feed, netstate.srlg, netstate.srlg_member, netstate.srlg_node,
		netstate.risk_rule, netstate.drain RESTART IDENTITY CASCADE;
END $$;

CREATE FUNCTION plant_test.fill(size integer DEFAULT 4) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
BEGIN
	INSERT INTO netstate.site (name, geom) SELECT 'site ' || i, CASE WHEN i < 4 THEN plant_test.place(60 * i, 90) END FROM generate_series(1, 4) i;
	INSERT INTO netstate.region (name) VALUES ('region 1'), ('region 2');
	INSERT INTO netstate.zone (region_id, name) VALUES (1, 'a'), (1, 'b'), (2, 'a');
	UPDATE netstate.site SET zone_id = 1 + id % 3 WHERE id < 4;
	INSERT INTO netstate.power_feed (name) SELECT 'feed ' || i FROM generate_series(1, 3) i;
	INSERT INTO netstate.site_power_feed (site_id, power_feed_id) VALUES (1, 1), (2, 1), (2, 2), (3, 2);
	INSERT INTO netstate.risk_rule (kind, distance_m, probability) VALUES ('corridor', 90, 0.25), ('corridor_side', 60, NULL);
	INSERT INTO netstate.corridor (name, geom)
	SELECT 'corridor ' || i, ST_MakeLine(ARRAY[plant_test.place(-40, 70 * i), plant_test.place(100, 70 * i + 15), plant_test.place(300, 70 * i - 10)]) FROM generate_series(1, 2) i;
	INSERT INTO netstate.structure (name, geom, site_id)
	SELECT 'structure ' || x || '/' || y, plant_test.moved(plant_test.place(60 * x, 60 * y), 12), CASE WHEN (x + y) % 3 = 0 THEN 1 + (x * y) % 4 END
	FROM generate_series(1, size) x, generate_series(1, size) y ORDER BY x, y;
	PERFORM plant_test.add_span(a.id, z.id)
	FROM netstate.structure a JOIN netstate.structure z ON a.id < z.id
	WHERE (z.id IN (a.id + size, a.id + size + 1) OR z.id = a.id + 1 AND a.id % size > 0) AND plant_test.chance(0.8);
	INSERT INTO netstate.hazard_area (name, geom) SELECT 'area ' || i, plant_test.area() FROM generate_series(1, 2) i;
	INSERT INTO netstate.span_crossing (span_id, structure_id, passage)
	SELECT plant_test.some('span'), i, plant_test.one_of('{over,under,through}'::text[]) FROM generate_series(1, size) i;
	INSERT INTO netstate.splice_closure (structure_id, name) SELECT i, 'closure' FROM generate_series(1, size) i;
	INSERT INTO netstate.network (name, layer) VALUES ('fibre', 'fibre'), ('optical', 'optical'), ('ip', 'ip'), ('te', 'te');
	INSERT INTO netstate.srlg (name) SELECT 'group ' || i FROM generate_series(1, 3) i;
	FOR i IN 1 .. size * size / 2 LOOP
		PERFORM plant_test.add_cable();
	END LOOP;
	FOR i IN 1 .. size * size LOOP
		PERFORM plant_test.try('plant_test.add_fibre()');
	END LOOP;
	FOR i IN 1 .. size * size * 2 LOOP
		PERFORM plant_test.try('plant_test.add_upper()');
	END LOOP;
END $$;

-- Does it in a subtransaction: what was done, or 'refused' and why.
CREATE FUNCTION plant_test.try(call text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	said text;
	detail text;
BEGIN
	EXECUTE 'SELECT ' || call INTO said;
	RETURN said;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_CONTEXT;
	RETURN format('refused %s: %s', SQLSTATE, SQLERRM) || CASE WHEN left(SQLSTATE, 2) IN ('22', '23', '40', '55') THEN '' ELSE ' AT ' || replace(detail, E'\n', ' | ') END;
END $$;
