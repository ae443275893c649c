-- What was made, written down for self_check: last of all.
INSERT INTO netstate.shipped (kind, object, definition)
SELECT n.kind, n.object, n.definition FROM netstate.shipped_now() n;
