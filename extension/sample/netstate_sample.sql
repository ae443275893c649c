-- The sample network: a world backbone with its fibre, circuits, risks and
-- demands, and one Region of three zones with the plant in its ground.
-- docs/sample.md describes it.
--
-- Load it whole or not at all, into a database that has the extension:
--
--	psql -1 -v ON_ERROR_STOP=1 -f netstate_sample.sql
--
-- Loading it twice fails on the first name.  Places and landings are where
-- they are in the world; routes are drawn by hand, and every capacity, load,
-- risk and demand is made up, and so is all of the plant.

\ir netstate_sample_place.sql
\ir netstate_sample_fibre.sql
\ir netstate_sample_backbone.sql
\ir netstate_sample_risk.sql
\ir netstate_sample_demand.sql
\ir netstate_sample_plant.sql
\ir netstate_sample_plant_street.sql
\ir netstate_sample_plant_span.sql
\ir netstate_sample_plant_cable.sql
\ir netstate_sample_plant_circuit.sql
