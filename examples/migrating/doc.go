// Package migrating is notes for programs that come from elsewhere: go-redis.md,
// upstash-redis.md and typescript-layer.md. It has no code but its tests, which
// compile and run every Go line of the notes.
package migrating
