-- Every column of every table and view of the warehouse.
SELECT table, name, type, comment
FROM system.columns
WHERE database = currentDatabase()
ORDER BY table, position
LIMIT 5000
