package ratelimit

import (
	_ "embed" // the scripts

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

//go:embed lua/fixed.lua
var fixedLua string

//go:embed lua/sliding.lua
var slidingLua string

//go:embed lua/bucket.lua
var bucketLua string

//go:embed lua/gcra.lua
var gcraLua string

//go:embed lua/log.lua
var logLua string

//go:embed lua/compat_fixed.lua
var compatFixedLua string

//go:embed lua/compat_sliding.lua
var compatSlidingLua string

//go:embed lua/compat_bucket.lua
var compatBucketLua string

//go:embed lua/decide.lua
var decideLua string

// scripts decide with one kind each: who uses one does not send the others.
var scripts = [...]*upstash.Script{
	fixed:         script(fixedLua),
	sliding:       script(slidingLua),
	bucket:        script(bucketLua),
	gcra:          script(gcraLua),
	log:           script(logLua),
	compatFixed:   script(compatFixedLua),
	compatSliding: script(compatSlidingLua),
	compatBucket:  script(compatBucketLua),
}

// severalScript decides over limits of different kinds.
var severalScript = script(fixedLua + slidingLua + bucketLua + gcraLua + logLua)

// script puts what a kind does before what all of them share. Scripts may not
// have globals.
func script(kinds string) *upstash.Script {
	return upstash.NewScript("local kinds, now = {}\n" + kinds + decideLua)
}
