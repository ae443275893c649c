-- Random changes: each does one thing, and says what.

CREATE FUNCTION plant_test.some_status() RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT plant_test.one_of('{operational,operational,operational,operational,operational,cut,planned,inactive}'::text[])
$$;

-- Structures, sites, corridors, areas.
CREATE FUNCTION plant_test.change_place() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	what text := plant_test.one_of('{add,move,move,move with spans,site,status,status,delete,crossing,crossing,no crossing,passage,corridor,add corridor,area,add area,no area,site moves,feed,no feed,site of node}'::text[]);
	structure bigint := plant_test.some('structure');
	area bigint := plant_test.some('hazard_area');
BEGIN
	CASE what
		WHEN 'add' THEN RETURN plant_test.add_structure();
		WHEN 'move' THEN UPDATE netstate.structure SET geom = plant_test.moved(geom, 15) WHERE id = structure;
		WHEN 'move with spans' THEN
			UPDATE netstate.structure SET geom = plant_test.moved(geom, 15) WHERE id = structure;
			UPDATE netstate.span SET geom = plant_test.course(a_structure_id, z_structure_id) WHERE structure IN (a_structure_id, z_structure_id);
		WHEN 'site' THEN UPDATE netstate.structure SET site_id = CASE WHEN plant_test.chance(0.6) THEN plant_test.some('site') END WHERE id = structure;
		WHEN 'status' THEN UPDATE netstate.structure SET status = plant_test.some_status() WHERE id = structure;
		WHEN 'delete' THEN DELETE FROM netstate.structure WHERE id = structure;
		WHEN 'crossing' THEN INSERT INTO netstate.span_crossing VALUES (plant_test.some('span'), structure, plant_test.one_of('{over,under,through}'::text[]));
		WHEN 'no crossing' THEN DELETE FROM netstate.span_crossing WHERE structure_id = structure;
		WHEN 'passage' THEN UPDATE netstate.span_crossing SET passage = plant_test.one_of('{over,under,through}'::text[]) WHERE structure_id = structure;
		WHEN 'corridor' THEN UPDATE netstate.corridor SET geom = plant_test.moved(geom, 30) WHERE id = (SELECT plant_test.some('corridor'));
		WHEN 'add corridor' THEN INSERT INTO netstate.corridor (name, geom) VALUES (plant_test.name('corridor'), ST_MakeLine(plant_test.somewhere(), plant_test.somewhere()));
		WHEN 'area' THEN UPDATE netstate.hazard_area SET geom = plant_test.area() WHERE id = area;
		WHEN 'add area' THEN INSERT INTO netstate.hazard_area (name, geom) VALUES (plant_test.name('area'), plant_test.area());
		WHEN 'no area' THEN DELETE FROM netstate.hazard_area WHERE id = area;
		WHEN 'site moves' THEN UPDATE netstate.site SET geom = CASE WHEN plant_test.chance(0.8) THEN plant_test.somewhere() END WHERE id = (SELECT plant_test.some('site'));
		WHEN 'feed' THEN INSERT INTO netstate.site_power_feed VALUES (plant_test.some('site'), plant_test.some('power_feed'));
		WHEN 'no feed' THEN DELETE FROM netstate.site_power_feed WHERE site_id = (SELECT plant_test.some('site'));
		WHEN 'site of node' THEN UPDATE netstate.node SET site_id = CASE WHEN plant_test.chance(0.6) THEN plant_test.some('site') END,
			geom = CASE WHEN plant_test.chance(0.3) THEN plant_test.somewhere() END WHERE id = (SELECT plant_test.some('node'));
	END CASE;
	RETURN format('place: %s (structure %s, area %s)', what, structure, area);
END $$;

