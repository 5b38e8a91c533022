// The TypeScript side of alternating.go: limiters of @upstash/ratelimit as they
// are, whose clock is the one of the Go side. A line of JSON on standard input
// makes a limiter or asks one, at an instant; each is answered with a line.
import { createInterface } from "node:readline";
import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";

let now = 0;
Date.now = () => now;

const redis = Redis.fromEnv();
const limiters = {};

function make({ name, algorithm, numbers, prefix, cache, dynamic, analytics }) {
  limiters[name] = new Ratelimit({
    redis,
    prefix,
    limiter: Ratelimit[algorithm](...numbers),
    timeout: 0,
    ephemeralCache: cache ? new Map() : false,
    dynamicLimits: dynamic,
    analytics,
  });
}

async function call(limiter, { op, id, n }) {
  switch (op) {
    case "limit": {
      const { success, limit, remaining, reset, reason, pending } = await limiter.limit(id, n === null ? undefined : { rate: n });
      await pending; // analytics, in the background
      return { success, limit, remaining, reset, reason: reason ?? "" };
    }
    case "getRemaining":
      return await limiter.getRemaining(id);
    case "resetUsedTokens":
      await limiter.resetUsedTokens(id);
      return {};
    case "setDynamicLimit":
      await limiter.setDynamicLimit({ limit: n || false });
      return {};
    case "getDynamicLimit":
      return { limit: (await limiter.getDynamicLimit()).dynamicLimit ?? 0 };
  }
  throw new Error(`no such op: ${op}`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (asked.make) {
    make(asked.make);
    console.log("{}");
    continue;
  }
  now = asked.now;
  // The calls of one tick leave in one request, in their order.
  const results = await Promise.all(asked.calls.map((c) => call(limiters[asked.name], c)));
  console.log(JSON.stringify({ results }));
}
