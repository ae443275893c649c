-- A structure put into a span, and taken out again: all that lies in the span,
-- and every strand that runs in it, follows.
--
-- Segments keep their numbers in order: splitting numbers all that come after
-- one higher, in ranges, too.  The keys that this moves about are deferrable.
-- Rows that lie in the span are locked against others first; what somebody adds
-- all the same is judged at COMMIT, as every route is.

--| Internal to `split_span` and `merge_span`: the first ten of a list, and how
--| many more there are.
CREATE FUNCTION netstate.first_ten(items text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_to_string(items[1:10], ', ')
		|| CASE WHEN cardinality(items) > 10 THEN format(' and %s more', cardinality(items) - 10) ELSE '' END;
END;

COMMENT ON FUNCTION netstate.first_ten(text[]) IS
	'Internal: the first ten of a list, and how many more there are.';

--| Internal to `split_span` and `merge_span`: how often either of two things
--| happens (`sign` 1), or, of something that happens every `a` hours, a part of
--| it every `b` hours, the rest (-1). Reckoned exactly and rounded once, so that
--| a rest of more than twice `a` and its part give `a` again, to the last bit.
CREATE FUNCTION netstate.mtbf_of(a double precision, b double precision, sign integer) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	-- Both as integers, in units of a power of 2.
	SELECT CASE WHEN least(mtbf_of.a, mtbf_of.b) < 1e-200::double precision OR greatest(mtbf_of.a, mtbf_of.b) > 1e+200::double precision
			THEN 1 / (1 / mtbf_of.a + sign / mtbf_of.b)
		WHEN i.b + sign * i.a <= 0 THEN 1e+200::double precision
		ELSE (i.a * i.b / (i.b + sign * i.a))::double precision * 2::double precision ^ (e.a - 52)::double precision END
	FROM (SELECT floor(ln(mtbf_of.a) / ln(2::double precision))::integer - 1 AS a,
			floor(ln(mtbf_of.b) / ln(2::double precision))::integer - 1 AS b) e,
		LATERAL (SELECT round((mtbf_of.a * 2::double precision ^ (52 - e.a)::double precision)::bigint, 30) AS a,
			(mtbf_of.b * 2::double precision ^ (52 - e.b)::double precision)::bigint * 2::numeric ^ (e.b - e.a)::numeric AS b) i;
END;

COMMENT ON FUNCTION netstate.mtbf_of(double precision, double precision, integer) IS
	'Internal: mean time between events of two kinds together, or of the rest.';

--| Internal to `split_span` and `merge_span`: the segments in a span, and whether
--| each runs from the span's A to its Z. The route says so: a segment ends where
--| the next one starts. Where it does not (a cable that is all in spans between
--| the same two structures), the first segment is taken to run from A to Z.
CREATE FUNCTION netstate.segments_in(span_id bigint)
RETURNS TABLE (cable_id bigint, seq integer, forward boolean)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT s.cable_id, s.seq,
		CASE
			-- what leads on from here is n segments further; each between turns back
			WHEN next.seq IS NOT NULL AND (p.z_structure_id IN (next.a, next.z) OR p.a_structure_id IN (next.a, next.z))
				THEN (p.z_structure_id IN (next.a, next.z)) = ((next.seq - s.seq) % 2 = 1)
			WHEN last.seq IS NOT NULL AND (p.z_structure_id IN (last.a, last.z) OR p.a_structure_id IN (last.a, last.z))
				THEN (p.a_structure_id IN (last.a, last.z)) = ((s.seq - last.seq) % 2 = 1)
			ELSE (SELECT f.a_structure_id = p.a_structure_id
				FROM netstate.cable_segment c JOIN netstate.span f ON f.id = c.span_id
				WHERE c.cable_id = s.cable_id ORDER BY c.seq LIMIT 1) = (s.seq % 2 = 1)
		END
	FROM netstate.cable_segment s
	JOIN netstate.span p ON p.id = s.span_id
	LEFT JOIN LATERAL (
		SELECT c.seq, x.a_structure_id AS a, x.z_structure_id AS z
		FROM netstate.cable_segment c JOIN netstate.span x ON x.id = c.span_id
		WHERE c.cable_id = s.cable_id AND c.seq > s.seq
		AND (least(x.a_structure_id, x.z_structure_id), greatest(x.a_structure_id, x.z_structure_id))
			<> (least(p.a_structure_id, p.z_structure_id), greatest(p.a_structure_id, p.z_structure_id))
		ORDER BY c.seq LIMIT 1) next ON true
	LEFT JOIN LATERAL (
		SELECT c.seq, x.a_structure_id AS a, x.z_structure_id AS z
		FROM netstate.cable_segment c JOIN netstate.span x ON x.id = c.span_id
		WHERE c.cable_id = s.cable_id AND c.seq < s.seq
		AND (least(x.a_structure_id, x.z_structure_id), greatest(x.a_structure_id, x.z_structure_id))
			<> (least(p.a_structure_id, p.z_structure_id), greatest(p.a_structure_id, p.z_structure_id))
		ORDER BY c.seq DESC LIMIT 1) last ON true
	WHERE s.span_id = segments_in.span_id;
END;

COMMENT ON FUNCTION netstate.segments_in(bigint) IS
	'Internal: the cable segments in a span, and whether each runs from its A to its Z.';

--| Internal to `split_span` and `merge_span`: the ducts of two spans that
--| correspond: of one name, in ducts that correspond.
CREATE FUNCTION netstate.duct_pairs(first_span_id bigint, second_span_id bigint)
RETURNS TABLE (first_id bigint, second_id bigint)
LANGUAGE sql STABLE
BEGIN ATOMIC
	WITH RECURSIVE pair (first_id, second_id) AS (
		SELECT f.id, s.id FROM netstate.duct f JOIN netstate.duct s ON s.name = f.name
		WHERE f.span_id = first_span_id AND s.span_id = second_span_id AND f.parent_id IS NULL AND s.parent_id IS NULL
		UNION ALL
		SELECT f.id, s.id FROM pair p
		JOIN netstate.duct f ON f.parent_id = p.first_id
		JOIN netstate.duct s ON s.parent_id = p.second_id AND s.name = f.name)
	SELECT p.first_id, p.second_id FROM pair p;
END;

COMMENT ON FUNCTION netstate.duct_pairs(bigint, bigint) IS
	'Internal: the ducts of two spans that correspond, by their names.';

--| Puts a structure into a span, and gives the id of the new span. The span keeps
--| its id, its name and what is between its A and the structure; the new one,
--| called `name`, leads from there to its Z. The cut is `at_m` metres along the
--| span, as built where `length_m` says so, else as drawn; without `at_m` it is
--| the place on the line that is nearest to the structure. The line is not drawn
--| anew: it ends at the cut, wherever the structure is.
--|
--| Both halves have the kind, corridor, side, encasement, status and repair time
--| of the whole; as-built length and `mtbf_hours` are divided by length. Ducts are
--| in both, in one another as before. Each segment in the span becomes two, in the
--| cable's direction of travel (slack stays in the first half), and all that
--| names segments by number follows: `strand_assignment.segments`, `splice.a_seq`
--| and `z_seq`. So every link runs where it ran. Crossings go with the half that
--| passes the structure, by the place nearest to it; both halves have one that is
--| at the cut.
--|
--| Fails with 22004 where one of the first two arguments is NULL, 42704 where the
--| span or the structure does not exist, 22023 where the structure is an end of
--| the span, or the cut would be at its end or beyond; 23505 where the name is
--| taken (without `name` it is the span's and the structure's). Runs with the
--| caller's rights. Costs some 5 ms (70 ms for the first in a session), and 0.1 ms
--| for each segment and assignment that is numbered anew.
CREATE FUNCTION netstate.split_span(span_id bigint, structure_id bigint,
	at_m double precision DEFAULT NULL, name text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	old netstate.span;
	structure netstate.structure;
	cut record;
	half record;
	new_id bigint;
	whole_m double precision;
	second_m double precision;
	part double precision;
	longer_mtbf double precision;
	shorter_mtbf double precision;
	hit_cable bigint[];
	hit_seq integer[];
	hit_forward boolean[];
	missing text := CASE WHEN split_span.span_id IS NULL THEN 'span_id' WHEN split_span.structure_id IS NULL THEN 'structure_id' END;
	deep integer := 1;
BEGIN
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('argument "%s" must not be NULL', missing),
			HINT = 'Name the span and the structure by their ids.';
	END IF;
	SELECT * INTO old FROM netstate.span x WHERE x.id = split_span.span_id FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_object',
			MESSAGE = format('span %s does not exist', split_span.span_id),
			HINT = 'netstate.span has the spans that there are.';
	END IF;
	SELECT * INTO structure FROM netstate.structure x WHERE x.id = split_span.structure_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_object',
			MESSAGE = format('structure %s does not exist', split_span.structure_id),
			HINT = 'Insert it into netstate.structure first.';
	END IF;
	IF structure.id IN (old.a_structure_id, old.z_structure_id) THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('span %s ends at structure %s already', old.id, structure.id),
			DETAIL = format('It leads from structure %s to structure %s.', old.a_structure_id, old.z_structure_id),
			HINT = 'Name the structure that comes between them.';
	END IF;

	whole_m := COALESCE(nullif(old.length_m, 0), old.drawn_m);
	IF NOT at_m > 0 OR NOT at_m < whole_m THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('span %s cannot be cut at %s m', old.id, at_m),
			DETAIL = format('It is %s m long.', whole_m),
			HINT = 'Give a distance from its A, above 0 and below its length.';
	END IF;
	IF at_m IS NULL THEN
		SELECT p.part, p.vertex, p.fraction INTO cut FROM netstate.line_place(old.geom, structure.geom) p;
	ELSE
		SELECT p.part, p.vertex, p.fraction INTO cut FROM netstate.line_at(old.geom, at_m / whole_m) p;
	END IF;
	SELECT h.before, h.after INTO half FROM netstate.line_cut(old.geom, cut.part, cut.vertex, cut.fraction) h;
	IF half.before IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('span %s cannot be cut at its end', old.id),
			DETAIL = format('No place along its line is nearer to structure %s than an end.', structure.id),
			HINT = 'Say with at_m how many metres along the span the structure comes.';
	END IF;
	PERFORM FROM netstate.cable c WHERE c.id IN (
		SELECT s.cable_id FROM netstate.cable_segment s WHERE s.span_id = old.id) ORDER BY c.id FOR UPDATE;
	SELECT COALESCE(array_agg(s.cable_id ORDER BY s.cable_id, s.seq), '{}'), array_agg(s.seq ORDER BY s.cable_id, s.seq),
		array_agg(s.forward ORDER BY s.cable_id, s.seq)
	INTO hit_cable, hit_seq, hit_forward FROM netstate.segments_in(old.id) s;

	-- The greater half is rounded, the other the exact rest: so the two add up to
	-- the whole, to the last bit.
	part := COALESCE((SELECT sum(p.length_m) FROM netstate.line_piece(half.before) p) / nullif(old.drawn_m, 0), 0.5);
	second_m := CASE WHEN part >= 0.5 THEN old.length_m - old.length_m * part ELSE old.length_m * (1 - part) END;
	longer_mtbf := old.mtbf_hours / greatest(part, 1 - part);
	shorter_mtbf := netstate.mtbf_of(old.mtbf_hours, longer_mtbf, -1);
	UPDATE netstate.span x SET z_structure_id = structure.id, geom = half.before,
		length_m = old.length_m - second_m, mtbf_hours = CASE WHEN part >= 0.5 THEN longer_mtbf ELSE shorter_mtbf END
	WHERE x.id = old.id;
	INSERT INTO netstate.span (name, a_structure_id, z_structure_id, kind, corridor_id, side, encasement, geom, length_m, status, mtbf_hours, mttr_hours)
	VALUES (COALESCE(split_span.name, rtrim(left(old.name || ' from ' || structure.name, 500))), structure.id, old.z_structure_id,
		old.kind, old.corridor_id, old.side, old.encasement, half.after, second_m, old.status,
		CASE WHEN part >= 0.5 THEN shorter_mtbf ELSE longer_mtbf END, old.mttr_hours)
	RETURNING id INTO new_id;

	-- Ducts, from the outermost inwards.
	LOOP
		INSERT INTO netstate.duct (span_id, parent_id, name, kind)
		SELECT new_id, p.second_id, d.name, d.kind
		FROM netstate.duct d
		LEFT JOIN netstate.duct_pairs(old.id, new_id) p ON p.first_id = d.parent_id
		WHERE d.span_id = old.id AND d.depth = deep ORDER BY d.id;
		EXIT WHEN NOT FOUND;
		deep := deep + 1;
	END LOOP;

	-- Splices while the segments still have their old numbers.  A strand ends at
	-- the segment that comes second where that one is at its structure.
	UPDATE netstate.splice x SET a_seq = x.a_seq + n.a, z_seq = x.z_seq + n.z
	FROM (SELECT s.id,
			(SELECT count(*) FROM unnest(hit_cable, hit_seq, hit_forward) h (cable_id, seq, forward)
				WHERE h.cable_id = s.a_cable_id AND (h.seq < s.a_seq OR h.seq = s.a_seq
					AND s.structure_id = CASE WHEN h.forward THEN old.z_structure_id ELSE old.a_structure_id END)) AS a,
			(SELECT count(*) FROM unnest(hit_cable, hit_seq, hit_forward) h (cable_id, seq, forward)
				WHERE h.cable_id = s.z_cable_id AND (h.seq < s.z_seq OR h.seq = s.z_seq
					AND s.structure_id = CASE WHEN h.forward THEN old.z_structure_id ELSE old.a_structure_id END)) AS z
		FROM netstate.splice s WHERE s.a_cable_id = ANY (hit_cable) OR s.z_cable_id = ANY (hit_cable)) n
	WHERE x.id = n.id AND n.a + n.z > 0;
	UPDATE netstate.strand_assignment x SET segments = int4range((lower(x.segments) + n.lo)::integer, (upper(x.segments) + n.hi)::integer)
	FROM (SELECT a.link_id, a.seq, count(*) FILTER (WHERE h.seq < lower(a.segments)) AS lo, count(*) AS hi
		FROM netstate.strand_assignment a
		JOIN unnest(hit_cable, hit_seq) h (cable_id, seq) ON h.cable_id = a.cable_id AND h.seq < upper(a.segments)
		WHERE a.cable_id = ANY (hit_cable)
		GROUP BY a.link_id, a.seq) n
	WHERE x.link_id = n.link_id AND x.seq = n.seq;
	UPDATE netstate.cable_segment x SET seq = x.seq + n.shift
	FROM (SELECT s.cable_id, s.seq, count(*) FILTER (WHERE h.seq < s.seq OR NOT h.forward)::integer AS shift
		FROM netstate.cable_segment s
		JOIN unnest(hit_cable, hit_seq, hit_forward) h (cable_id, seq, forward) ON h.cable_id = s.cable_id AND h.seq <= s.seq
		WHERE s.cable_id = ANY (hit_cable)
		GROUP BY s.cable_id, s.seq) n
	WHERE x.cable_id = n.cable_id AND x.seq = n.seq AND n.shift > 0;
	INSERT INTO netstate.cable_segment (cable_id, seq, span_id, duct_id)
	SELECT s.cable_id, s.seq + CASE WHEN h.forward THEN 1 ELSE -1 END, new_id, p.second_id
	FROM (SELECT u.cable_id, u.forward,
			u.seq + row_number() OVER (PARTITION BY u.cable_id ORDER BY u.seq) - CASE WHEN u.forward THEN 1 ELSE 0 END AS seq
		FROM unnest(hit_cable, hit_seq, hit_forward) u (cable_id, seq, forward)) h
	JOIN netstate.cable_segment s ON s.cable_id = h.cable_id AND s.seq = h.seq
	LEFT JOIN netstate.duct_pairs(old.id, new_id) p ON p.first_id = s.duct_id;

	-- Crossings.
	INSERT INTO netstate.span_crossing (span_id, structure_id, passage)
	SELECT new_id, c.structure_id, c.passage
	FROM netstate.span_crossing c JOIN netstate.structure x ON x.id = c.structure_id,
		LATERAL netstate.line_place(old.geom, x.geom) p
	WHERE c.span_id = old.id AND (p.part, p.vertex, p.fraction) >= (cut.part, cut.vertex, cut.fraction);
	DELETE FROM netstate.span_crossing c
	USING netstate.structure x, LATERAL netstate.line_place(old.geom, x.geom) p
	WHERE c.span_id = old.id AND x.id = c.structure_id
	AND (p.part, p.vertex, p.fraction) > (cut.part, cut.vertex, cut.fraction);
	RETURN new_id;
END
$$;

COMMENT ON FUNCTION netstate.split_span(bigint, bigint, double precision, text) IS
	'Puts a structure into a span; ducts, cables, strands and splices follow. Gives the id of the new second half.';

--| Internal to `merge_span`: the cable segments that become one: of two that
--| follow each other in a cable, one in the first span and one in the second;
--| `second_seq` is the number of the latter of the two. Where three or more follow
--| each other in these spans they are taken two by two.
CREATE FUNCTION netstate.segment_pairs(first_span_id bigint, second_span_id bigint)
RETURNS TABLE (cable_id bigint, second_seq integer, first_duct_id bigint, second_duct_id bigint)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT p.cable_id, max(p.seq), min(p.duct_id) FILTER (WHERE p.span_id = first_span_id),
		min(p.duct_id) FILTER (WHERE p.span_id = second_span_id)
	FROM (SELECT r.cable_id, r.seq, r.span_id, r.duct_id, r.run,
			(row_number() OVER (PARTITION BY r.cable_id, r.run ORDER BY r.seq) - 1) / 2 AS pair
		FROM (SELECT s.cable_id, s.seq, s.span_id, s.duct_id,
				s.seq - row_number() OVER (PARTITION BY s.cable_id ORDER BY s.seq) AS run
			FROM netstate.cable_segment s WHERE s.span_id IN (first_span_id, second_span_id)) r) p
	GROUP BY p.cable_id, p.run, p.pair
	HAVING count(*) = 2 AND count(DISTINCT p.span_id) = 2;
END;

COMMENT ON FUNCTION netstate.segment_pairs(bigint, bigint) IS
	'Internal: the cable segments that become one when two spans do.';

--| Internal to `merge_span`: why two spans that follow each other cannot become
--| one, in words; NULL where they can.
CREATE FUNCTION netstate.merge_obstacle(first_span_id bigint, second_span_id bigint) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT COALESCE(
		(SELECT 'They differ in ' || netstate.first_ten(array_agg(d.what ORDER BY d.n)) || '.'
		FROM unnest(ARRAY['kind', 'corridor_id', 'side', 'encasement', 'status', 'mttr_hours', 'mtbf_hours'],
			ARRAY[f.kind IS DISTINCT FROM s.kind, f.corridor_id IS DISTINCT FROM s.corridor_id, f.side IS DISTINCT FROM s.side,
				f.encasement <> s.encasement, f.status <> s.status, f.mttr_hours IS DISTINCT FROM s.mttr_hours,
				(f.mtbf_hours IS NULL) <> (s.mtbf_hours IS NULL)]) WITH ORDINALITY d (what, differs, n)
		WHERE d.differs HAVING count(*) > 0),
		(SELECT format('Spans end at structure %s: %s.', s.a_structure_id, netstate.first_ten(array_agg(x.id::text ORDER BY x.id)))
		FROM netstate.span x WHERE (x.a_structure_id = s.a_structure_id OR x.z_structure_id = s.a_structure_id)
		AND x.id NOT IN (f.id, s.id) HAVING count(*) > 0),
		(SELECT format('Splice closures are in structure %s: %s.', s.a_structure_id, netstate.first_ten(array_agg(x.id::text ORDER BY x.id)))
		FROM netstate.splice_closure x WHERE x.structure_id = s.a_structure_id HAVING count(*) > 0),
		(SELECT format('Splices are in structure %s: %s.', s.a_structure_id, netstate.first_ten(array_agg(x.id::text ORDER BY x.id)))
		FROM netstate.splice x WHERE x.structure_id = s.a_structure_id HAVING count(*) > 0),
		(SELECT format('Cables end or turn at structure %s: %s.', s.a_structure_id, netstate.first_ten(array_agg(x.cable_id::text ORDER BY x.cable_id)))
		FROM (SELECT c.cable_id FROM netstate.cable_segment c WHERE c.span_id IN (f.id, s.id) GROUP BY c.cable_id
			HAVING count(*) <> 2 * (SELECT count(*) FROM netstate.segment_pairs(f.id, s.id) p WHERE p.cable_id = c.cable_id)) x
		HAVING count(*) > 0),
		(SELECT format('Strands of links end at structure %s: of links %s.', s.a_structure_id, netstate.first_ten(array_agg(x.link_id::text ORDER BY x.link_id)))
		FROM (SELECT DISTINCT a.link_id FROM netstate.strand_assignment a
			JOIN netstate.segment_pairs(f.id, s.id) p ON p.cable_id = a.cable_id
			WHERE (p.second_seq <@ a.segments) <> (p.second_seq - 1 <@ a.segments)) x
		HAVING count(*) > 0),
		(SELECT format('Ducts of one span have no like in the other, or are of another kind: %s.', netstate.first_ten(array_agg(d.id::text ORDER BY d.id)))
		FROM netstate.duct d WHERE d.span_id IN (f.id, s.id) AND d.id NOT IN (
			SELECT unnest(ARRAY[p.first_id, p.second_id]) FROM netstate.duct_pairs(f.id, s.id) p
			JOIN netstate.duct x ON x.id = p.first_id JOIN netstate.duct y ON y.id = p.second_id
			WHERE x.kind IS NOT DISTINCT FROM y.kind)
		HAVING count(*) > 0),
		(SELECT format('Cables lie in one duct before structure %s and in another after it: %s.', s.a_structure_id,
			netstate.first_ten(array_agg(DISTINCT p.cable_id::text)))
		FROM netstate.segment_pairs(f.id, s.id) p
		LEFT JOIN netstate.duct_pairs(f.id, s.id) d ON d.first_id = p.first_duct_id
		WHERE p.second_duct_id IS DISTINCT FROM d.second_id HAVING count(*) > 0),
		(SELECT format('They pass structures in different ways: %s.', netstate.first_ten(array_agg(x.structure_id::text ORDER BY x.structure_id)))
		FROM netstate.span_crossing x JOIN netstate.span_crossing y ON y.structure_id = x.structure_id AND y.passage <> x.passage
		WHERE x.span_id = f.id AND y.span_id = s.id HAVING count(*) > 0))
	FROM netstate.span f, netstate.span s WHERE f.id = first_span_id AND s.id = second_span_id;
END;

COMMENT ON FUNCTION netstate.merge_obstacle(bigint, bigint) IS
	'Internal: why two spans that follow each other cannot become one.';

--| Takes the structure between two spans out of the plant's routes: the first
--| span, which keeps its id, then leads to the second's Z, and the second is no
--| more. Undoes `split_span`: after both, every row is what it was. Gives the
--| first span's id. The structure itself stays.
--|
--| Lengths add up (as drawn where one has none), and so do the rates of cuts.
--| A vertex at the join that lies on a straight line is left out.
--|
--| Fails with 22004 where an argument is NULL, 42704 where a span does not exist,
--| 22023 where the second does not start where the first ends, or ends where the
--| first starts; with 55000 where something ends at the structure between them:
--| another span, a cable, a link's strands, a splice, a splice closure; where
--| their kind, corridor, side, encasement, status, repair time or `mtbf_hours`
--| (one known, one not) differ, or their ducts, or the ducts that a cable lies in,
--| or how they pass another structure. Runs with the caller's rights. Costs what
--| `split_span` does.
CREATE FUNCTION netstate.merge_span(first_span_id bigint, second_span_id bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	first netstate.span;
	second netstate.span;
	hit_cable bigint[];
	hit_seq integer[];
	why text;
	missing text := CASE WHEN first_span_id IS NULL THEN 'first_span_id' WHEN second_span_id IS NULL THEN 'second_span_id' END;
BEGIN
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('argument "%s" must not be NULL', missing),
			HINT = 'Name both spans by their ids.';
	END IF;
	PERFORM FROM netstate.span x WHERE x.id IN (first_span_id, second_span_id) ORDER BY x.id FOR UPDATE;
	SELECT * INTO first FROM netstate.span x WHERE x.id = first_span_id;
	SELECT * INTO second FROM netstate.span x WHERE x.id = second_span_id;
	IF first.id IS NULL OR second.id IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_object',
			MESSAGE = format('span %s does not exist', CASE WHEN first.id IS NULL THEN first_span_id ELSE second_span_id END),
			HINT = 'netstate.span has the spans that there are.';
	END IF;
	IF first.z_structure_id <> second.a_structure_id OR first.a_structure_id = second.z_structure_id THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('span %s does not lead on from span %s', second.id, first.id),
			DETAIL = format('The first leads from structure %s to %s, the second from %s to %s.',
				first.a_structure_id, first.z_structure_id, second.a_structure_id, second.z_structure_id),
			HINT = CASE WHEN second.z_structure_id = first.a_structure_id AND first.z_structure_id <> second.a_structure_id
				THEN 'Name them in the other order.'
				ELSE 'The second starts at the structure where the first ends, and ends elsewhere.' END;
	END IF;
	PERFORM FROM netstate.structure x WHERE x.id = first.z_structure_id FOR UPDATE;
	PERFORM FROM netstate.cable c WHERE c.id IN (
		SELECT s.cable_id FROM netstate.cable_segment s WHERE s.span_id IN (first.id, second.id)) ORDER BY c.id FOR UPDATE;

	why := netstate.merge_obstacle(first.id, second.id);
	IF why IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('spans %s and %s cannot become one', first.id, second.id),
			DETAIL = why,
			HINT = format('Only spans that are alike become one, and nothing may end at structure %s.', first.z_structure_id);
	END IF;

	-- The second of each two segments, by number: it goes.
	SELECT COALESCE(array_agg(p.cable_id ORDER BY p.cable_id, p.second_seq), '{}'), array_agg(p.second_seq ORDER BY p.cable_id, p.second_seq)
	INTO hit_cable, hit_seq FROM netstate.segment_pairs(first.id, second.id) p;
	UPDATE netstate.splice x SET a_seq = x.a_seq - n.a, z_seq = x.z_seq - n.z
	FROM (SELECT s.id,
			(SELECT count(*) FROM unnest(hit_cable, hit_seq) h (cable_id, seq) WHERE h.cable_id = s.a_cable_id AND h.seq <= s.a_seq) AS a,
			(SELECT count(*) FROM unnest(hit_cable, hit_seq) h (cable_id, seq) WHERE h.cable_id = s.z_cable_id AND h.seq <= s.z_seq) AS z
		FROM netstate.splice s WHERE s.a_cable_id = ANY (hit_cable) OR s.z_cable_id = ANY (hit_cable)) n
	WHERE x.id = n.id AND n.a + n.z > 0;
	UPDATE netstate.strand_assignment x SET segments = int4range((lower(x.segments) - n.lo)::integer, (upper(x.segments) - n.hi)::integer)
	FROM (SELECT a.link_id, a.seq, count(*) FILTER (WHERE h.seq < lower(a.segments)) AS lo, count(*) AS hi
		FROM netstate.strand_assignment a
		JOIN unnest(hit_cable, hit_seq) h (cable_id, seq) ON h.cable_id = a.cable_id AND h.seq < upper(a.segments)
		WHERE a.cable_id = ANY (hit_cable)
		GROUP BY a.link_id, a.seq) n
	WHERE x.link_id = n.link_id AND x.seq = n.seq;

	-- What stays is the segment in the first span, with the slack of both.
	UPDATE netstate.cable_segment x SET slack_m = x.slack_m + s.slack_m
	FROM netstate.segment_pairs(first.id, second.id) p
	JOIN netstate.cable_segment s ON s.cable_id = p.cable_id AND s.seq IN (p.second_seq - 1, p.second_seq) AND s.span_id = second.id
	WHERE x.cable_id = p.cable_id AND x.seq IN (p.second_seq - 1, p.second_seq) AND x.span_id = first.id AND s.slack_m > 0;
	DELETE FROM netstate.cable_segment s WHERE s.span_id = second.id;
	UPDATE netstate.cable_segment x SET seq = x.seq - n.shift
	FROM (SELECT s.cable_id, s.seq, count(*)::integer AS shift
		FROM netstate.cable_segment s
		JOIN unnest(hit_cable, hit_seq) h (cable_id, seq) ON h.cable_id = s.cable_id AND h.seq <= s.seq
		WHERE s.cable_id = ANY (hit_cable)
		GROUP BY s.cable_id, s.seq) n
	WHERE x.cable_id = n.cable_id AND x.seq = n.seq;

	INSERT INTO netstate.span_crossing (span_id, structure_id, passage)
	SELECT first.id, c.structure_id, c.passage FROM netstate.span_crossing c
	WHERE c.span_id = second.id
	AND NOT EXISTS (SELECT FROM netstate.span_crossing f WHERE f.span_id = first.id AND f.structure_id = c.structure_id);
	DELETE FROM netstate.span x WHERE x.id = second.id;
	UPDATE netstate.span x SET z_structure_id = second.z_structure_id, geom = netstate.line_join(first.geom, second.geom),
		length_m = CASE WHEN first.length_m IS NOT NULL OR second.length_m IS NOT NULL
			THEN COALESCE(first.length_m, first.drawn_m) + COALESCE(second.length_m, second.drawn_m) END,
		mtbf_hours = netstate.mtbf_of(least(first.mtbf_hours, second.mtbf_hours), greatest(first.mtbf_hours, second.mtbf_hours), 1)
	WHERE x.id = first.id;
	RETURN first.id;
END
$$;

COMMENT ON FUNCTION netstate.merge_span(bigint, bigint) IS
	'Makes one span of two that follow each other; ducts, cables, strands and splices follow. Undoes split_span.';
