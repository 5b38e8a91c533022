-- For SQLite and PostgreSQL alike: times are milliseconds since 1970, prices cents.
CREATE TABLE IF NOT EXISTS categories (
  id   TEXT PRIMARY KEY,
  name TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS products (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  price       BIGINT NOT NULL CHECK (price >= 0),
  category_id TEXT NOT NULL REFERENCES categories (id),
  images      TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  version     BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS products_by_category ON products (category_id, created_at DESC, id);
CREATE INDEX IF NOT EXISTS products_by_age ON products (created_at DESC, id);
CREATE TABLE IF NOT EXISTS users (
  email    TEXT PRIMARY KEY,
  id       TEXT NOT NULL UNIQUE,
  role     TEXT NOT NULL,
  salt     TEXT NOT NULL,
  rounds   BIGINT NOT NULL,
  password TEXT NOT NULL
);
-- Tags of changes that are committed and of which the cache was not told yet.
CREATE TABLE IF NOT EXISTS stale (
  id   TEXT PRIMARY KEY,
  tags TEXT NOT NULL
);
