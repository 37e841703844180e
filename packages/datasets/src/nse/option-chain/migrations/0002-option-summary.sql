CREATE OR REPLACE VIEW option_summary AS
SELECT
    trade_date,
    snapshot_time,
    symbol,
    expiry,
    underlying,
    call_oi,
    put_oi,
    if(call_oi = 0, NULL, round(toFloat64(put_oi) / toFloat64(call_oi), 4)) AS put_call_ratio,
    call_volume,
    put_volume,
    if(call_oi + put_oi = 0, NULL, strikes[indexOf(pains, arrayMin(pains))]) AS max_pain,
    atm_strike,
    if(empty(atm_ivs), NULL, round(arrayAvg(atm_ivs), 4)) AS atm_iv,
    strike_count
FROM
(
    SELECT
        trade_date,
        snapshot_time,
        symbol,
        expiry,
        max(underlying_value) AS underlying,
        sumIf(open_interest, option_type = 'CE') AS call_oi,
        sumIf(open_interest, option_type = 'PE') AS put_oi,
        sumIf(volume, option_type = 'CE') AS call_volume,
        sumIf(volume, option_type = 'PE') AS put_volume,
        arraySort(groupUniqArray(strike)) AS strikes,
        length(strikes) AS strike_count,
        groupArrayIf((strike, open_interest), option_type = 'CE') AS calls,
        groupArrayIf((strike, open_interest), option_type = 'PE') AS puts,
        arrayMap(
            expiring -> arraySum(leg -> toDecimal128(greatest(expiring - leg.1, 0), 4) * toDecimal128(leg.2, 4), calls)
                + arraySum(leg -> toDecimal128(greatest(leg.1 - expiring, 0), 4) * toDecimal128(leg.2, 4), puts),
            strikes) AS pains,
        if(underlying IS NULL, NULL, arraySort(strike -> (abs(strike - underlying), strike), strikes)[1]) AS atm_strike,
        groupArrayIf((strike, toFloat64(assumeNotNull(iv))), iv IS NOT NULL) AS ivs,
        arrayMap(quoted -> quoted.2, arrayFilter(quoted -> quoted.1 = atm_strike, ivs)) AS atm_ivs
    FROM option_chain FINAL
    GROUP BY trade_date, snapshot_time, symbol, expiry
)
