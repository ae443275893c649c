-- Spans that cross or run near one another: the one thing about the plant that
-- costs too much to derive each time it is asked for.  No foreign keys: what is
-- written at COMMIT must wait for nobody.

--| Pairs of spans that cross, or that run within 25 m of each other elsewhere
--| than at a structure where both end. Kept as spans change, written at COMMIT,
--| by the extension alone. A transaction's own changes stand in `span_pair_own`
--| until then. In no dump: a restore derives it anew.
CREATE TABLE netstate.span_pair (
	a_span_id bigint NOT NULL,
	b_span_id bigint NOT NULL,
	crosses boolean NOT NULL,
	distance_m double precision NOT NULL,
	run_m real[] NOT NULL,
	CONSTRAINT span_pair_pkey PRIMARY KEY (a_span_id, b_span_id),
	CONSTRAINT span_pair_is_in_order CHECK (a_span_id < b_span_id),
	CONSTRAINT span_pair_distance_m_is_finite_and_not_negative CHECK (netstate.valid_quantity(distance_m)),
	CONSTRAINT span_pair_run_m_is_for_1_to_25_m CHECK (pg_catalog.cardinality(run_m) = 25)
);

CREATE INDEX span_pair_b_span_id_idx ON netstate.span_pair (b_span_id);

COMMENT ON TABLE netstate.span_pair IS 'Pairs of spans that cross or run within 25 m of each other.';
COMMENT ON COLUMN netstate.span_pair.a_span_id IS 'Span with the lower id.';
COMMENT ON COLUMN netstate.span_pair.b_span_id IS 'Span with the higher id.';
COMMENT ON COLUMN netstate.span_pair.crosses IS 'Whether their lines meet more than 5 m away from every structure where both end.';
COMMENT ON COLUMN netstate.span_pair.distance_m IS 'Least distance more than 5 m away from such structures, m.';
COMMENT ON COLUMN netstate.span_pair.run_m IS 'run_m[d], d from 1 to 25: how much of one lies within d metres of the other, and not within d metres of such a structure, m; of the one that it is less of.';

--| Pairs that running transactions have changed, each under its own number;
--| such a row stands in for that of `span_pair`. Written and taken away by the
--| extension alone.
CREATE TABLE netstate.span_pair_own (
	xid xid8 NOT NULL,
	a_span_id bigint NOT NULL,
	b_span_id bigint NOT NULL,
	crosses boolean NOT NULL,
	distance_m double precision,
	run_m real[],
	CONSTRAINT span_pair_own_pkey PRIMARY KEY (xid, a_span_id, b_span_id),
	CONSTRAINT span_pair_own_is_in_order CHECK (a_span_id < b_span_id),
	CONSTRAINT span_pair_own_distance_m_is_finite_and_not_negative CHECK (netstate.valid_quantity(distance_m)),
	CONSTRAINT span_pair_own_run_m_is_for_1_to_25_m CHECK (pg_catalog.cardinality(run_m) = 25)
);

COMMENT ON TABLE netstate.span_pair_own IS 'Pairs of spans that running transactions have changed.';
COMMENT ON COLUMN netstate.span_pair_own.xid IS 'Transaction that changed it.';
COMMENT ON COLUMN netstate.span_pair_own.a_span_id IS 'Span with the lower id.';
COMMENT ON COLUMN netstate.span_pair_own.b_span_id IS 'Span with the higher id.';
COMMENT ON COLUMN netstate.span_pair_own.crosses IS 'As in span_pair.';
COMMENT ON COLUMN netstate.span_pair_own.distance_m IS 'As in span_pair; NULL: the pair is no more.';
COMMENT ON COLUMN netstate.span_pair_own.run_m IS 'As in span_pair; NULL: the pair is no more.';
