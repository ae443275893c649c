-- Rules of the risk that follows from the plant: which kinds of groups there
-- are, how likely their event hits what it can hit, and how often it happens.

--| The rules as shipped, one for each kind of group that follows from the plant;
--| `source` says where the figures come from. Belongs to the extension: an update
--| may change it, and no dump holds it. To differ, put a row in `risk_rule`.
CREATE TABLE netstate.risk_rule_default (
	kind text NOT NULL,
	enabled boolean NOT NULL,
	distance_m double precision,
	min_length_m double precision,
	probability double precision NOT NULL,
	mtbf_hours_km double precision,
	mttr_hours double precision,
	source text NOT NULL,
	CONSTRAINT risk_rule_default_pkey PRIMARY KEY (kind),
	CONSTRAINT risk_rule_default_kind_is_known CHECK (kind OPERATOR(pg_catalog.=) ANY (
		ARRAY['span', 'duct_bank', 'duct', 'cable', 'structure', 'passage_over', 'passage_under', 'passage_through',
			'site', 'power_feed', 'power_feed_backed', 'corridor', 'corridor_side', 'crossing', 'proximity', 'hazard_area'])),
	CONSTRAINT risk_rule_default_distance_m_is_as_its_kind_has_it CHECK (
		CASE WHEN kind OPERATOR(pg_catalog.=) ANY (ARRAY['corridor', 'corridor_side'])
			THEN distance_m IS NOT NULL AND distance_m BETWEEN 10 AND 1000000
		WHEN kind = 'proximity'
			THEN distance_m IS NOT NULL AND distance_m BETWEEN 1 AND 25 AND distance_m = pg_catalog.trunc(distance_m)
		ELSE distance_m IS NULL END),
	CONSTRAINT risk_rule_default_min_length_m_is_of_proximity CHECK (
		CASE WHEN kind = 'proximity' THEN min_length_m IS NOT NULL AND netstate.valid_quantity(min_length_m)
		ELSE min_length_m IS NULL END),
	CONSTRAINT risk_rule_default_probability_is_0_to_1 CHECK (probability BETWEEN 0 AND 1),
	CONSTRAINT risk_rule_default_mtbf_hours_km_is_finite_and_positive
		CHECK (netstate.valid_quantity(mtbf_hours_km) AND mtbf_hours_km > 0),
	CONSTRAINT risk_rule_default_mttr_hours_is_finite_and_not_negative CHECK (netstate.valid_quantity(mttr_hours))
);

COMMENT ON TABLE netstate.risk_rule_default IS 'Rules of the risk that follows from the plant, as shipped.';
COMMENT ON COLUMN netstate.risk_rule_default.kind IS 'What the rule is for: a kind of group, or a circumstance of one, such as passage_over.';
COMMENT ON COLUMN netstate.risk_rule_default.enabled IS 'Whether there are such groups.';
COMMENT ON COLUMN netstate.risk_rule_default.distance_m IS 'corridor, corridor_side: length of a stretch, m; proximity: how near is near, whole m, 1 to 25.';
COMMENT ON COLUMN netstate.risk_rule_default.min_length_m IS 'proximity: how long two spans run that near, at least, m.';
COMMENT ON COLUMN netstate.risk_rule_default.probability IS 'That a thing which the event can hit is hit, 0 to 1.';
COMMENT ON COLUMN netstate.risk_rule_default.mtbf_hours_km IS 'Mean time between such events on 1 km, hours; NULL: not known.';
COMMENT ON COLUMN netstate.risk_rule_default.mttr_hours IS 'Mean time to repair after one, hours; NULL: not known.';
COMMENT ON COLUMN netstate.risk_rule_default.source IS 'Where the figures come from.';

