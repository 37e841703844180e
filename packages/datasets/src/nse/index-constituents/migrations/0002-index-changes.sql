CREATE OR REPLACE VIEW index_changes AS
SELECT
    index_name,
    trade_date,
    previous_date,
    tupleElement(changed, 1) AS change,
    tupleElement(changed, 2) AS symbol,
    nullIf(tupleElement(changed, 3), '') AS isin
FROM
(
    SELECT
        index_name,
        trade_date,
        previous_date,
        arrayConcat(
            arrayMap(member -> ('ADD', member.1, member.2), arrayFilter(
                member -> NOT has(before.1, member.1) AND NOT (member.2 != '' AND has(before.2, member.2)),
                members)),
            arrayMap(member -> ('REMOVE', member.1, member.2), arrayFilter(
                member -> NOT has(members.1, member.1) AND NOT (member.2 != '' AND has(members.2, member.2)),
                before))
        ) AS changes
    FROM
    (
        SELECT
            index_name,
            trade_date,
            members,
            lagInFrame(trade_date) OVER days AS previous_date,
            lagInFrame(members) OVER days AS before,
            row_number() OVER days AS nth
        FROM
        (
            SELECT index_name, trade_date, arraySort(groupArray((symbol, ifNull(isin, '')))) AS members
            FROM index_constituents FINAL
            GROUP BY index_name, trade_date
        )
        WINDOW days AS (PARTITION BY index_name ORDER BY trade_date ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
    )
    WHERE nth > 1
)
ARRAY JOIN changes AS changed
