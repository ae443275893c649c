\echo Use "CREATE EXTENSION netstate CASCADE" to load this file. \quit

-- Every name below is qualified; nothing is looked up by search_path.
SET LOCAL search_path = pg_catalog, pg_temp;