--| The operator's rules: a row overrides the shipped rule of its kind, column by
--| column; NULL stands for what is shipped. Nothing is rewritten when a rule
--| changes: groups are derived when they are asked for.
CREATE TABLE netstate.risk_rule (
	kind text NOT NULL,
	enabled boolean,
	distance_m double precision,
	min_length_m double precision,
	probability double precision,
	mtbf_hours_km double precision,
	mttr_hours double precision,
	source text,
	CONSTRAINT risk_rule_pkey PRIMARY KEY (kind),
	CONSTRAINT risk_rule_overrides_a_shipped_one FOREIGN KEY (kind)
		REFERENCES netstate.risk_rule_default (kind),
	CONSTRAINT risk_rule_distance_m_is_as_its_kind_has_it CHECK (
		CASE WHEN kind OPERATOR(pg_catalog.=) ANY (ARRAY['corridor', 'corridor_side'])
			THEN distance_m BETWEEN 10 AND 1000000
		WHEN kind = 'proximity'
			THEN distance_m BETWEEN 1 AND 25 AND distance_m = pg_catalog.trunc(distance_m)
		ELSE distance_m IS NULL END),
	CONSTRAINT risk_rule_min_length_m_is_of_proximity CHECK (
		CASE WHEN kind = 'proximity' THEN netstate.valid_quantity(min_length_m)
		ELSE min_length_m IS NULL END),
	CONSTRAINT risk_rule_probability_is_0_to_1 CHECK (probability BETWEEN 0 AND 1),
	CONSTRAINT risk_rule_mtbf_hours_km_is_finite_and_positive
		CHECK (netstate.valid_quantity(mtbf_hours_km) AND mtbf_hours_km > 0),
	CONSTRAINT risk_rule_mttr_hours_is_finite_and_not_negative CHECK (netstate.valid_quantity(mttr_hours))
);

COMMENT ON TABLE netstate.risk_rule IS 'The operator''s rules of the risk that follows from the plant.';
COMMENT ON COLUMN netstate.risk_rule.kind IS 'What the rule is for, as in risk_rule_default.';
COMMENT ON COLUMN netstate.risk_rule.enabled IS 'Whether there are such groups; NULL: as shipped.';
COMMENT ON COLUMN netstate.risk_rule.distance_m IS 'corridor, corridor_side: length of a stretch, 10 m to 1,000 km; proximity: how near is near, whole m, 1 to 25; NULL: as shipped.';
COMMENT ON COLUMN netstate.risk_rule.min_length_m IS 'proximity: how long two spans run that near, at least, m; NULL: as shipped.';
COMMENT ON COLUMN netstate.risk_rule.probability IS 'That a thing which the event can hit is hit, 0 to 1; NULL: as shipped.';
COMMENT ON COLUMN netstate.risk_rule.mtbf_hours_km IS 'Mean time between such events on 1 km, hours; NULL: as shipped.';
COMMENT ON COLUMN netstate.risk_rule.mttr_hours IS 'Mean time to repair after one, hours; NULL: as shipped.';
COMMENT ON COLUMN netstate.risk_rule.source IS 'Where the operator''s figures come from; NULL: as shipped.';

--| The rules in force: those shipped, overridden by the operator's.
CREATE VIEW netstate.risk_rule_in_force WITH (security_invoker = true) AS
SELECT d.kind,
	COALESCE(r.enabled, d.enabled) AS enabled,
	COALESCE(r.distance_m, d.distance_m) AS distance_m,
	COALESCE(r.min_length_m, d.min_length_m) AS min_length_m,
	COALESCE(r.probability, d.probability) AS probability,
	COALESCE(r.mtbf_hours_km, d.mtbf_hours_km) AS mtbf_hours_km,
	COALESCE(r.mttr_hours, d.mttr_hours) AS mttr_hours,
	COALESCE(r.source, d.source) AS source
FROM netstate.risk_rule_default d
LEFT JOIN netstate.risk_rule r ON r.kind = d.kind;

COMMENT ON VIEW netstate.risk_rule_in_force IS 'The rules of the risk that follows from the plant: those shipped, overridden by the operator''s.';
COMMENT ON COLUMN netstate.risk_rule_in_force.kind IS 'What the rule is for.';
COMMENT ON COLUMN netstate.risk_rule_in_force.enabled IS 'Whether there are such groups.';
COMMENT ON COLUMN netstate.risk_rule_in_force.distance_m IS 'corridor, corridor_side: length of a stretch, m; proximity: how near is near, m.';
COMMENT ON COLUMN netstate.risk_rule_in_force.min_length_m IS 'proximity: how long two spans run that near, at least, m.';
COMMENT ON COLUMN netstate.risk_rule_in_force.probability IS 'That a thing which the event can hit is hit, 0 to 1.';
COMMENT ON COLUMN netstate.risk_rule_in_force.mtbf_hours_km IS 'Mean time between such events on 1 km, hours.';
COMMENT ON COLUMN netstate.risk_rule_in_force.mttr_hours IS 'Mean time to repair after one, hours.';
COMMENT ON COLUMN netstate.risk_rule_in_force.source IS 'Where the figures come from.';

