-- Random groups and waivers over the plant of test/plant/world.sql, and changes of
-- them.  All that is chosen comes from random().

CREATE FUNCTION diversity_test.clear() RETURNS void LANGUAGE sql VOLATILE AS $$
	TRUNCATE netstate.disjoint_group, netstate.disjoint_group_member, netstate.waiver RESTART IDENTITY CASCADE;
$$;

CREATE FUNCTION diversity_test.some_group(condition text DEFAULT 'true') RETURNS bigint LANGUAGE sql VOLATILE AS $$
	SELECT plant_test.some('disjoint_group', condition)
$$;

CREATE FUNCTION diversity_test.some_disjoint() RETURNS text[] LANGUAGE sql VOLATILE AS $$
	SELECT string_to_array(plant_test.one_of('{link+srlg,link+srlg,link+srlg,srlg,srlg+node,link,link+node,node,link+node+srlg}'::text[]), '+')
$$;

-- Members that go together: of those that are thought of, one by one, who shares too
-- much with those before leaves.
CREATE FUNCTION diversity_test.add_group(thought integer DEFAULT 6) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	made bigint;
	level integer := plant_test.dice(6);	-- 0 and 5: of any layer
	loser bigint;
	mode text := plant_test.one_of('{off,monitor,enforce,enforce,enforce}'::text[]);
BEGIN
	INSERT INTO netstate.disjoint_group (name, disjoint, min_members, min_probability, min_share, max_shared)
	VALUES (plant_test.name('group'), diversity_test.some_disjoint(), plant_test.one_of('{1,2,2,3}'::integer[]), plant_test.one_of('{0,0,0.3,0.5,0.6}'::float8[]),
		plant_test.one_of('{0,0,0,0.4}'::float8[]), plant_test.one_of('{0,0,0,1,3}'::integer[]))
	RETURNING id INTO made;
	INSERT INTO netstate.disjoint_group_member (group_id, link_id, preference)
	SELECT made, l.id, plant_test.one_of('{NULL,1,2}'::integer[])
	FROM netstate.link l WHERE l.level = level OR level IN (0, 5) ORDER BY hashint8(l.id + plant_test.dice(100000)), l.id LIMIT thought;
	FOR i IN 1 .. thought - 2 LOOP
		-- the oracle alone decides who leaves
		SELECT greatest(s.link_a, s.link_b) INTO loser
		FROM diversity_test.shared() s WHERE s.group_id = made GROUP BY s.link_a, s.link_b
		HAVING count(DISTINCT (s.element_kind, s.element_id)) > (SELECT g.max_shared FROM netstate.disjoint_group g WHERE g.id = made)
		ORDER BY 1 DESC LIMIT 1;
		EXIT WHEN NOT FOUND;
		DELETE FROM netstate.disjoint_group_member WHERE (group_id, link_id) = (made, loser);
	END LOOP;
	UPDATE netstate.disjoint_group g SET mode = mode WHERE id = made;
	RETURN format('add group %s (%s)', made, mode);
END $$;

-- Members that share much, and are only watched.
CREATE FUNCTION diversity_test.add_watched() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	made bigint;
BEGIN
	INSERT INTO netstate.disjoint_group (name, disjoint) VALUES (plant_test.name('watched'), '{link,node,srlg}') RETURNING id INTO made;
	INSERT INTO netstate.disjoint_group_member (group_id, link_id)
	SELECT made, l.id FROM netstate.link l WHERE l.level > 1 ORDER BY hashint8(l.id + plant_test.dice(100000)), l.id LIMIT 8;
	RETURN 'add watched ' || made;
END $$;

-- For something that is shared, mostly.
CREATE FUNCTION diversity_test.add_waiver() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	one diversity_test.share;
	lasts interval := plant_test.one_of('{1 hour,1 hour,1 hour,0.4 seconds,0.1 seconds,-1 hour}'::interval[]);
BEGIN
	SELECT s.* INTO one FROM diversity_test.shared() s ORDER BY hashint8(s.element_id + s.group_id + plant_test.dice(100000)), s.srlg_id LIMIT 1;
	INSERT INTO netstate.waiver (group_id, element_kind, element_id, owner, reason, expires_at)
	VALUES (coalesce(one.group_id, diversity_test.some_group()), coalesce(one.element_kind, 'span'), coalesce(one.element_id, 1), 'tester', 'by chance', clock_timestamp() + lasts);
	RETURN format('add waiver (group %s, %s %s, for %s)', one.group_id, one.element_kind, one.element_id, lasts);
END $$;

-- Waivers for all that some group shares.
CREATE FUNCTION diversity_test.waive_all(asked_id bigint) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	lasts interval := plant_test.one_of('{1 hour,1 hour,0.6 seconds}'::interval[]);
BEGIN
	INSERT INTO netstate.waiver (group_id, element_kind, element_id, owner, expires_at)
	SELECT s.group_id, s.element_kind, s.element_id, 'tester', clock_timestamp() + lasts FROM diversity_test.shared() s WHERE s.group_id = asked_id GROUP BY 1, 2, 3
	ON CONFLICT (group_id, element_kind, element_id) DO UPDATE SET expires_at = EXCLUDED.expires_at;
	RETURN format('group: all waived (%s, for %s)', asked_id, lasts);
END $$;

CREATE FUNCTION diversity_test.change_group() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	what text := plant_test.one_of('{add,add,enforce,enforce,enforce,monitor,off,member,member,no member,other member,other member,disjoint,probability,share,most,waiver,waiver,waiver,waive all,waive all,no waiver,expires,expires,delete,rename}'::text[]);
	asked_id bigint := diversity_test.some_group();
	waiver bigint := plant_test.some('waiver');
