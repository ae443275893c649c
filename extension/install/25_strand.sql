-- Strands: which strands of which cables a link is made of.
--
-- That strands and segments are there, and lead from the link's A end to its Z
-- end without a gap, is proven at COMMIT.

--| Which strands a link runs on, segment by segment of its cables: in order of
--| `seq`, these are in series with each other and with what the link rides on.
--| No strand of a segment is assigned twice (23P01), under every interleaving of
--| transactions. Goes with its link; a cable with assigned strands cannot be
--| deleted (23503).
CREATE TABLE netstate.strand_assignment (
	link_id bigint NOT NULL,
	seq integer NOT NULL,
	cable_id bigint NOT NULL,
	strands int4range NOT NULL,
	segments int4range NOT NULL,
	CONSTRAINT strand_assignment_pkey PRIMARY KEY (link_id, seq),
	CONSTRAINT strand_assignment_is_of_link FOREIGN KEY (link_id)
		REFERENCES netstate.link (id) ON DELETE CASCADE,
	CONSTRAINT strand_assignment_is_in_cable FOREIGN KEY (cable_id)
		REFERENCES netstate.cable (id),
	CONSTRAINT strand_assignment_strand_of_segment_is_assigned_once EXCLUDE USING gist (
		cable_id WITH =, strands WITH &&, segments WITH &&) DEFERRABLE INITIALLY IMMEDIATE,
	CONSTRAINT strand_assignment_seq_is_positive CHECK (seq >= 1),
	CONSTRAINT strand_assignment_strands_are_from_1_to_100000 CHECK (
		strands <@ int4range '[1,100001)' AND NOT pg_catalog.isempty(strands)),
	CONSTRAINT strand_assignment_segments_are_from_1_to_1048575 CHECK (
		segments <@ int4range '[1,1048576)' AND NOT pg_catalog.isempty(segments))
);

CREATE INDEX strand_assignment_cable_id_idx ON netstate.strand_assignment (cable_id);

COMMENT ON TABLE netstate.strand_assignment IS 'Which strands a link runs on, along which segments of which cables.';
COMMENT ON COLUMN netstate.strand_assignment.link_id IS 'Link that runs on them.';
COMMENT ON COLUMN netstate.strand_assignment.seq IS 'Place in the series, 1 or more, counted from the link''s A end.';
COMMENT ON COLUMN netstate.strand_assignment.cable_id IS 'Cable.';
COMMENT ON COLUMN netstate.strand_assignment.strands IS 'Strands of the cable, such as [1,3) for strands 1 and 2.';
COMMENT ON COLUMN netstate.strand_assignment.segments IS 'Segments of the cable, by their seq, such as [1,4) for 1, 2 and 3.';
