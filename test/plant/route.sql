-- What must hold after every COMMIT, however commits interleave: routes and
-- circuits lead from where they begin to where they end.

-- Structures where one may be after the next step: each is an end of it.
CREATE FUNCTION plant_test.step(at bigint[], a bigint, z bigint) RETURNS bigint[] LANGUAGE sql IMMUTABLE AS $$
	SELECT array_remove(ARRAY[CASE WHEN at IS NULL OR a = ANY (at) THEN z END, CASE WHEN at IS NULL OR z = ANY (at) THEN a END], NULL)
$$;

CREATE FUNCTION plant_test.cables_differ() RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE
	cable record;
BEGIN
	FOR cable IN
		SELECT c.cable_id AS id, count(*) AS segments, min(seq) AS first, max(seq) AS last FROM netstate.cable_segment c GROUP BY c.cable_id ORDER BY 1
	LOOP
		IF (cable.first, cable.last) <> (1, cable.segments) THEN
			RETURN NEXT format('cable %s has segments %s to %s, %s of them', cable.id, cable.first, cable.last, cable.segments);
		ELSIF plant_test.stops(cable.id) IS NULL THEN
			RETURN NEXT format('cable %s leads nowhere', cable.id);
		END IF;
	END LOOP;
END $$;

-- Where a node stands: the nearest structure on its way down; else the structures
-- of the nearest site, and those of which no site is known; NULL is anywhere.
CREATE FUNCTION plant_test.stands(asked_id bigint) RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
DECLARE
	node netstate.node;
	site bigint;
BEGIN
	WHILE asked_id IS NOT NULL LOOP
		SELECT n.* INTO node FROM netstate.node n WHERE n.id = asked_id;
		IF node.structure_id IS NOT NULL THEN
			RETURN ARRAY[node.structure_id];
		END IF;
		site := coalesce(site, node.site_id);
		asked_id := node.supporting_node_id;
	END LOOP;
	RETURN CASE WHEN site IS NOT NULL THEN ARRAY(SELECT t.id FROM netstate.structure t WHERE coalesce(t.site_id, site) = site) END;
END $$;

CREATE FUNCTION plant_test.strands_differ() RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE
	link record;
	part record;
	at bigint[];
	stops bigint[];
	stands bigint[];
BEGIN
	RETURN QUERY
	SELECT format('link %s has strands %s, segments %s of cable %s', a.link_id, a.strands, a.segments, a.cable_id)
	FROM netstate.strand_assignment a JOIN netstate.cable c ON c.id = a.cable_id
	WHERE upper(a.strands) - 1 > c.strand_count OR upper(a.segments) - 1 > (SELECT count(*) FROM netstate.cable_segment s WHERE s.cable_id = a.cable_id);
	FOR link IN SELECT l.id, l.a_node_id, l.z_node_id FROM netstate.link l WHERE l.id IN (SELECT link_id FROM netstate.strand_assignment) ORDER BY 1 LOOP
		at := plant_test.stands(link.a_node_id);
		FOR part IN SELECT * FROM netstate.strand_assignment a WHERE a.link_id = link.id ORDER BY a.seq LOOP
			stops := plant_test.stops(part.cable_id);
			at := plant_test.step(at, stops[lower(part.segments)], stops[upper(part.segments)])
				-- to and fro between two structures: it may start at either
				|| CASE WHEN (SELECT count(DISTINCT x) FROM unnest(stops) x) = 2
					THEN plant_test.step(at, stops[lower(part.segments) + 1], stops[upper(part.segments) - 1]) END;
			EXIT WHEN cardinality(at) = 0;
		END LOOP;
		stands := plant_test.stands(link.z_node_id);
		IF cardinality(at) = 0 OR NOT at && stands THEN
			RETURN NEXT format('strands of link %s lead nowhere', link.id);
		END IF;
	END LOOP;
END $$;

-- May a link that ends at this node ride on one that ends at that?
CREATE FUNCTION plant_test.meets(node bigint, below bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN below IN (SELECT on_id FROM plant_test.node_on WHERE node_id = node) THEN true
		WHEN EXISTS (SELECT FROM plant_test.node_on o JOIN netstate.node n ON n.id = o.on_id JOIN netstate.node b ON b.id = below
			WHERE o.node_id = node AND o.on_id <> node AND n.network_id = b.network_id) THEN false
		ELSE coalesce((SELECT a.site_id FROM plant_test.node_place a WHERE a.node_id = node) = (SELECT b.site_id FROM plant_test.node_place b WHERE b.node_id = below), true) END
$$;

CREATE FUNCTION plant_test.supports_differ() RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE
	member record;
	part record;
	at bigint[];
BEGIN
	FOR member IN
		SELECT DISTINCT s.link_id, s.member, l.a_node_id, l.z_node_id FROM netstate.link_support s JOIN netstate.link l ON l.id = s.link_id ORDER BY 1, 2
	LOOP
		at := NULL;
		FOR part IN
			SELECT b.a_node_id AS a, b.z_node_id AS z, b.directed FROM netstate.link_support s JOIN netstate.link b ON b.id = s.supporting_link_id
			WHERE (s.link_id, s.member) = (member.link_id, member.member) ORDER BY s.seq
		LOOP
			at := coalesce(at, ARRAY(SELECT x FROM unnest(ARRAY[part.a, part.z]) x WHERE plant_test.meets(member.a_node_id, x)));
			at := CASE WHEN part.directed THEN CASE WHEN part.a = ANY (at) THEN ARRAY[part.z] ELSE '{}' END ELSE plant_test.step(at, part.a, part.z) END;
			EXIT WHEN cardinality(at) = 0;
		END LOOP;
		IF NOT EXISTS (SELECT FROM unnest(at) x WHERE plant_test.meets(member.z_node_id, x)) THEN
			RETURN NEXT format('member %s of link %s leads nowhere', member.member, member.link_id);
		END IF;
	END LOOP;
END $$;

CREATE FUNCTION plant_test.check_routes() RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce('WRONG ' || string_agg(x, '; '), 'right')
	FROM (SELECT plant_test.cables_differ() UNION ALL SELECT plant_test.strands_differ() UNION ALL SELECT plant_test.supports_differ()) u (x)
$$;