-- 4.39 cuts a year on 1,000 sheath miles: 1609.344 km / 4.39 * 8,760 h.
INSERT INTO netstate.risk_rule_default (kind, enabled, distance_m, min_length_m, probability, mtbf_hours_km, mttr_hours, source) VALUES
	('span', true, NULL, NULL, 1, 3211000, 12, 'Probability chosen: a cut takes all that lies bare in the trench. Cuts: 4.39 a year per 1,000 sheath miles, D. Crawford, Fiber Optic Cable Dig-ups: Causes and Cures, in the FCC''s Network Reliability: A Report to the Nation (1993). Repair 12 h: M. To and P. Neusy, IEEE JSAC 12(1), 1994. Both as later books and papers quote them, such as W. D. Grover, Mesh-Based Survivable Networks (2003), chapter 3; not looked up in the originals.'),
	('duct_bank', true, NULL, NULL, 0.5, NULL, 12, 'Probability chosen: of the ducts of a bank that is struck, how many are broken is not published. Repair 12 h as for span. Cuts: those of span.'),
	('duct', true, NULL, NULL, 1, NULL, 12, 'Chosen: what lies in a duct that breaks is cut. Repair 12 h as for span.'),
	('cable', true, NULL, NULL, 1, NULL, 12, 'Chosen: a cable that is cut loses every strand. Repair 12 h as for span.'),
	('structure', true, NULL, NULL, 1, NULL, NULL, 'Chosen: fire, flood or a vehicle takes all that ends in a manhole or at a pole.'),
	('passage_over', true, NULL, NULL, 1, NULL, NULL, 'Chosen: what a bridge carries goes with it.'),
	('passage_under', true, NULL, NULL, 0.5, NULL, NULL, 'Chosen: what lies in the ground or water below a bridge may outlive it.'),
	('passage_through', true, NULL, NULL, 1, NULL, NULL, 'Chosen: a fire in a tunnel takes all that is in it (Howard Street Tunnel, Baltimore, 18 July 2001, where the fibre in it burnt, and links along the coast with it).'),
	('site', true, NULL, NULL, 1, NULL, NULL, 'Chosen: the event is the loss of the whole building.'),
	('power_feed', true, NULL, NULL, 1, NULL, NULL, 'Chosen: the event is the loss of the feed for longer than batteries and generators last, which are not in the plant. That power is the leading cause of significant outages of data centres (43 %): Uptime Institute, Annual Outage Analysis 2022.'),
	('power_feed_backed', true, NULL, NULL, 0.05, NULL, NULL, 'Chosen: that the change to the other feed fails. Uptime Institute, Annual Outage Analysis 2022, names UPS first among the causes of power outages, and gives no rate for each transfer.'),
	('corridor', true, 1000, NULL, 0.25, NULL, 12, 'Chosen: landslides, floods and wrecks take a road or railway whole at times, and one side of it more often. Repair 12 h as for span.'),
	('corridor_side', true, 1000, NULL, 1, NULL, 12, 'Chosen: works along one side of a road take all that lies on that side. Repair 12 h as for span.'),
	('crossing', true, NULL, NULL, 0.5, NULL, 12, 'Chosen: whoever digs where two lines cross strikes either, by their depths. That excavation is what damages them: Common Ground Alliance, DIRT Report (yearly). Repair 12 h as for span.'),
	('proximity', true, 5, 20, 0.5, NULL, 12, 'Chosen: 5 m is about what an excavator reaches from one stand. That digging without notice to the owners of lines, too near to their marks, or where they are not marked or marked wrongly causes most of the damage: Common Ground Alliance, DIRT Report (yearly). Repair 12 h as for span.'),
	('hazard_area', true, NULL, NULL, 1, NULL, NULL, 'Chosen: the event is one that strikes the whole area; an area where it need not do so can be told by risk_rule.');

--| Trigger function: drops a row that logical replication brings. The shipped
--| rules belong to the extension of each server.
CREATE FUNCTION netstate.drop_applied_row() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS 'BEGIN RETURN NULL; END';

COMMENT ON FUNCTION netstate.drop_applied_row() IS
	'Trigger function: drops a row that logical replication brings.';

CREATE TRIGGER drop_applied_row BEFORE INSERT OR UPDATE OR DELETE ON netstate.risk_rule_default
	FOR EACH ROW EXECUTE FUNCTION netstate.drop_applied_row();

ALTER TABLE netstate.risk_rule_default ENABLE REPLICA TRIGGER drop_applied_row;

COMMENT ON TRIGGER drop_applied_row ON netstate.risk_rule_default IS
	'Drops rows that logical replication brings.';
