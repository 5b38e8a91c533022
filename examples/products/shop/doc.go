// Package shop is the shop's own database: products in categories, and the
// people who may change them. It is plain SQL that SQLite and PostgreSQL
// understand alike, and knows no cache, but for one thing: a change writes, in
// its own transaction, which tags are stale by it. So no change can be
// committed of which the cache will never be told; see [Store.Settle].
package shop