BEGIN
	CASE what
		WHEN 'add' THEN RETURN diversity_test.add_group(2 + plant_test.dice(5));
		WHEN 'enforce' THEN UPDATE netstate.disjoint_group SET mode = 'enforce' WHERE id = asked_id;
		WHEN 'monitor' THEN UPDATE netstate.disjoint_group SET mode = 'monitor' WHERE id = asked_id;
		WHEN 'off' THEN UPDATE netstate.disjoint_group SET mode = 'off' WHERE id = asked_id;
		WHEN 'member' THEN INSERT INTO netstate.disjoint_group_member (group_id, link_id) VALUES (asked_id, plant_test.some('link'));
		WHEN 'no member' THEN DELETE FROM netstate.disjoint_group_member m WHERE m.group_id = asked_id AND m.link_id % 2 = plant_test.dice(2);
		WHEN 'other member' THEN UPDATE netstate.disjoint_group_member m SET link_id = x.id FROM plant_test.some('link') x (id)
			WHERE m.group_id = asked_id AND m.link_id = (SELECT min(o.link_id) FROM netstate.disjoint_group_member o WHERE o.group_id = asked_id);
		WHEN 'disjoint' THEN UPDATE netstate.disjoint_group SET disjoint = x.asked FROM diversity_test.some_disjoint() x (asked) WHERE id = asked_id;
		WHEN 'probability' THEN UPDATE netstate.disjoint_group SET min_probability = x.p FROM plant_test.one_of('{0,0.3,0.5,0.6}'::float8[]) x (p) WHERE id = asked_id;
		WHEN 'share' THEN UPDATE netstate.disjoint_group SET min_share = x.p FROM plant_test.one_of('{0,0.4}'::float8[]) x (p) WHERE id = asked_id;
		WHEN 'most' THEN UPDATE netstate.disjoint_group SET max_shared = x.n FROM plant_test.dice(4) x (n) WHERE id = asked_id;
		WHEN 'waiver' THEN RETURN diversity_test.add_waiver();
		WHEN 'waive all' THEN RETURN diversity_test.waive_all(asked_id);
		WHEN 'no waiver' THEN DELETE FROM netstate.waiver WHERE id = waiver;
		WHEN 'expires' THEN UPDATE netstate.waiver SET expires_at = clock_timestamp() + x.lasts FROM plant_test.one_of('{1 hour,0.2 seconds,-1 hour}'::interval[]) x (lasts) WHERE id = waiver;
		WHEN 'delete' THEN DELETE FROM netstate.disjoint_group WHERE id = asked_id AND (SELECT count(*) FROM netstate.disjoint_group) > 4;
		WHEN 'rename' THEN UPDATE netstate.disjoint_group SET name = plant_test.name('group') WHERE id = asked_id;
	END CASE;
	RETURN format('group: %s (%s)', what, asked_id);
END $$;

CREATE FUNCTION diversity_test.change() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	RETURN CASE WHEN plant_test.chance(0.45) THEN plant_test.try('diversity_test.change_group()') ELSE plant_test.change() END;
END $$;

-- Two paths of a network as tunnels upon it, and a group of the two that is enforced:
-- what disjoint_paths() gives has to be fit to be promised.
CREATE FUNCTION diversity_test.promise(layer text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	over bigint := (SELECT n.id FROM netstate.network n WHERE n.layer = 'te');
	asked text := plant_test.one_of('{link+srlg,srlg,link,node+srlg,link+node+srlg,node}'::text[]);
	share float8 := plant_test.one_of('{0,0,0.4}'::float8[]);
	network record;
	src record;
	dst record;
	made bigint;
	link bigint;
	path record;
BEGIN
	SELECT * INTO network FROM netstate.network n WHERE n.layer = layer;
	FOR i IN 1 .. 20 LOOP
		SELECT n.* INTO src FROM netstate.node n WHERE n.network_id = network.id ORDER BY hashint8(n.id + plant_test.dice(100000)), n.id LIMIT 1;
		SELECT n.* INTO dst FROM netstate.node n WHERE n.network_id = network.id AND n.id <> src.id ORDER BY hashint8(n.id + plant_test.dice(100000)), n.id LIMIT 1;
		FOR path IN
			SELECT p.path, p.links FROM netstate.disjoint_paths(network.name, src.name, dst.name, disjoint => string_to_array(asked, '+'), strict => true, cost => 'hops', min_share => share) p
			WHERE dst.id IS NOT NULL ORDER BY p.path
		LOOP
			IF made IS NULL THEN
				INSERT INTO netstate.disjoint_group (name, disjoint, mode, min_share) VALUES (plant_test.name('promise'), string_to_array(asked, '+'), 'enforce', share) RETURNING id INTO made;
			END IF;
			INSERT INTO netstate.link (network_id, name, a_node_id, z_node_id, directed, metric)
			VALUES (over, plant_test.name('tunnel'), plant_test.node_at(over, NULL, src.id), plant_test.node_at(over, NULL, dst.id), true, 1) RETURNING id INTO link;
			INSERT INTO netstate.link_support (link_id, member, seq, supporting_link_id) SELECT link, 1, seq, id FROM unnest(path.links) WITH ORDINALITY u (id, seq);
			INSERT INTO netstate.disjoint_group_member (group_id, link_id, preference) VALUES (made, link, path.path);
		END LOOP;
		IF made IS NOT NULL THEN
			RETURN format('add promise %s (%s, %s to %s, %s, share %s)', made, layer, src.name, dst.name, asked, share);
		END IF;
	END LOOP;
	RETURN 'no way';
END $$;
