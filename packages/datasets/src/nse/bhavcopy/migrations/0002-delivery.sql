ALTER TABLE equity_ohlc
    ADD COLUMN IF NOT EXISTS delivery_qty Nullable(UInt64) AFTER lot_size,
    ADD COLUMN IF NOT EXISTS delivery_pct Nullable(Decimal(9, 4)) AFTER delivery_qty