-- Mostly at a structure made for it, so that it can be merged again.
CREATE FUNCTION plant_test.split(span bigint, structure bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
BEGIN
	IF plant_test.chance(0.8) THEN
		INSERT INTO netstate.structure (name, geom)
		SELECT plant_test.name('structure'), plant_test.moved(ST_LineInterpolatePoint(s.geom, 0.3 + 0.4 * random()), 3) FROM netstate.span s WHERE s.id = span
		RETURNING id INTO structure;
	END IF;
	PERFORM netstate.split_span(span, structure) WHERE span IS NOT NULL AND structure IS NOT NULL;
END $$;

-- Mostly where nothing else ends.
CREATE FUNCTION plant_test.merge(span bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	first bigint := plant_test.some('span', format('(SELECT count(*) FROM netstate.span s WHERE t.z_structure_id IN (s.a_structure_id, s.z_structure_id)) = 2
		AND EXISTS (SELECT FROM netstate.span s WHERE s.a_structure_id = t.z_structure_id) OR t.id = %s', coalesce(span, 0)));
BEGIN
	PERFORM netstate.merge_span(first, x.id)
	FROM (SELECT s.id FROM netstate.span s, netstate.span f WHERE f.id = first AND s.a_structure_id = f.z_structure_id ORDER BY s.id LIMIT 1) x;
END $$;

-- Spans and ducts.
CREATE FUNCTION plant_test.change_span() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	what text := plant_test.one_of('{add,add,move,move,move all,status,status,end,encasement,side,corridor,swap,delete,length,id,duct,duct,nest,no duct,split,split,merge,merge}'::text[]);
	span bigint := plant_test.some('span');
	duct bigint := plant_test.some('duct');
	structure bigint := plant_test.some('structure');
BEGIN
	CASE what
		WHEN 'add' THEN RETURN plant_test.add_span(structure, plant_test.some('structure'));
		WHEN 'move' THEN UPDATE netstate.span SET geom = plant_test.course(a_structure_id, z_structure_id) WHERE id = span;
		WHEN 'move all' THEN UPDATE netstate.span SET geom = plant_test.course(a_structure_id, z_structure_id) WHERE id % 5 = span % 5;
		WHEN 'status' THEN UPDATE netstate.span SET status = plant_test.some_status() WHERE id = span;
		WHEN 'end' THEN UPDATE netstate.span SET z_structure_id = structure, geom = plant_test.course(a_structure_id, structure) WHERE id = span;
		WHEN 'encasement' THEN UPDATE netstate.span SET encasement = plant_test.one_of('{none,cast,prefabricated}'::text[]) WHERE id = span;
		WHEN 'side' THEN UPDATE netstate.span SET side = plant_test.one_of('{left,right,median,NULL}'::text[]) WHERE id = span;
		WHEN 'corridor' THEN UPDATE netstate.span SET corridor_id = CASE WHEN plant_test.chance(0.7) THEN plant_test.some('corridor') END, side = NULL WHERE id = span;
		WHEN 'swap' THEN UPDATE netstate.span SET a_structure_id = z_structure_id, z_structure_id = a_structure_id, geom = ST_Reverse(geom) WHERE id = span;
		WHEN 'delete' THEN
			DELETE FROM netstate.span WHERE id = (SELECT CASE WHEN plant_test.chance(0.7)
				THEN plant_test.some('span', 'NOT EXISTS (SELECT FROM netstate.cable_segment c WHERE c.span_id = t.id)') ELSE span END);
		WHEN 'length' THEN UPDATE netstate.span SET length_m = CASE WHEN plant_test.chance(0.7) THEN 30 + random() * 100 END WHERE id = span;
		WHEN 'id' THEN UPDATE netstate.span SET id = 1000 + plant_test.dice(1000000) WHERE id = (SELECT plant_test.some('span', 'NOT EXISTS (SELECT FROM netstate.cable_segment c WHERE c.span_id = t.id)'));
		WHEN 'duct' THEN INSERT INTO netstate.duct (span_id, parent_id, name) VALUES (span, plant_test.some_duct(span), plant_test.name('duct'));
		WHEN 'nest' THEN UPDATE netstate.duct d SET parent_id = plant_test.some_duct(d.span_id) WHERE id = duct;
		WHEN 'no duct' THEN DELETE FROM netstate.duct WHERE id = duct;
		WHEN 'split' THEN
			structure := plant_test.some('structure', format('%s NOT IN (SELECT x FROM netstate.span s, unnest(ARRAY[s.a_structure_id, s.z_structure_id]) x WHERE s.id = %s)', 't.id', coalesce(span, 0)));
			PERFORM plant_test.split(span, structure);
		WHEN 'merge' THEN PERFORM plant_test.merge(span);
	END CASE;
	RETURN format('span: %s (span %s, duct %s, structure %s)', what, span, duct, structure);
END $$;

-- Cables: routes, ducts, splices.
CREATE FUNCTION plant_test.change_cable() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	what text := plant_test.one_of('{add,add,delete,status,status,segment,segment,duct,duct,reroute,reroute,longer,shorter,drop,slack,splice,splice,no splice,strands}'::text[]);
	cable bigint := plant_test.some('cable');
	stops bigint[] := plant_test.stops(cable);
	at integer := 1 + plant_test.dice(greatest(1, cardinality(stops) - 1));
	new_route bigint[];
	other bigint;
BEGIN
	CASE what
		WHEN 'add' THEN RETURN plant_test.add_cable();
		WHEN 'delete' THEN DELETE FROM netstate.cable WHERE id = cable;
		WHEN 'status' THEN UPDATE netstate.cable SET status = plant_test.some_status() WHERE id = cable;
		WHEN 'segment' THEN		-- to a span beside it, where there is one
			UPDATE netstate.cable_segment c SET span_id = x.id, duct_id = plant_test.some_duct(x.id)
			FROM (SELECT plant_test.some('span', format('%s IN (t.a_structure_id, t.z_structure_id) AND (%s IN (t.a_structure_id, t.z_structure_id) OR %s < 0.1)',
				coalesce(stops[at], 0), coalesce(stops[at + 1], 0), random())) AS id) x
			WHERE c.cable_id = cable AND c.seq = at AND x.id IS NOT NULL;
		WHEN 'duct' THEN UPDATE netstate.cable_segment SET duct_id = plant_test.some_duct(span_id) WHERE cable_id = cable AND (seq = at OR plant_test.chance(0.3));
		WHEN 'reroute' THEN		-- the whole cable, other spans between the same ends
			new_route := plant_test.walk(stops[1], 6, stops[cardinality(stops)]);
			IF cardinality(new_route) > 0 THEN
				DELETE FROM netstate.cable_segment WHERE cable_id = cable;
				PERFORM plant_test.lay(cable, new_route);
				UPDATE netstate.strand_assignment SET segments = int4range(1, cardinality(new_route) + 1)
				WHERE cable_id = cable AND segments @> int4range(1, cardinality(stops));
			END IF;
		WHEN 'longer' THEN
			new_route := plant_test.walk(stops[cardinality(stops)], 1);
			INSERT INTO netstate.cable_segment (cable_id, seq, span_id) SELECT cable, cardinality(stops), x FROM unnest(new_route) x;
		WHEN 'shorter' THEN DELETE FROM netstate.cable_segment WHERE cable_id = cable AND seq = cardinality(stops) - 1;
		WHEN 'drop' THEN	-- the first segment: the others move up
			DELETE FROM netstate.cable_segment WHERE cable_id = cable AND seq = 1;
			SET CONSTRAINTS netstate.cable_segment_pkey DEFERRED;
			UPDATE netstate.cable_segment SET seq = seq - 1 WHERE cable_id = cable;
			UPDATE netstate.strand_assignment SET segments = int4range(lower(segments) - 1, upper(segments) - 1) WHERE cable_id = cable AND lower(segments) > 1;
			SET CONSTRAINTS netstate.cable_segment_pkey IMMEDIATE;
		WHEN 'slack' THEN UPDATE netstate.cable_segment SET slack_m = plant_test.dice(20) WHERE cable_id = cable AND seq = at;
		WHEN 'splice' THEN
			other := plant_test.some('cable', format('t.id <> %s AND (plant_test.stops(t.id))[1] = %s', coalesce(cable, 0), coalesce(stops[cardinality(stops)], 0)));
			IF other IS NOT NULL THEN
				INSERT INTO netstate.splice (structure_id, a_cable_id, a_seq, a_strands, z_cable_id, z_seq, z_strands)
				VALUES (stops[cardinality(stops)], cable, cardinality(stops) - 1, int4range(1 + at, 3 + at), other, 1, int4range(1, 3));
			END IF;
		WHEN 'no splice' THEN DELETE FROM netstate.splice WHERE id = (SELECT plant_test.some('splice'));
		WHEN 'strands' THEN UPDATE netstate.cable SET strand_count = plant_test.one_of('{4,12,12}'::integer[]) WHERE id = cable;
	END CASE;
	RETURN format('cable: %s (cable %s, segment %s, other %s)', what, cable, at, other);
END $$;

-- Links, what they ride on, and their nodes.
CREATE FUNCTION plant_test.change_link() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	what text := plant_test.one_of('{fibre,fibre,fibre,upper,upper,upper,upper,delete,delete,member,member,no member,no member,assignment,no assignment,strands,capacity,capacity,status,status,node status,node structure,node over,metric}'::text[]);
	link bigint := plant_test.some('link');
	node bigint := plant_test.some('node');
	upper_link record;
BEGIN
	CASE what
		WHEN 'fibre' THEN RETURN plant_test.add_fibre();
		WHEN 'upper' THEN RETURN plant_test.add_upper();
		WHEN 'delete' THEN DELETE FROM netstate.link WHERE id = link;
		WHEN 'member' THEN
			SELECT l.id, a.supporting_node_id AS a, z.supporting_node_id AS z, n.id AS below INTO upper_link
			FROM netstate.link l
			JOIN netstate.node a ON a.id = l.a_node_id JOIN netstate.node z ON z.id = l.z_node_id
			JOIN netstate.node b ON b.id = a.supporting_node_id JOIN netstate.network n ON n.id = b.network_id
			WHERE l.id = (SELECT plant_test.some('link', 't.level > 1'));
			PERFORM plant_test.add_member(upper_link.id, upper_link.below, upper_link.a, upper_link.z) WHERE upper_link.z IS NOT NULL;
		WHEN 'no member' THEN
			link := plant_test.some('link', 't.level > 1');
			DELETE FROM netstate.link_support WHERE link_id = link AND member = (SELECT max(member) FROM netstate.link_support WHERE link_id = link);
		WHEN 'assignment' THEN	-- of a link of any layer, on strands that need not lead anywhere
			INSERT INTO netstate.strand_assignment (link_id, seq, cable_id, strands, segments)
			SELECT link, 5, plant_test.some('cable'), int4range(d + 1, d + 2), '[1,2)' FROM plant_test.dice(12) d;
		WHEN 'no assignment' THEN DELETE FROM netstate.strand_assignment WHERE link_id = link;
		WHEN 'strands' THEN UPDATE netstate.strand_assignment SET strands = int4range(d + 1, d + 2) FROM plant_test.dice(12) d WHERE link_id = link;
		WHEN 'capacity' THEN UPDATE netstate.link SET capacity_gbps = plant_test.some_capacity() WHERE id = link;
		WHEN 'status' THEN UPDATE netstate.link SET status = plant_test.one_of('{in_service,in_service,in_service,failed}'::text[]) WHERE id = link;
		WHEN 'node status' THEN UPDATE netstate.node SET status = plant_test.one_of('{in_service,in_service,in_service,failed}'::text[]) WHERE id = node;
		WHEN 'node structure' THEN UPDATE netstate.node SET structure_id = CASE WHEN plant_test.chance(0.5) THEN plant_test.some('structure') END WHERE id = node;
		WHEN 'node over' THEN UPDATE netstate.node SET supporting_node_id = CASE WHEN plant_test.chance(0.5)
			THEN plant_test.some('node', 't.level < ' || level) END WHERE id = node;
		WHEN 'metric' THEN UPDATE netstate.link SET metric = plant_test.dice(9) WHERE id = link;
	END CASE;
	RETURN format('link: %s (link %s, node %s)', what, link, node);
END $$;

-- Rules, and groups that are stated.
CREATE FUNCTION plant_test.change_rule() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	what text := plant_test.one_of('{distance,distance,probability,probability,off,on,on,back,all back,member,member,no member,node,no node}'::text[]);
	rule text := plant_test.one_of(ARRAY(SELECT d.kind FROM netstate.risk_rule_default d ORDER BY d.kind));
	p float8 := plant_test.one_of('{0,0.05,0.25,0.5,0.9,1}'::float8[]);
BEGIN
	CASE what
		WHEN 'distance' THEN
			rule := plant_test.one_of('{proximity,proximity,corridor,corridor_side}'::text[]);
			INSERT INTO netstate.risk_rule (kind, distance_m, min_length_m)
			VALUES (rule, CASE rule WHEN 'proximity' THEN 1 + plant_test.dice(25) ELSE 30 + plant_test.dice(200) END, CASE rule WHEN 'proximity' THEN plant_test.dice(40) END)
			ON CONFLICT (kind) DO UPDATE SET distance_m = EXCLUDED.distance_m, min_length_m = EXCLUDED.min_length_m;
		WHEN 'probability' THEN INSERT INTO netstate.risk_rule (kind, probability) VALUES (rule, p) ON CONFLICT (kind) DO UPDATE SET probability = p;
		WHEN 'off' THEN INSERT INTO netstate.risk_rule (kind, enabled) VALUES (rule, false) ON CONFLICT (kind) DO UPDATE SET enabled = false;
		WHEN 'on' THEN UPDATE netstate.risk_rule SET enabled = true WHERE enabled = false;
		WHEN 'back' THEN DELETE FROM netstate.risk_rule WHERE kind = rule AND kind NOT LIKE 'corridor%';
		WHEN 'all back' THEN DELETE FROM netstate.risk_rule WHERE kind NOT LIKE 'corridor%';
		WHEN 'member' THEN INSERT INTO netstate.srlg_member (srlg_id, link_id, share, probability)
			VALUES (plant_test.some('srlg'), plant_test.some('link'), plant_test.one_of('{1,1,0.5,0}'::float8[]), p);
		WHEN 'no member' THEN DELETE FROM netstate.srlg_member WHERE srlg_id = (SELECT plant_test.some('srlg'));
		WHEN 'node' THEN INSERT INTO netstate.srlg_node (srlg_id, node_id, probability) VALUES (plant_test.some('srlg'), plant_test.some('node'), p);
		WHEN 'no node' THEN DELETE FROM netstate.srlg_node WHERE srlg_id = (SELECT plant_test.some('srlg'));
	END CASE;
	RETURN format('rule: %s (%s, %s)', what, rule, p);
END $$;

-- Keeps a plant that changes for long from growing: takes away what nothing needs.
-- NULL where nothing is too much.
CREATE FUNCTION plant_test.thin() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	crowd record;
	victim bigint;
BEGIN
	FOR crowd IN
		SELECT * FROM (VALUES ('structure', 50), ('span', 130), ('cable', 30), ('link', 120), ('node', 150), ('duct', 200), ('hazard_area', 5), ('corridor', 5), ('splice', 40), ('drain', 8)) x (name, most)
		ORDER BY hashtext(x.name || plant_test.dice(1000))
	LOOP
		FOR i IN 1 .. 5 LOOP
			victim := plant_test.some(crowd.name, format('(SELECT count(*) FROM netstate.%I) > %s', crowd.name, crowd.most));
			EXIT WHEN victim IS NULL;
			BEGIN
				EXECUTE format('DELETE FROM netstate.%I WHERE id = %s', crowd.name, victim);
				RETURN format('place: %s %s taken away', crowd.name, victim);
			EXCEPTION WHEN foreign_key_violation THEN
			END;
		END LOOP;
	END LOOP;
	RETURN NULL;
END $$;

CREATE FUNCTION plant_test.change() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	RETURN coalesce(CASE WHEN plant_test.chance(0.2) THEN plant_test.thin() END, plant_test.try(format('plant_test.change_%s()', plant_test.one_of('{place,span,span,span,cable,cable,cable,link,link,link,rule,drain,drain}'::text[]))));
END $$;
