\echo Use "CREATE EXTENSION netstate CASCADE" to load this file. \quit

-- Every name below is qualified; nothing is looked up by search_path.
SET LOCAL search_path = pg_catalog, pg_temp;

-- Created here, not by the control file, so that a schema which somebody else
-- made and owns makes CREATE EXTENSION fail instead of being used.
CREATE SCHEMA netstate;
COMMENT ON SCHEMA netstate IS 'Network state: topology, shared risk, demand and the functions that answer from them.';

